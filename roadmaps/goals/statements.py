"""Reads of visions and strategies: which products have them, and who has read which version."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from portal.people.public import Membership, Product, User
from roadmaps.goals.models import Statement, StatementReading, StatementVersion


@dataclass(frozen=True)
class StatementRow:
    """A product's vision or strategy in a list; None where nothing is written, or not for this reader."""

    kind: str
    label: str
    statement: Statement | None
    n_read: int
    n_team: int
    is_read: bool


@dataclass(frozen=True)
class Readers:
    """Who of a product's team, and how many others, have read a version."""

    read: list[User]
    unread: list[User]
    n_others: int


def list_directions(user: Any) -> list[tuple[Product, list[StatementRow]]]:
    """Return the user's products with their vision and strategy; constant in queries."""
    products = user.visible_products
    found = Statement.objects.visible_to(user).filter(product__in=products).select_related("current", "product")
    statements = {(one.product_id, one.kind): one for one in found}
    teams: dict[int, set[int]] = {}
    for team_id, user_id in _members({one.team_id for one in products}):
        teams.setdefault(team_id, set()).add(user_id)
    readings: dict[int, set[int]] = {}
    current = [one.current_id for one in statements.values()]
    for version_id, user_id in StatementReading.objects.filter(version__in=current).values_list("version", "user"):
        readings.setdefault(version_id, set()).add(user_id)
    rows = []
    for product in products:
        team = teams.get(product.team_id, set())
        row = [_row(kind, statements.get((product.pk, kind.value)), team, readings, user) for kind in Statement.Kind]
        rows.append((product, row))
    return rows


def _members(team_ids: Iterable[int]) -> Iterable[tuple[int, int]]:
    members = Membership.objects.filter(team__in=team_ids, user__is_active=True)
    return members.values_list("team", "user")


def _row(
    kind: Any, statement: Statement | None, team: set[int], readings: dict[int, set[int]], user: Any
) -> StatementRow:
    read = readings.get(statement.current_id, set()) if statement else set()
    return StatementRow(kind.value, kind.label, statement, len(read & team), len(team), user.pk in read)


def readers_of(statement: Statement, version: StatementVersion) -> Readers:
    """Return who has read a version: two queries."""
    read = set(version.readings.values_list("user", flat=True))
    team = Q(pk__in=Membership.objects.filter(team=statement.product.team_id).values("user"))
    members = list(User.objects.filter(team, is_active=True).order_by("name", "pk"))
    ids = {one.pk for one in members}
    return Readers(
        [one for one in members if one.pk in read],
        [one for one in members if one.pk not in read],
        len(read - ids),
    )
