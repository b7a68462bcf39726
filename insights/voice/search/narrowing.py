"""Texts narrowed by what stands beside their words: product, day, who said it, the account's plan and segment.

The rest is what rooms have registered. A kind of text that has no such thing stays away.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from insights.contacts.public import accounts_of_products
from insights.events.public import DistinctId
from insights.voice.texts.public import TextFilter, TextKind
from portal.shell.public import registry

BY_ACCOUNT = ("plan", "segment")  # what is known of accounts, which is for insiders
OWN = ("product", "since", "until", "language", "account", "person", *BY_ACCOUNT)


def narrow(kind: TextKind, narrow_by: Mapping[str, Any], user: Any, accounts: list[int] | None) -> QuerySet | None:
    """Return the texts of a kind that fit what narrows the search, or None where the kind has no such thing.

    accounts: the numbers of those with the plan and the segment that are asked for; None where none are.
    """
    rows = kind.rows(user)
    for name, value in narrow_by.items():
        if name not in OWN:
            rows = filters_by_name()[name].narrow(kind.name, rows, value, user)
        elif name not in BY_ACCOUNT:
            rows = _by_own(kind, rows, name, value, user)
        if rows is None:
            return None
    if accounts is not None:
        if "account" not in kind.paths:
            return None
        rows = _where(kind.inside(rows, user), kind.paths["account"], "__in", accounts)
    return rows


def day_of(kind: TextKind) -> Any:
    """Return the expression of the day on which something was said."""
    paths = kind.paths["day"]
    return Coalesce(*paths) if len(paths) > 1 else F(paths[0])


def accounts_asked_for(narrow_by: Mapping[str, Any], user: Any) -> list[int] | None:
    """Return the numbers of the accounts with the plan and segment asked for, of the products that the user sees."""
    asked = {name: str(narrow_by[name]) for name in BY_ACCOUNT if narrow_by.get(name)}
    if not asked:
        return None
    return accounts_of_products([one.pk for one in user.visible_products], asked)


def filters_by_name() -> dict[str, TextFilter]:
    """Return what rooms have registered to narrow by."""
    return {piece.name: piece for piece in registry.all(TextFilter)}


def read_narrow(narrow_by: Mapping[str, Any], user: Any) -> dict[str, Any]:
    """Return what narrows a search, each value as its room reads it, asked once for all kinds."""
    pieces = filters_by_name()
    return {name: pieces[name].read(value, user) if name in pieces else value for name, value in narrow_by.items()}


def _by_own(kind: TextKind, rows: QuerySet, name: str, value: Any, user: Any) -> QuerySet | None:
    if name in ("since", "until"):
        return _where(rows, kind.paths["day"], "__gte" if name == "since" else "__lte", value)
    if name not in kind.paths:
        return None
    if name == "product":
        wanted = [one.pk for one in user.visible_products if one.slug == value]
        return _where(rows, kind.paths[name], "__in", wanted)
    if name == "account":
        return _where(kind.inside(rows, user), kind.paths[name], "__account_id", value)
    if name == "person":
        theirs = DistinctId.objects.filter(Q(pk=value) | Q(person_no=value)).values("pk")
        return _where(kind.inside(rows, user), kind.paths[name], "__in", theirs)
    return _where(rows, kind.paths[name], "", value)


def _where(rows: QuerySet, paths: tuple[str, ...], how: str, value: Any) -> QuerySet:
    """Keep the rows of which one of the paths fits; a path to many rows gives no row twice."""
    fits = Q(*((f"{path}{how}", value) for path in paths), _connector=Q.OR)
    if any(_leads_to_many(rows.model, path) for path in paths):
        return rows.filter(pk__in=rows.model._default_manager.filter(fits).order_by().values("pk"))
    return rows.filter(fits)


def _leads_to_many(model: Any, path: str) -> bool:
    for name in path.split("__"):
        if model is None:  # what is left is a transform, such as the date of a time
            break
        field = model._meta.get_field(name)
        if field.one_to_many or field.many_to_many:
            return True
        model = field.related_model
    return False
