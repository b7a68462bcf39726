"""What happened to the data behind an answer, in words: why the same question has another answer now. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from insights.events.public import StoreChange


@dataclass(frozen=True)
class Cause:
    """What happened to a source's data, as part of a sentence, how often, and when it last did."""

    text: str
    n_times: int
    at: datetime


def list_causes(changes: Iterable[StoreChange]) -> list[Cause]:
    """Return what changes of the store were, those of one kind, source and file together, in order.

    >>> list_causes([StoreChange(4, datetime(2024, 3, 9), "events", "load", "upload", "Web", 12, "may.csv")])[0].text
    'Web got 12 rows of “may.csv” that reach into these days'
    """
    grouped: dict[tuple[str, str, str], list[StoreChange]] = {}
    for change in changes:
        grouped.setdefault((_what(change), change.source, change.file_name), []).append(change)
    return [_cause(*named, made) for named, made in grouped.items()]


def _cause(what: str, source: str, file_name: str, made: list[StoreChange]) -> Cause:
    n = sum(change.n_rows for change in made)
    rows = f"{n:,} row{'' if n == 1 else 's'}" + (f" of “{file_name}”" if file_name else "")
    reach = "reaches" if n == 1 else "reach"
    text = _SAY[what].format(rows=rows, source=source, reach=reach)
    return Cause(text, len({change.version for change in made}), max(change.at for change in made))


def _what(change: StoreChange) -> str:
    if change.reason in ("undo", "erasure"):
        return change.reason
    if change.kind == "traits":
        return "traits"
    if change.kind == "persons" or change.reason == "persons":
        return "persons"
    return "replay" if change.batch_kind == "replay" else "load"


_SAY = {
    "load": "{source} got {rows} that {reach} into these days",
    "replay": "{source} got {rows}, corrected in quarantine",
    "undo": "a load of {source} was taken back: {rows}",
    "erasure": "a person was erased from {source}",
    "traits": "traits of people or accounts of {source} changed",
    "persons": "ids of {source} were joined to one person, or parted again",
}
