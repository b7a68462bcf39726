"""Parquet and XLSX files: every cell as the text that stands for it."""

import datetime as dt
import itertools
import zipfile
from collections.abc import Iterator
from pathlib import Path

from insights.sources.contracts import FileFault, Progress, RawTable, ReadOptions
from insights.sources.readers.delimited import columns_spec, convert_rejects, fill_raw_rows
from insights.sources.readers.dialect import column_names, looks_like_header
from insights.sources.readers.limits import Limits, size_words
from insights.sources.readers.records import Record, csv_line, write_careful

_MOST_SHEET_ROWS = 1_048_576  # as many as a workbook can have
_NUMBERS = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "HUGEINT")


def read_parquet(connection, path: Path, folder: Path, limits: Limits, progress: Progress) -> RawTable:
    """Read a Parquet file; nested values become JSON text, times ISO text."""
    import duckdb

    progress("Reading the file", 0, 0)
    try:
        described = connection.execute("DESCRIBE SELECT * FROM read_parquet($path)", {"path": str(path)}).fetchall()
        size_sql = "SELECT sum(total_uncompressed_size) FROM parquet_metadata($path)"
        n_bytes = connection.execute(size_sql, {"path": str(path)}).fetchone()[0] or 0
        n_rows = connection.execute("SELECT count(*) FROM read_parquet($path)", {"path": str(path)}).fetchone()[0]
    except duckdb.Error as fault:
        raise FileFault("The Parquet file is damaged or cut off. Write it again and upload it.") from fault
    if n_bytes > limits.expanded_bytes:
        raise FileFault(f"The file unpacks to {size_words(n_bytes)}; the limit is {size_words(limits.expanded_bytes)}.")
    if n_rows > limits.rows or len(described) > limits.columns:
        caps = f"{limits.rows:,} rows and {limits.columns:,} columns"
        raise FileFault(f"The file has {n_rows:,} rows and {len(described):,} columns; the limits are {caps}.")
    names = column_names([name for name, *_ in described])
    cells = ", ".join(_cell_sql(i, kind) for i, (_, kind, *_) in enumerate(described))
    source = ", ".join(f"c{i}" for i in range(len(described)))
    head = f" LIMIT {limits.head_rows}" if limits.head_rows else ""
    sql = f"CREATE OR REPLACE TABLE raw_rows AS SELECT {cells} FROM read_parquet($path) AS t({source}){head}"
    try:
        connection.execute(sql, {"path": str(path)})
    except duckdb.Error as fault:
        raise FileFault("The Parquet file is damaged or cut off. Write it again and upload it.") from fault
    types = {name: _type_of(kind) for name, (_, kind, *_) in zip(names, described, strict=True) if _type_of(kind)}
    return RawTable(names, False, "rowid + 1", n_rows, types=types, kind="parquet")


def _cell_sql(place: int, kind: str) -> str:
    cell = f"c{place}"
    if kind.startswith(("STRUCT", "MAP", "VARIANT", "UNION")) or kind.endswith("]"):
        text = f"to_json({cell})::VARCHAR"
    elif kind == "BLOB":
        text = f"coalesce(try(decode({cell})), base64({cell}))"
    elif kind.startswith("TIMESTAMP"):
        mark = "Z" if "TIME ZONE" in kind else ""
        text = f"strftime({cell}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%f{mark}')"
    else:
        text = f"{cell}::VARCHAR"
    return f"coalesce({text}, '') AS {cell}"


def _type_of(kind: str) -> str:
    if kind == "BOOLEAN":
        return "boolean"
    if kind.startswith(("TIMESTAMP", "DATE")):
        return "time"
    return "number" if any(name in kind for name in _NUMBERS) and "[" not in kind and "(" not in kind[:6] else ""


def read_xlsx(connection, path: Path, folder: Path, limits: Limits, progress: Progress) -> RawTable:
    """Read the first sheet of a workbook; a formula is the text of the formula, never its result."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    _check_workbook(path, limits)
    try:
        # Opened by us: an upload lies under a random name, and openpyxl judges a path by its ending.
        with path.open("rb") as file:
            workbook = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
            names, has_header, records = _open_sheet(workbook, limits)
            good, bad, n_good, n_bad = write_careful(records, len(names), folder, limits, progress, 0)
            workbook.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, SyntaxError, EOFError, OSError) as fault:
        raise FileFault("The workbook is damaged. Save it again as .xlsx, or export it as CSV.") from fault
    fill_raw_rows(connection, good, columns_spec(len(names), "'line': 'BIGINT', "))
    options = ReadOptions(has_header=has_header)
    table = RawTable(names, is_json=False, line_sql="line", n_rows=n_good, kind="xlsx", options=options)
    return table.with_rejects(convert_rejects(connection, bad, folder), n_bad) if n_bad else table


def _open_sheet(workbook, limits: Limits) -> tuple[tuple[str, ...], bool, Iterator[Record]]:
    """Return the column names of the first sheet, whether its first row names them, and its rows."""
    rows = _sheet_rows(workbook, limits)
    line, cells = next(rows, (0, []))
    if not cells:
        raise FileFault("The first sheet of the workbook is empty. Put the rows there and upload it again.")
    has_header = looks_like_header([cells])
    names = column_names(cells if has_header else [""] * len(cells))
    return names, has_header, _records(rows if has_header else itertools.chain([(line, cells)], rows), len(names))


def _records(rows: Iterator[tuple[int, list[str]]], n_columns: int) -> Iterator[Record]:
    for line, cells in rows:
        padded = cells + [""] * (n_columns - len(cells))
        yield Record(line, csv_line(padded), padded)


def _check_workbook(path: Path, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if not any(part.filename == "xl/workbook.xml" for part in parts):
                raise FileFault("This is a zip archive, not a workbook. Unpack it and upload the file inside.")
            n_bytes = sum(part.file_size for part in parts)
    except zipfile.BadZipFile as fault:
        raise FileFault("The workbook is damaged or cut off. Save it again and upload it.") from fault
    if n_bytes > limits.xlsx_bytes:
        cap = size_words(limits.xlsx_bytes)
        raise FileFault(f"The workbook unpacks to {size_words(n_bytes)}; the limit is {cap}. Export it as CSV.")


def _sheet_rows(workbook, limits: Limits):
    """Yield (row number, texts) of each row that is not blank, without the blank cells at its end."""
    sheet = workbook.worksheets[0]
    # A row may say that it is any number, and all before it are made up as blank ones.
    most_rows = min(limits.rows, _MOST_SHEET_ROWS)
    rows = sheet.iter_rows(values_only=True, max_row=limits.head_rows or None, max_col=limits.columns + 1)
    for line, row in enumerate(rows, 1):
        if line > most_rows:
            raise FileFault(f"The sheet has more than {most_rows:,} rows, which is the limit.")
        if len(row) > limits.columns and any(value is not None for value in row[limits.columns :]):
            raise FileFault(f"The sheet has more than {limits.columns:,} columns, which is the limit.")
        cells = [_cell_text(value)[: limits.cell_length + 1] for value in row[: limits.columns]]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield line, cells


def _cell_text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    return str(value).replace("\0", "")
