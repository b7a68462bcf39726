"""The values of files that people take along; no Django."""

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
