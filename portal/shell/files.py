"""Files that people take along: one writer for every CSV and XLSX of the portal.

No text in them is one that a spreadsheet would run as a formula; numbers stay numbers, exact.
"""

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from portal.shell.contracts import FileValue, Sheet

Reader = Callable[[Any], Any]
Columns = dict[str, Reader] | list[tuple[str, Reader]]

FILE_KINDS = ("csv", "xlsx")
MOST_ROWS_IN_XLSX = 50_000
MOST_PEOPLE_IN_FILE = 100_000
_BOM = "\ufeff"  # without it Excel takes a CSV's UTF-8 for the code page of its country
# What spreadsheets take for the beginning of a formula; the wide forms are those of East Asian keyboards.
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_MOST_LETTERS = 32_767
_EXACT_DIGITS = 15
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def wants_file(request: HttpRequest) -> str:
    """Return the kind of file that the address asks for with `?format=`, "" for a page."""
    kind = request.GET.get("format", "")
    return kind if kind in FILE_KINDS else ""


def csv_cell(value: Any) -> Any:
    """Return a value as every CSV of the portal holds it: no text that a spreadsheet would run as a formula."""
    if isinstance(value, FileValue):
        number = value.value
        return round(number * 100, 10) if value.form == "rate" and number is not None else csv_cell(number)
    if isinstance(value, str) and value.startswith(_RISKY):
        return f"'{value}"
    return value.isoformat() if hasattr(value, "isoformat") else value


class _Echo:
    def write(self, value: str) -> str:
        """Hand the line through."""
        return value


def _file_name(name: str, kind: str) -> str:
    return f"{name}-{timezone.localdate():%Y-%m-%d}.{kind}"


def _csv_answer(name: str, sheet: Sheet) -> StreamingHttpResponse:
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield _BOM
        for label, text in sheet.about:
            yield writer.writerow([f"# {label}: {' '.join(str(text).split())}"])
        yield writer.writerow([csv_cell(heading) for heading in sheet.head])
        for row in sheet.rows:
            yield writer.writerow([csv_cell(value) for value in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(name, "csv")}"'
    return response


def number_format(value: Any, form: str = "") -> str:
    """Return the spreadsheet's format of a number that shows it as the pages do.

    >>> number_format(1234), number_format(0.12345), number_format(1234.567), number_format(0.412, "rate")
    ('#,##0', '0.###', '#,##0.##', '0.#%')
    """
    if form == "rate":
        return "0%" if round(value * 1000) % 10 == 0 else "0.#%"
    if isinstance(value, int) or float(value).is_integer():
        return "#,##0"
    if abs(value) >= 100:
        return "#,##0.##"
    digits = 2 - math.floor(math.log10(abs(value)))
    return "0." + "#" * digits if digits <= 12 else "General"


def _xlsx_value(value: Any) -> tuple[Any, str]:
    """Return what a cell holds, and its format; text stays text, whatever it begins with."""
    form, is_partial = "", False
    if isinstance(value, FileValue):
        value, form, is_partial = value.value, value.form, value.is_partial
    if value is None or isinstance(value, bool):
        return value, ""
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).replace(
            tzinfo=None
        ), "d mmm yyyy hh:mm"
    if isinstance(value, date):
        return value, "d mmm yyyy"
    if isinstance(value, int | float):
        if isinstance(value, float) and not math.isfinite(value):
            return None, ""
        if isinstance(value, int) and len(str(abs(value))) > _EXACT_DIGITS:  # a spreadsheet would round it
            return str(value), ""
        return value, number_format(value, form) + ('"*"' if is_partial else "")
    text = _UNWRITABLE.sub("\ufffd", str(value))
    return csv_cell(text)[:_MOST_LETTERS], ""


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Return names that XLSX takes: at most 31 letters, no brackets, colons or slashes, each once whatever its case.

    >>> sheet_names(["People: all", "People  all", "history"])
    ['People all', 'People all 2', 'history 2']
    """
    taken, names = {"about", "history"}, []
    for title in titles:
        base = (
            " ".join(_NO_SHEET_NAME.sub(" ", _UNWRITABLE.sub("", title)).split()).strip("' ")[:31].strip("' ")
            or "Sheet"
        )
        name, number = base, 1
        while name.lower() in taken:
            number += 1
            name = f"{base[: 30 - len(str(number))].strip()} {number}"
        taken.add(name.lower())
        names.append(name)
    return names


def _xlsx_answer(name: str, sheets: Sequence[Sheet], about: Sequence[tuple[str, str]]) -> HttpResponse:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.creator = "Product Ops Portal"
    front = book.create_sheet("About")
    said = list(about)
    for title, sheet in zip(sheet_names([sheet.title for sheet in sheets]), sheets, strict=True):
        is_cut = _write_sheet(book.create_sheet(title), sheet.head, sheet.rows)
        said += [(f"{title}: {label}" if about else label, text) for label, text in sheet.about]
        if is_cut:
            words = f"only the first {MOST_ROWS_IN_XLSX:,} rows are here. The CSV file has more of them."
            said.append((f"{title}: left out", words))
    said.append(("Times of day", f"in the time zone {timezone.get_current_timezone_name()} unless a line says another"))
    _write_sheet(front, ["About this file", ""], said, widest=90)
    book.active = 0 if about else 1  # one table opens on its numbers, several on what they are
    file = io.BytesIO()  # rows went to files of the engine's own; what comes here is packed
    book.save(file)
    response = HttpResponse(file.getvalue(), content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="{_file_name(name, "xlsx")}"'
    return response


def _write_sheet(page: Any, head: Sequence[str], rows: Iterable[Sequence[Any]], widest: int = 40) -> bool:
    """Fill a sheet; say whether there were more rows than it takes."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    def cell(value: Any, font: Any = None) -> Any:
        plain, form = _xlsx_value(value)
        made = WriteOnlyCell(page, value=plain)
        if isinstance(plain, str):
            made.data_type = "s"  # never a formula, whatever it begins with
        if form:
            made.number_format = form
        if font is not None:
            made.font = font
        return made

    all_rows = iter(rows)
    first = list(islice(all_rows, 50))
    for place, heading in enumerate(head):
        letters = [len(str(heading)), *(len(str(_xlsx_value(row[place])[0])) for row in first if place < len(row))]
        page.column_dimensions[get_column_letter(place + 1)].width = min(max(letters) + 3, widest)
    page.freeze_panes = "A2"
    bold = Font(bold=True)
    page.append([cell(heading, bold) for heading in head])
    for number, row in enumerate(chain(first, all_rows)):
        if number >= MOST_ROWS_IN_XLSX:
            return True
        page.append([cell(value) for value in row])
    return False


