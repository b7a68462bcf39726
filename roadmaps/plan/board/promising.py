"""The promise log: what was promised to whom, and whether it was kept; worked out from when things came out."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min
from django.utils import timezone

from portal.people.public import is_insider
from roadmaps.plan.board.models import Promise
from roadmaps.planning.initiatives.public import InitiativeVersion, Stage
from roadmaps.planning.releases.public import released_on

OUT = (Stage.LAUNCHED, Stage.MEASURING, Stage.DONE)
STANDINGS = {
    "open": "Open",
    "overdue": "Overdue",
    "kept": "Kept",
    "late": "Kept late",
    "dropped": "Broken: dropped",
    "withdrawn": "Taken back",
}
_TONES = {"kept": "good", "late": "warn", "overdue": "bad", "dropped": "bad"}


@dataclass(frozen=True)
class Standing:
    """How a promise stands on a day: one of STANDINGS, since when what was promised is out, and how late that was."""

    name: str
    out_on: date | None = None
    n_days: int = 0

    @property
    def label(self) -> str:
        """Return it in words."""
        return STANDINGS[self.name]

    @property
    def tone(self) -> str:
        """Return good, warn or bad, "" for neither."""
        return _TONES.get(self.name, "")

    @property
    def note(self) -> str:
        """Return how late it is or was, in words."""
        days = f"{self.n_days} day{'s' if self.n_days != 1 else ''}"
        return {"overdue": f"for {days}", "late": f"{days} late"}.get(self.name, "")


@dataclass(frozen=True)
class PromiseLine:
    """A promise as the log shows it; `to_whom` and words are for the initiative's team and ops."""

    promise: Promise
    standing: Standing
    is_inside: bool

    @property
    def to_whom(self) -> str:
        """Return whom it was made to, as far as the reader may know."""
        return self.promise.to_whom if self.is_inside else "somebody whom its team knows"

    @property
    def words(self) -> str:
        """Return what was said, as far as the reader may know."""
        return self.promise.words if self.is_inside else ""


def stand(promise: Promise, out_on: date | None, today: date) -> Standing:
    """Return how a promise stands: kept is what came out on its day or before; what was dropped is broken.

    One that was taken back before its day counts as neither.
    """
    if promise.withdrawn_at is not None and timezone.localdate(promise.withdrawn_at) <= promise.due_on:
        return Standing("withdrawn")
    if out_on is not None:
        late = (out_on - promise.due_on).days
        return Standing("late", out_on, late) if late > 0 else Standing("kept", out_on)
    if promise.initiative.stage == Stage.DROPPED:
        return Standing("dropped")
    if promise.withdrawn_at is not None:
        return Standing("withdrawn")
    overdue = (today - promise.due_on).days
    return Standing("overdue", None, overdue) if overdue > 0 else Standing("open")


def tell_promises(promises: Iterable[Promise], user: Any, today: date) -> list[PromiseLine]:
    """Return promises as lines of the log; constant in queries."""
    promises = list(promises)
    out = out_since({one.initiative_id for one in promises})
    return [
        PromiseLine(one, stand(one, out.get(one.initiative_id), today), is_insider(user, one.initiative.team_id))
        for one in promises
    ]


def out_since(numbers: Collection[int]) -> dict[int, date]:
    """Return since which local day some initiatives are out: their first release, else their first launch."""
    launched = (
        InitiativeVersion.objects.filter(number__in=numbers, stage__in=OUT, initiative__stage__in=OUT)
        .order_by()
        .values("number")
        .annotate(first=Min("valid_from"))
    )
    found = {row["number"]: timezone.localdate(row["first"]) for row in launched}
    return found | {no: day for no, day in released_on(numbers).items() if no in found}
