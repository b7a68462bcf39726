"""CSV files: by DuckDB's parallel parser when every row is well-formed, else row by row with the bad ones set aside."""

from dataclasses import replace
from pathlib import Path

from insights.sources.contracts import FileFault, Progress, RawTable, ReadOptions
from insights.sources.readers.dialect import Dialect, column_names, guess_dialect
from insights.sources.readers.intake import TextFile
from insights.sources.readers.limits import MIB, Limits
from insights.sources.readers.records import split_records, write_careful

_SAMPLE_BYTES = 256 * 1024
# A text that no cell holds: an empty cell stays empty text, and no cell becomes NULL.
_NO_NULL = "\x01no-null\x02"
_REJECT_COLUMNS = "{'item_no': 'BIGINT', 'raw': 'VARCHAR', 'reason_code': 'VARCHAR', 'reason': 'VARCHAR'}"


def sample_text(path: Path, n_bytes: int = _SAMPLE_BYTES) -> str:
    """Return the first whole lines of a UTF-8 file."""
    with path.open("rb") as file:
        data = file.read(n_bytes)
    if len(data) == n_bytes and b"\n" in data:
        data = data[: data.rindex(b"\n") + 1]
    return data.decode("utf-8", "replace").lstrip("\ufeff").replace("\r\n", "\n")


def _first_record(text: TextFile, dialect: Dialect, limits: Limits) -> tuple[int, list[str]]:
    """Return the line and cells of the first record; of a file with a header, of the first that is not all blank."""
    with text.path.open("rb") as file:
        for record in split_records(file, dialect, limits):
            if record.reason_code:
                raise FileFault(f"Line {record.line}, the first of the file, cannot be read: {record.reason}")
            if not dialect.has_header or any(cell.strip() for cell in record.cells):
                return record.line, record.cells
    raise FileFault("The file holds only blank lines. Check the export and upload it again.")


def read_csv(connection, text: TextFile, folder: Path, limits: Limits, options: ReadOptions, progress: Progress):
    """Read a CSV file into a RawTable."""
    dialect = guess_dialect(sample_text(text.path), options)
    line, cells = _first_record(text, dialect, limits)
    names = column_names(cells) if dialect.has_header else column_names([""] * len(cells))
    if len(names) > limits.columns:
        raise FileFault(f"The file has {len(names):,} columns; the limit is {limits.columns:,}.")
    used = ReadOptions(text.encoding, dialect.separator, dialect.quote, dialect.has_header)
    table = None
    if text.is_plain and line == 1 and text.longest_line <= limits.cell_length:
        table = _read_fast(connection, text, dialect, names, limits, progress)
    if table is None:
        table = _read_careful(connection, text, folder, dialect, names, limits, progress)
    return replace(table, options=used)


def columns_spec(n: int, leading: str = "") -> str:
    """Return the `columns` argument of DuckDB's CSV reader: c0, c1 …, all text."""
    return "{" + leading + ", ".join(f"'c{i}': 'VARCHAR'" for i in range(n)) + "}"


def _read_fast(connection, text, dialect, names, limits, progress) -> RawTable | None:
    """Read all rows in one go; None when any row is malformed, or lines and rows do not match one to one."""
    import duckdb

    progress("Reading the file", 0, text.n_lines)
    sql = f"""CREATE OR REPLACE TABLE raw_rows AS SELECT * FROM read_csv($path, columns = {columns_spec(len(names))},
        auto_detect = false, header = $header, delim = $delim, quote = $quote, escape = $escape, new_line = $new_line,
        nullstr = $nullstr, strict_mode = true, null_padding = false, max_line_size = {2 * MIB})"""
    params = {
        "path": str(text.path),
        "header": dialect.has_header,
        "delim": dialect.separator,
        "quote": dialect.quote,
        "escape": dialect.escape,
        "new_line": text.new_line,
        "nullstr": _NO_NULL,
    }
    try:
        n_rows = connection.execute(sql, params).fetchone()[0]
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return None
    if n_rows + dialect.has_header != text.n_lines or _has_padded_quotes(connection, len(names), dialect):
        return None
    if n_rows > limits.rows:
        raise FileFault(f"The file has {n_rows:,} rows; the limit is {limits.rows:,}. Split it.")
    first_line = 2 if dialect.has_header else 1
    return RawTable(names, is_json=False, line_sql=f"rowid + {first_line}", n_rows=n_rows)


def _has_padded_quotes(connection, n_columns: int, dialect: Dialect) -> bool:
    """Say whether blanks and a quote follow a separator anywhere; only the careful reader reads that as people do."""
    cells = [f"starts_with(c{n}, ' ') AND starts_with(ltrim(c{n}, ' '), $quote)" for n in range(1, n_columns)]
    if not cells:
        return False
    sql = f"SELECT EXISTS (SELECT 1 FROM raw_rows WHERE {' OR '.join(cells)})"
    return connection.execute(sql, {"quote": dialect.quote}).fetchone()[0]


def _read_careful(connection, text, folder, dialect, names, limits, progress) -> RawTable:
    with text.path.open("rb") as file:
        records = split_records(file, dialect, limits)
        if dialect.has_header:
            next(record for record in records if any(cell.strip() for cell in record.cells))
        good, bad, n_good, n_bad = write_careful(records, len(names), folder, limits, progress, text.n_lines)
    progress("Reading the file", text.n_lines, text.n_lines)
    fill_raw_rows(connection, good, columns_spec(len(names), "'line': 'BIGINT', "))
    table = RawTable(names, is_json=False, line_sql="line", n_rows=n_good)
    return table.with_rejects(convert_rejects(connection, bad, folder), n_bad) if n_bad else table


def _clean_csv(columns: str) -> str:
    """Return our own clean CSV as a relation; names the parameters $path and $nullstr."""
    return f"""read_csv($path, columns = {columns}, auto_detect = false, header = false, delim = ',', quote = '"',
        escape = '"', new_line = '\\n', nullstr = $nullstr, max_line_size = {8 * MIB})"""


def fill_raw_rows(connection, source: Path, columns: str) -> None:
    """Read our own clean CSV into `raw_rows`."""
    sql = f"CREATE OR REPLACE TABLE raw_rows AS SELECT * FROM {_clean_csv(columns)}"
    connection.execute(sql, {"path": str(source), "nullstr": _NO_NULL})


def convert_rejects(connection, source: Path, folder: Path) -> Path:
    """Turn the rows set aside into Parquet."""
    target = folder / "unread.parquet"
    sql = f"COPY (SELECT * FROM {_clean_csv(_REJECT_COLUMNS)}) TO $target (FORMAT parquet, COMPRESSION lz4_raw)"
    connection.execute(sql, {"path": str(source), "nullstr": _NO_NULL, "target": str(target)})
    return target
