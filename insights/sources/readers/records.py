"""The careful reader: line by line in Python, for files that a fast parser refuses; every row is kept or set aside."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from insights.sources.contracts import FileFault, Progress
from insights.sources.readers.dialect import Dialect
from insights.sources.readers.limits import Limits, size_words

REASONS = {
    "bad_encoding": "The row holds bytes that are no UTF-8 text.",
    "nul_byte": "The row holds a NUL byte, which is no text.",
    "bad_quotes": "The quotes of this row do not match.",
}


@dataclass(frozen=True)
class Record:
    """One row as it stands in the file: either its cells or the reason why it has none."""

    line: int
    raw: str
    cells: list[str] = field(default_factory=list)
    reason_code: str = ""
    reason: str = ""


def raw_text(raw: bytes | str, limits: Limits) -> str:
    """Return a bad row as text that can be stored: broken bytes spelled out, a long row cut with a note."""
    text = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw
    text = text.rstrip("\r\n").replace("\0", "\\x00")
    if len(text) > limits.raw_length:
        text = f"{text[: limits.raw_length]}… [{len(text) - limits.raw_length:,} more characters were cut]"
    return text


def csv_line(cells: list[str]) -> str:
    """Return cells as one line of CSV.

    >>> csv_line(["a", "b, c"])
    'a,"b, c"'
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def read_lines(file: IO[bytes], limits: Limits) -> Iterator[tuple[int, bytes, bool]]:
    """Yield (line number, line, is whole); of an endless line only the start is held."""
    number = 0
    while line := file.readline(limits.line_bytes + 1):
        number += 1
        is_whole = len(line) <= limits.line_bytes or line.endswith(b"\n")
        yield number, line, is_whole
        while not line.endswith(b"\n") and len(line) > limits.line_bytes:
            line = file.readline(limits.line_bytes + 1)


def _fault(line: int, raw: bytes | str, code: str, limits: Limits, reason: str = "") -> Record:
    return Record(line, raw_text(raw, limits), reason_code=code, reason=reason or REASONS[code])


def _decode(number: int, line: bytes, is_whole: bool, limits: Limits) -> Record | str:
    if not is_whole:
        return _fault(number, line, "row_too_long", limits, f"The row is longer than {size_words(limits.line_bytes)}.")
    if b"\0" in line:
        return _fault(number, line, "nul_byte", limits)
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return _fault(number, line, "bad_encoding", limits)


class _Lines:
    """Lines of a file that can be pushed back, so that a quote never closed costs one row and not the rest."""

    def __init__(self, file: IO[bytes], limits: Limits):
        self._lines = read_lines(file, limits)
        self._back: list[tuple[int, bytes, bool]] = []

    def take(self) -> tuple[int, bytes, bool] | None:
        return self._back.pop() if self._back else next(self._lines, None)

    def push_back(self, lines: list[tuple[int, bytes, bool]]) -> None:
        self._back.extend(reversed(lines))


def split_records(file: IO[bytes], dialect: Dialect, limits: Limits) -> Iterator[Record]:
    """Yield every row of a CSV file, its header too; blank lines are no rows."""
    lines = _Lines(file, limits)
    quote_bytes = dialect.quote.encode()
    padded_quote = re.compile(re.escape(dialect.separator) + r" +(?=" + re.escape(dialect.quote) + ")")
    while (taken := lines.take()) is not None:
        number, line, is_whole = taken
        if not line.strip(b"\r\n"):
            continue
        text = _decode(number, line, is_whole, limits)
        if isinstance(text, Record):
            yield text
        elif quote_bytes not in line:
            yield Record(number, text, text.rstrip("\r\n").split(dialect.separator))
        else:
            yield _quoted_record(number, padded_quote.sub(dialect.separator, text), text, lines, dialect, limits)


def _quoted_record(number: int, text: str, raw: str, lines: _Lines, dialect: Dialect, limits: Limits) -> Record:
    """Parse a row with quotes, taking further lines while a quote is open."""
    taken: list[tuple[int, bytes, bool]] = []
    quote_bytes, record, n_quotes = dialect.quote.encode(), text, text.count(dialect.quote)
    while True:
        if n_quotes % 2 == 0 or not taken:
            cells, is_open = _parse(record, dialect)
            if cells is not None:
                return Record(number, record, cells)
            if not is_open:
                break
        following = lines.take() if len(taken) < limits.record_lines and len(record) < limits.line_bytes else None
        if following is None:
            break
        taken.append(following)
        more = _decode(*following, limits)
        if isinstance(more, Record):
            break
        record, n_quotes = record + more, n_quotes + following[1].count(quote_bytes)
    lines.push_back(taken)
    return _fault(number, raw, "bad_quotes", limits)


def _parse(record: str, dialect: Dialect) -> tuple[list[str] | None, bool]:
    """Return the cells, or None and whether the row ends inside a quote."""
    try:
        rows = list(csv.reader([record.rstrip("\r\n")], strict=True, **dialect.for_python()))
    except csv.Error as fault:
        return None, "unexpected end" in str(fault)
    return (rows[0], False) if len(rows) == 1 else (None, False)


def write_careful(
    records: Iterator[Record], n_columns: int, folder: Path, limits: Limits, progress: Progress, total: int
) -> tuple[Path, Path, int, int]:
    """Write good rows as clean CSV (line, cells …) and bad ones aside; return both files and their counts."""
    good, bad = folder / "rows.csv", folder / "rejects.csv"
    n_good = n_bad = 0
    with good.open("w", newline="", encoding="utf-8") as good_file, bad.open("w", newline="", encoding="utf-8") as out:
        write_good, write_bad = _writer(good_file), _writer(out)
        for record in records:
            reason_code, reason = record.reason_code, record.reason
            if not reason_code and len(record.cells) != n_columns:
                reason_code = "wrong_columns"
                reason = f"The row has {len(record.cells):,} columns; the header has {n_columns:,}."
            elif not reason_code and any(len(cell) > limits.cell_length for cell in record.cells):
                reason_code = "cell_too_long"
                reason = f"A cell of the row is longer than {limits.cell_length:,} characters."
            if reason_code:
                n_bad += 1
                write_bad([record.line, raw_text(record.raw, limits), reason_code, reason])
            else:
                n_good += 1
                write_good([record.line, *record.cells])
            if (n_good + n_bad) % 20_000 == 0:
                progress("Reading row by row", record.line, total)
            if n_good + n_bad > limits.rows:
                raise FileFault(f"The file has more than {limits.rows:,} rows, which is the limit. Split it.")
    return good, bad, n_good, n_bad


def _writer(file: IO[str]) -> Callable[[list], object]:
    return csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
