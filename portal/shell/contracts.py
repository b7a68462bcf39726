"""The values of files that people take along, and how a length of time is said; no Django."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FileValue:
    """A number as a spreadsheet shows it; the file holds it exactly.

    `form`: "" as it is, "rate" of 0 to 1 shown as percent, "seconds". `is_partial`: the number can still change.
    """

    value: Any
    form: str = ""
    is_partial: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table to take along: its head, its rows of plain values or `FileValue`, and where it comes from.

    `about` holds (label, text): the first sheet of an XLSX file, the first lines of a CSV file.
    """

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[Any]]
    about: Sequence[tuple[str, str]] = field(default_factory=tuple)


def say_duration(seconds: float | None) -> str:
    """Return a length of time in its two largest units.

    >>> say_duration(0.0062), say_duration(40.2), say_duration(3700), say_duration(200000)
    ('6 ms', '40 s', '1 h 1 min', '2 d 7 h')
    """
    if seconds is None:
        return "\u2013"
    if 0 < seconds < 0.1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 10:
        return f"{seconds:.3g} s"
    whole = round(seconds)
    parts = [(whole // 86400, "d"), (whole // 3600 % 24, "h"), (whole // 60 % 60, "min"), (whole % 60, "s")]
    while parts and not parts[0][0]:
        parts.pop(0)
    return " ".join(f"{size} {unit}" for size, unit in parts[:2] if size)
