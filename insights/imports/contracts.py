"""What an import is to the room whose things it makes: targets of columns, rows, and what each row comes to; no Django.

A *kind* of import says what a column can become (`Target`), what each row comes to (`Seen`), writes what is new, and
takes it back. The imports room reads files, remembers mappings, runs the worker's jobs and shows the pages.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from insights.sources.contracts import FileRow

UNUSED = ""


class Fate(StrEnum):
    """What one thing of a row comes to."""

    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"
    REFUSED = "refused"
    EMPTY = "empty"  # there is nothing in it: neither taken nor wrong


@dataclass(frozen=True)
class Target:
    """What a column can become. Several columns may, where `is_many`; `names` are columns that it is guessed for."""

    name: str
    label: str
    names: tuple[str, ...] = ()
    is_many: bool = False


@dataclass(frozen=True)
class Preset:
    """A file that is recognised by its columns: what each becomes, and the options that go with it.

    Columns are compared in small letters, with single blanks for all other signs: "Created At" is "created at".
    """

    name: str
    needed: frozenset[str]
    targets: Mapping[str, str]
    options: Mapping[str, Any] = field(default_factory=dict)

    def fits(self, plain_columns: Iterable[str]) -> bool:
        """Say whether a file with these columns is one of these."""
        return self.needed <= set(plain_columns)


@dataclass(frozen=True)
class Plan:
    """How a file is taken: which column becomes what, and what holds for all of its rows."""

    targets: Mapping[str, str]
    options: Mapping[str, Any] = field(default_factory=dict)

    def columns(self, target: str) -> list[str]:
        """Return the columns that become this, in the file's order."""
        return [column for column, name in self.targets.items() if name == target]

    def column(self, target: str) -> str:
        """Return the column that becomes this, or nothing."""
        return next(iter(self.columns(target)), "")

    def cell(self, row: FileRow, target: str) -> str:
        """Return what a row says there, without blanks around it."""
        return row.cells.get(self.column(target), "").strip()


@dataclass(frozen=True)
class Note:
    """A value that could not be taken, though its row was: the column, the value, and why."""

    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Seen:
    """What one thing of a row comes to: whether it is new, and why not; what it would show; and what is written."""

    row: FileRow
    fate: Fate
    reason: str = ""
    column: str = ""  # to which the reason belongs
    notes: tuple[Note, ...] = ()
    shown: Mapping[str, str] = field(default_factory=dict)  # by the kind's columns of the preview
    value: Any = None


class Taker(Protocol):
    """Looks at the rows of one run in order, and writes what is new; made anew for each check and each run."""

    def look(self, rows: Sequence[FileRow]) -> list[Seen]:
        """Say what each row comes to, one or several things a row; writes nothing."""

    def write(self, seen: Sequence[Seen]) -> None:
        """Write what is new or changed, in the run's transaction."""


@dataclass(frozen=True)
class Kept:
    """A thing that an undo leaves where it is unless it is told otherwise, since people worked on it."""

    title: str
    url: str
    why: str


@dataclass(frozen=True)
class Worked:
    """What people have done since an import to what it brought: how many things, and the first of them."""

    n_kept: int = 0
    first: tuple[Kept, ...] = ()
