"""How a CSV file is written: separator, quote, escape, header; found out from its first rows."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from insights.sources.contracts import ReadOptions

_SEPARATORS = (",", ";", "\t", "|", "^", "~")
_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)*([eE][-+]?\d+)?")
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}/\d\d?/\d\d?")


@dataclass(frozen=True)
class Dialect:
    """One way to write CSV."""

    separator: str = ","
    quote: str = '"'
    escape: str = '"'
    has_header: bool = True

    def for_python(self) -> dict[str, Any]:
        """Return the arguments of `csv.reader`."""
        is_doubled = self.escape == self.quote
        escape = None if is_doubled else self.escape
        return {"delimiter": self.separator, "quotechar": self.quote, "doublequote": is_doubled, "escapechar": escape}


def _rows(sample: str, dialect: Dialect) -> list[list[str]]:
    # Not strict: one broken row among the first must not hide how the others are written.
    try:
        return [row for row in csv.reader(io.StringIO(sample, newline=""), **dialect.for_python()) if row]
    except csv.Error:
        return []


def _evenness(sample: str, dialect: Dialect) -> float:
    """Score a dialect: the share of rows with the most common count of columns; 0 with one column."""
    rows = _rows(sample, dialect)
    if not rows:
        return 0.0
    width, n_rows = Counter(len(row) for row in rows).most_common(1)[0]
    # More columns win between equals: "a,b;c,d" is rather two commas than one semicolon.
    return n_rows / len(rows) + min(width, 50) / 1000 if width > 1 else 0.0


def looks_like_header(rows: list[list[str]]) -> bool:
    """Say whether the first row names columns: filled, and neither a number nor a date among its cells.

    >>> looks_like_header([["user", "when"], ["7", "2024-01-01"]]), looks_like_header([["7", "2024-01-01"]])
    (True, False)
    """
    if not rows:
        return True
    values = [cell.strip() for cell in rows[0]]
    if any(_NUMBER.fullmatch(value) or _DATE.match(value) for value in values):
        return False
    return any(values)


def guess_dialect(sample: str, options: ReadOptions) -> Dialect:
    """Find out how a CSV file is written from the text of its first rows; what is given is taken."""
    cut = sample.rfind("\n")
    whole = sample[: cut + 1] if cut > 0 else sample
    separators = (options.separator,) if options.separator else _SEPARATORS
    quotes = (options.quote,) if options.quote else ('"',) if '"' in whole else ('"', "'")
    candidates = [Dialect(s, q, q) for q in quotes for s in separators]
    candidates += [Dialect(s, '"', "\\") for s in separators if '\\"' in whole]
    best = max(candidates, key=lambda dialect: _evenness(whole, dialect))
    if _evenness(whole, best) == 0.0:
        best = _by_plain_count(whole, options)
    has_header = options.has_header
    if has_header is None:
        filled = [row for row in _rows(whole, best) if any(cell.strip() for cell in row)]
        has_header = looks_like_header(filled or [whole.split("\n")[0].split(best.separator)])
    return Dialect(best.separator, best.quote, best.escape, has_header)


def _by_plain_count(sample: str, options: ReadOptions) -> Dialect:
    """Choose the separator that the first line holds most often; a broken row must not hide it."""
    first_line = sample.split("\n", 1)[0]
    separator = options.separator or max(_SEPARATORS, key=first_line.count)
    quote = options.quote or '"'
    return Dialect(separator if separator in first_line or options.separator else ",", quote, quote)


def column_names(cells: list[str]) -> tuple[str, ...]:
    """Name each column once: an empty header by its place, a repeated one with a number.

    >>> column_names(["id", "", "id", " when "])
    ('id', 'column 2', 'id (2)', 'when')
    """
    names: dict[str, None] = {}
    next_n: dict[str, int] = {}  # a header may repeat one name thousands of times
    for place, cell in enumerate(cells, 1):
        name = stem = cell.strip().lstrip("\ufeff").replace("\0", "")[:200] or f"column {place}"
        n = next_n.get(stem, 2)
        while name in names:
            name, n = f"{stem} ({n})", n + 1
        next_n[stem] = n
        names[name] = None
    return tuple(names)
