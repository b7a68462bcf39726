"""Why a frozen number is another now, in sentences: late events, loads, undos, merges, erasures, definitions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from insights.events.public import StoreChange
from insights.questions.public import DEFINITION_VERSION, list_causes, named_cohorts, say_question
from insights.sharing.models import PackCheck, PackTile

_MOST_TOLD = 8


@dataclass(frozen=True)
class Reason:
    """One sentence of why, and when it happened where that is known."""

    text: str
    at: Any = None


def say_reasons(tile: PackTile, check: PackCheck | None, n_was_open: int) -> list[Reason]:
    """Return what is known to have happened since a tile was frozen, to its data and to its definition.

    `n_was_open` numbers moved whose interval was not over when they were frozen.
    """
    return [*_of_time(n_was_open), *_of_data(check), *_of_definition(tile)]


def _of_time(n_was_open: int) -> Iterator[Reason]:
    if n_was_open:
        yield Reason("The newest interval was not over when this was frozen, so its numbers went on rising.")


def _of_data(check: PackCheck | None) -> Iterator[Reason]:
    if check is None:
        return
    if check.n_late:
        n, are = check.n_late, "events of these days were" if check.n_late > 1 else "event of these days was"
        yield Reason(f"{n:,} {are} received after the freezing: late events.")
    causes = list_causes(StoreChange(**{**one, "at": datetime.fromisoformat(one["at"])}) for one in check.changes)
    for cause in causes[-_MOST_TOLD:]:
        times = f", {cause.n_times} times, the last time" if cause.n_times > 1 else ""
        yield Reason(cause.text[:1].upper() + cause.text[1:] + times, cause.at)
    if len(causes) > _MOST_TOLD:
        yield Reason(f"{len(causes) - _MOST_TOLD} more changes of the data before these.")


def _of_definition(tile: PackTile) -> Iterator[Reason]:
    then = tile.answer["facts"].get("definition_version")
    if then != DEFINITION_VERSION:
        yield Reason(f"The portal's definitions changed from version {then} to version {DEFINITION_VERSION}.")
    if named_cohorts(tile.counts):
        yield Reason("The question asks about a cohort. Its members are those of now.")
    if tile.tile.deleted_at or tile.tile.dashboard_id != tile.pack.dashboard_id:
        yield Reason("The tile is no longer on the dashboard.", tile.tile.deleted_at)
    elif tile.tile.metric_id:
        if tile.tile.metric.current_id != tile.asked.get("version"):
            yield Reason("The metric has a newer version today. Both columns are of the version of then.")
    elif tile.tile.asks != tile.asks:
        now = say_question(tile.tile.asks or {}) or "Nothing that can be said."
        then_words = say_question(tile.asks or {})
        yield Reason(f"The tile asks something else today. Then: {then_words} Today: {now} Both columns are of then.")