def about_cut(n_rows: int, total: int, noun: str) -> list[tuple[str, str]]:
    """Return what a file says of itself that holds fewer rows than there are; nothing for one that holds all."""
    return [("Left out", f"only the first {n_rows:,} of {total:,} {noun} are here")] if n_rows < total else []


def say_reach(total: int) -> str:
    """Return what a page says of its files where they hold fewer rows than there are, "" where they hold all.

    >>> say_reach(60_000)
    'A CSV file holds all of them, an XLSX file the first 50,000.'
    """
    if total <= MOST_ROWS_IN_XLSX:
        return ""
    reach = "all of them" if total <= MOST_PEOPLE_IN_FILE else f"the first {MOST_PEOPLE_IN_FILE:,} of them"
    return f"A CSV file holds {reach}, an XLSX file the first {MOST_ROWS_IN_XLSX:,}."


def sheet_answer(kind: str, name: str, sheet: Sheet) -> HttpResponse | StreamingHttpResponse:
    """Answer with a table as a file: "csv" streams it whole, "xlsx" has a sheet about where it comes from."""
    return _csv_answer(name, sheet) if kind == "csv" else _xlsx_answer(name, [sheet], ())


def book_answer(name: str, sheets: Sequence[Sheet], about: Sequence[tuple[str, str]]) -> HttpResponse:
    """Answer with several tables as one XLSX file, a sheet each, and first a sheet that says what they are."""
    return _xlsx_answer(name, sheets, about)


def file_answer(
    kind: str, name: str, columns: Columns, rows: Iterable[Any], about: Sequence[tuple[str, str]] = ()
) -> HttpResponse | StreamingHttpResponse:
    """Answer with rows as a file: columns map a heading to a reader of a row, as pairs where headings may be equal."""
    pairs = list(columns.items()) if isinstance(columns, dict) else columns
    values = ([read(row) for _, read in pairs] for row in rows)
    return sheet_answer(kind, name, Sheet(name, [heading for heading, _ in pairs], values, about))
