"""The values that travel between reading, mapping and loading; no Django."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

Progress = Callable[[str, int, int], None]  # step in words, done, total (0 = unknown)
_SEPARATOR = "A separator is one character, such as a comma or a tab, and no letter, digit or quote."
_QUOTE = "A quote is one sign, such as \" or '."


class FileFault(Exception):
    """A file that cannot be read at all; the message tells the person why and what to do."""


class LoadCancelled(Exception):
    """Somebody asked the load to stop."""


def is_encoding(name: Any) -> bool:
    """Say whether Python knows an encoding of text by this name.

    >>> is_encoding("cp1252"), is_encoding("base64"), is_encoding("klingon")
    (True, False, False)
    """
    try:
        "a".encode(name)
    except (LookupError, TypeError, ValueError):
        return False
    return True


def _is_sign(mark: Any) -> bool:
    """Say whether this can part or wrap cells; an empty one is found out."""
    return isinstance(mark, str) and len(mark) <= 1 and not mark.isalnum() and mark not in ("\r", "\n", "\0")


@dataclass(frozen=True)
class ReadOptions:
    """How a text file is read; empty means: find out."""

    encoding: str = ""
    separator: str = ""
    quote: str = ""
    has_header: bool | None = None

    @classmethod
    def from_json(cls, value: dict[str, Any] | None) -> "ReadOptions":
        """Return the options kept in a mapping."""
        value = value or {}
        known = {name: value[name] for name in ("encoding", "separator", "quote") if isinstance(value.get(name), str)}
        has_header = value.get("has_header")
        return cls(**known, has_header=has_header if isinstance(has_header, bool) else None)

    @staticmethod
    def fault_in(value: Any) -> str:
        """Return what is wrong with options as they are sent, or nothing.

        >>> ReadOptions.fault_in({"separator": ";"}), ReadOptions.fault_in({"separator": ";;"})
        ('', 'A separator is one character, such as a comma or a tab, and no letter, digit or quote.')
        """
        if value in (None, {}):
            return ""
        if not isinstance(value, dict) or value.keys() - {"encoding", "separator", "quote", "has_header"}:
            return "Say how the file is written by encoding, separator, quote and has_header."
        if not _is_sign(value.get("separator", "")) or value.get("separator", "") in ("'", '"'):
            return _SEPARATOR
        if not _is_sign(value.get("quote", "")):
            return _QUOTE
        if value.get("has_header") not in (None, True, False):
            return "Say true or false for has_header."
        encoding = value.get("encoding", "")
        return "" if encoding == "" or is_encoding(encoding) else f"There is no encoding called “{encoding}”."

    def to_json(self) -> dict[str, Any]:
        """Return the options that are set."""
        return {name: value for name, value in vars(self).items() if value not in ("", None)}


@dataclass(frozen=True)
class RawTable:
    """A file read into the engine's table `raw_rows`: text columns c0, c1 …, or one column `raw` of JSON objects.

    The rows stand in the file's order; `line_sql` gives a row's place (line or item, from 1) inside the table. The
    table lives as long as the engine's connection; what it holds above the memory limit lies in the load's folder.
    """

    columns: tuple[str, ...]
    is_json: bool
    line_sql: str
    n_rows: int
    rejects: Path | None = None  # Parquet: item_no, raw, reason_code, reason
    n_rejects: int = 0
    options: ReadOptions = field(default_factory=ReadOptions)
    types: dict[str, str] = field(default_factory=dict)  # column types that the file itself states
    kind: str = "csv"
    is_compact: bool = False  # most JSON objects are written without blanks and needless escapes

    def with_rejects(self, path: Path | None, n_rejects: int) -> "RawTable":
        """Return the same table with its bad rows named."""
        return replace(self, rejects=path, n_rejects=n_rejects)


@dataclass(frozen=True)
class FileRow:
    """One row of a file as text: its line or item number from 1, its cells by column, and how it stands there.

    `fault` says why it has no cells, where it has none.
    """

    no: int
    cells: dict[str, str]
    raw: str
    fault: str = ""


@dataclass(frozen=True)
class UnreadRow:
    """A row that could not be read at all: where it stands, its text as far as it is text, and why."""

    no: int
    raw: str
    reason: str
