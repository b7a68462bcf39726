"""Why a period that was over came out differently: what the store's history says, in words."""

from collections import Counter
from datetime import datetime
from typing import Any

from insights.events.public import Source, StoreChange, list_changes
from insights.questions.public import DEFINITION_VERSION, time_span, uses_traits

_LONGEST = 500
UNKNOWN = "the store's history does not say why"


def say_causes(question: Any, sources: list[str], after: int | None, definition_version: str) -> str:
    """Return what happened to a question's data since a version of the store, as far as known."""
    if definition_version and definition_version != DEFINITION_VERSION:
        return f"the portal's definitions changed from version {definition_version} to {DEFINITION_VERSION}"
    if after is None:
        return UNKNOWN
    ids = list(Source.objects.filter(slug__in=sources).values_list("pk", flat=True))
    changes = list_changes(ids, after, *time_span(question), uses_traits=uses_traits(question))
    return say_changes(changes)


def say_changes(changes: list[StoreChange]) -> str:
    """Return changes in words, those of one kind and source together.

    >>> say_changes([StoreChange(4, datetime(2024, 3, 9, 4), "events", "load", "upload", "Web", 12)])
    'events that came late: 12 rows loaded into Web on 9 Mar 2024'
    """
    n_rows: Counter[tuple[str, str]] = Counter()
    newest: dict[tuple[str, str], datetime] = {}
    for change in changes:
        key = (_what(change), change.source)
        n_rows[key] += change.n_rows
        newest[key] = change.at
    said = [
        _SAY[what].format(n=f"{n_rows[what, source]:,}", source=source, day=_day(newest[what, source]))
        for what, source in n_rows
    ]
    return "; ".join(dict.fromkeys(said))[:_LONGEST] or UNKNOWN


def _what(change: StoreChange) -> str:
    if change.reason == "load" and change.kind == "events":
        return "replay" if change.batch_kind == "replay" else "load"
    if change.reason == "undo":
        return "undo"
    if change.reason == "erasure":
        return "erasure"
    return "traits" if change.kind == "traits" else "persons"


_SAY = {
    "load": "events that came late: {n} rows loaded into {source} on {day}",
    "replay": "rows corrected in quarantine: {n} loaded into {source} on {day}",
    "undo": "a load of {source} was undone on {day}: {n} rows",
    "erasure": "a person was erased from {source} on {day}",
    "traits": "traits of people or accounts of {source} changed on {day}",
    "persons": "it became known who is whom in {source} on {day}",
}


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"
