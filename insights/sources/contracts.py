"""The values that travel between reading, mapping and loading; no Django."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

Progress = Callable[[str, int, int], None]  # step in words, done, total (0 = unknown)


class FileFault(Exception):
    """A file that cannot be read at all; the message tells the person why and what to do."""


class LoadCancelled(Exception):
    """Somebody asked the load to stop."""


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

    def to_json(self) -> dict[str, Any]:
        """Return the options that are set."""
        return {name: value for name, value in vars(self).items() if value not in ("", None)}


@dataclass(frozen=True)
class RawTable:
    """A file read into Parquet: text columns c0, c1 …, or one column `raw` of JSON objects; rows in file order.

    `line_sql` gives a row's place (line or item, from 1) inside `read_parquet(…, file_row_number=true)`.
    """

    path: Path
    columns: tuple[str, ...]
    is_json: bool
    line_sql: str
    n_rows: int
    rejects: Path | None = None  # Parquet: item_no, raw, reason_code, reason
    n_rejects: int = 0
    options: ReadOptions = field(default_factory=ReadOptions)
    types: dict[str, str] = field(default_factory=dict)  # column types that the file itself states
    kind: str = "csv"

    def with_rejects(self, path: Path | None, n_rejects: int) -> "RawTable":
        """Return the same table with its bad rows named."""
        return replace(self, rejects=path, n_rejects=n_rejects)
