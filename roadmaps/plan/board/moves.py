"""The time machine's log: every move with who and why, and what changed since somebody last looked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from portal.people.public import Product, Team, User
from portal.shell.public import words_in
from roadmaps.goals.public import Objective
from roadmaps.plan.board.models import RoadmapVisit
from roadmaps.plan.board.rows import STAGES
from roadmaps.plan.board.telling import Change, changes_between
from roadmaps.planning.initiatives.public import InitiativeVersion, end_of

A_VISIT = timedelta(minutes=30)  # looking again within it is the same visit
_COLUMNS = (
    *("title", "horizon", "stage", "starts_on", "ends_on", "promised_on", "objective_id", "team_id", "product_id"),
    *("owner_id", "effort_months", "visibility", "position"),
)
_NAMED = {"objective_id": Objective, "team_id": Team, "product_id": Product, "owner_id": User}
_MADE_ROOM = "Made room for “"


@dataclass(frozen=True)
class Move:
    """One change of an initiative: when, by whom, why, and what; without changes it was new then."""

    at: datetime
    no: int
    title: str
    url: str
    by: Any
    why: str
    changes: list[Change]
    is_new: bool

    @property
    def words(self) -> str:
        """Return what changed, in one line."""
        return "new" if self.is_new else "; ".join(map(str, self.changes)) or "nothing that a roadmap shows"


def moves_of(user: Any, *, product: str = "", text: str = "", since: datetime | None = None) -> Any:
    """Return the versions behind the log that a reader may see, the newest first; room that was made is no move."""
    found = InitiativeVersion.objects.visible_to(user).exclude(why__startswith=_MADE_ROOM)
    if product:
        found = found.filter(product__slug=product)
    if text:
        found = found.filter(words_in(text, "title"))
    if since is not None:
        found = found.filter(valid_from__gt=since)
    return found.order_by("-valid_from", "-pk")


def tell_moves(versions: Iterable[InitiativeVersion], user: Any) -> list[Move]:
    """Return versions as moves, each with what it changed; constant in queries."""
    versions = list(versions)
    before = _versions_before(versions)
    pairs = [(_values(before.get(one.pk)), _values(one)) for one in versions]
    names = _names([value for pair in pairs for value in pair if value], user)

    def name(column: str, number: int | None) -> str:
        if number is None:
            return ""
        return names[column].get(number, "one that is not shared with you" if column == "objective_id" else "?")

    return [
        Move(
            at=one.valid_from,
            no=one.number,
            title=one.title,
            url=one.initiative.get_absolute_url() if one.initiative else "",
            by=one.by,
            why=one.why,
            changes=changes_between(old, new or {}, stages=STAGES, name=name),
            is_new=old is None,
        )
        for one, (old, new) in zip(versions, pairs, strict=True)
    ]


def _versions_before(versions: list[InitiativeVersion]) -> dict[int, InitiativeVersion]:
    """Return the version that each follows, by its id: the one that ended when it began."""
    ends = Q(number__in={one.number for one in versions}, valid_to__in={one.valid_from for one in versions})
    found = {(one.number, one.valid_to): one for one in InitiativeVersion.objects.filter(ends)} if versions else {}
    return {one.pk: found[(one.number, one.valid_from)] for one in versions if (one.number, one.valid_from) in found}


def _values(version: InitiativeVersion | None) -> dict[str, Any] | None:
    return {name: getattr(version, name) for name in _COLUMNS} if version else None


def _names(values: list[dict[str, Any]], user: Any) -> dict[str, dict[int, str]]:
    found = {}
    for column, model in _NAMED.items():
        numbers = {row[column] for row in values} - {None}
        rows = model.objects.filter(pk__in=numbers)
        rows = rows.visible_to(user) if model is Objective else rows
        found[column] = {one.pk: str(one) for one in rows} if numbers else {}
    return found


def since_last_visit(user: Any, now: datetime) -> tuple[datetime | None, int]:
    """Note that somebody looks at the roadmap now; return when they did the time before, and how much others moved."""
    with transaction.atomic():
        visit, is_first = RoadmapVisit.objects.select_for_update().get_or_create(
            user_id=user.pk, defaults={"seen_at": now}
        )
        if not is_first:
            if now - visit.seen_at > A_VISIT:
                visit.before_at = visit.seen_at
            visit.seen_at = max(now, visit.seen_at)
            visit.save(update_fields=["before_at", "seen_at"])
    if visit.before_at is None:
        return None, 0
    others = moves_of(user, since=visit.before_at).exclude(by=user.pk)
    return visit.before_at, others[:1000].count()


def beginning_of(day: date) -> datetime:
    """Return the first moment of a local day."""
    return end_of(day - timedelta(days=1))
