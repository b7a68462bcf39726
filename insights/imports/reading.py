"""An import's file as rows: with a second file joined by id, and without rows that hold nothing."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from insights.imports.contracts import Plan
from insights.imports.guessing import plain_name
from insights.imports.models import Import
from insights.sources.public import FileFault, FileRow, FileTable, ReadOptions, open_table, path_of

PART = "imports"
SECOND = " (second file)"
MOST_SECOND_ROWS = 200_000
_SAMPLES = 300
_SHOWN = 3


@dataclass(frozen=True)
class Join:
    """By which columns two files belong together: one here, one in the second file."""

    here: str = ""
    there: str = ""


@dataclass(frozen=True)
class Head:
    """What the head of a file shows: its columns with samples, how it was read, and its first rows."""

    columns: tuple[str, ...]
    samples: dict[str, list[str]]
    kind: str
    options: ReadOptions
    rows: list[FileRow]
    n_unread: int
    n_sheets: int
    second_columns: tuple[str, ...] = ()
    join: Join = Join()

    @property
    def columns_key(self) -> str:
        """Return a mark of the columns: files with the same ones are one kind of file."""
        return columns_key(self.columns)

    def first_of(self, column: str) -> list[str]:
        """Return up to three different filled values of a column."""
        filled = (value.strip() for value in self.samples.get(column, ()))
        return list(dict.fromkeys(value for value in filled if value))[:_SHOWN]


def columns_key(columns: Sequence[str]) -> str:
    """Return a mark of columns, whatever their order."""
    return hashlib.sha256("\x1f".join(sorted(columns)).encode()).hexdigest()


def plan_of(value: dict[str, Any]) -> Plan:
    """Return the plan that a mapping holds."""
    return Plan(dict(value.get("targets") or {}), dict(value.get("options") or {}))


def join_of(value: dict[str, Any]) -> Join:
    """Return by which columns a mapping joins two files."""
    kept = value.get("join") or {}
    return Join(str(kept.get("here", "")), str(kept.get("there", "")))


class ImportTable:
    """The rows of an import, with the cells that a second file has for them."""

    def __init__(self, table: FileTable, second: dict[str, list[dict[str, str]]], join: Join, columns: Sequence[str]):
        self._table, self._second, self._join, self._more = table, second, join, columns
        self.columns = (*table.columns, *columns)
        self.n_rows = table.n_rows + table.n_unread

    def rows(self) -> Iterator[FileRow]:
        """Yield each row; several rows of the second file for one of these are one cell with a line for each."""
        for row in self._table.rows():
            yield self._joined(row) if self._second and not row.fault else row
        for unread in self._table.unread():
            yield FileRow(unread.no, {}, unread.raw, unread.reason)

    def _joined(self, row: FileRow) -> FileRow:
        found = self._second.get(row.cells.get(self._join.here, "").strip(), [])
        cells = {}
        for column in self._more:
            own = column.removesuffix(SECOND)
            filled = (one.get(own, "").strip() for one in found)
            cells[column] = "\n".join(dict.fromkeys(text for text in filled if text))
        return replace(row, cells={**row.cells, **cells})


@contextmanager
def open_import(batch: Import, *, is_head: bool = False, progress: Any = None) -> Iterator[ImportTable]:
    """Open the file of an import as its mapping says that it is read; raises FileFault."""
    value = batch.mapping
    options = ReadOptions.from_json(value.get("read"))
    join, second, more = join_of(value), {}, []
    if batch.second_path and join.here and join.there:
        second, more = _read_second(batch, join)
    told = {"progress": progress} if progress else {}
    with open_table(_kept(batch.path), options=options, is_head=is_head, **told) as table:
        yield ImportTable(table, second, join, more)


def _kept(name: str) -> Any:
    path = path_of(name, PART) if name else None
    if path is None or not path.is_file():
        raise FileFault("The file of this import is not kept any more. Upload it again.")
    return path


def _read_second(batch: Import, join: Join) -> tuple[dict[str, list[dict[str, str]]], list[str]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    with open_table(_kept(batch.second_path)) as table:
        if join.there not in table.columns:
            raise FileFault(f"The second file has no column “{join.there}” any more. Say anew how the two belong.")
        if table.n_rows > MOST_SECOND_ROWS:
            raise FileFault(f"The second file has {table.n_rows:,} rows; the limit is {MOST_SECOND_ROWS:,}. Split it.")
        for row in table.rows():
            if key := row.cells.get(join.there, "").strip():
                found[key].append(row.cells)
        return found, [column + SECOND for column in table.columns if column != join.there]


def look_at(batch: Import, options: ReadOptions | None = None) -> Head:
    """Read the heads of an import's files: columns, samples and the first rows."""
    options = ReadOptions.from_json(batch.mapping.get("read")) if options is None else options
    with open_table(_kept(batch.path), options=options, is_head=True) as table:
        rows = []
        for row in table.rows():
            rows.append(row)
            if len(rows) >= _SAMPLES:
                break
        samples = {column: [row.cells.get(column, "") for row in rows] for column in table.columns}
        found = Head(
            table.columns, samples, table.kind, table.options, rows, table.n_unread, table.n_sheets, (), Join()
        )
    return _with_second(batch, found) if batch.second_path else found


def _with_second(batch: Import, head: Head) -> Head:
    with open_table(_kept(batch.second_path), is_head=True) as table:
        rows = [row for _, row in zip(range(_SAMPLES), table.rows(), strict=False)]
        kept = join_of(batch.mapping)
        join = kept if kept.here in head.columns and kept.there in table.columns else _guess_join(head, table, rows)
        samples = {
            column + SECOND: [row.cells.get(column, "") for row in rows]
            for column in table.columns
            if column != join.there
        }
        return replace(
            head,
            columns=(*head.columns, *samples),
            samples={**head.samples, **samples},
            second_columns=table.columns,
            join=join,
        )


def _guess_join(head: Head, table: FileTable, rows: list[FileRow]) -> Join:
    """Guess by which columns two files belong together: called the same, with most values in common."""
    best, most = Join(), 0
    for here in head.columns:
        values = {value.strip() for value in head.samples[here] if value.strip()}
        for there in table.columns:
            n_common = len(values & {row.cells.get(there, "").strip() for row in rows})
            is_alike = plain_name(here) == plain_name(there)
            if is_alike and n_common + 1 > most:
                best, most = Join(here, there), n_common + 1
    return best
