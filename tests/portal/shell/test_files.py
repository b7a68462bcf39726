"""Files to take along: numbers stay numbers, and no text is one that a spreadsheet would run."""

import csv
import datetime as dt
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal.shell import files
from portal.shell.contracts import FileValue, Sheet
from portal.shell.files import book_answer, file_answer, sheet_answer, sheet_names

RISKY = (*"=+-@\t\r\n", *"\uff1d\uff0b\uff0d\uff20")
TEXTS = st.text(max_size=40) | st.tuples(st.sampled_from(RISKY), st.text(max_size=40)).map("".join)


def read_csv(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"), newline="")))


def read_xlsx(response):
    return load_workbook(io.BytesIO(response.getvalue()))


def whole(kind, *rows, head=("a", "b"), about=(("Shows", "all"),)):
    return sheet_answer(kind, "numbers", Sheet("Numbers", head, rows, about))


@settings(max_examples=60)
@given(st.lists(TEXTS, min_size=1, max_size=4), TEXTS, TEXTS)
def test_no_text_of_a_file_is_a_formula(texts, heading, said):
    """Wherever a text stands: in a cell, in a head, in what the file says of itself, in a sheet's name."""
    found = read_csv(whole("csv", texts, head=[heading], about=[(heading, said)]))
    assert not any(cell.startswith(RISKY) for row in found for cell in row)
    book = read_xlsx(book_answer("numbers", [Sheet(said, [heading], [texts], [(heading, said)])], [(heading, said)]))
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type == "s" for cell in cells)
    assert not any(cell.value.startswith(RISKY) for cell in cells)


@pytest.mark.parametrize("number", [-3, 0.1, 12345, 1e-9, -2.5])
def test_numbers_stay_numbers_and_exact(number):
    assert read_csv(whole("csv", ["x", number]))[-1] == ["x", str(number)]
    cell = read_xlsx(whole("xlsx", ["x", FileValue(number)]))["Numbers"]["B2"]
    assert (cell.value, cell.data_type) == (number, "n")


def test_a_rate_is_a_percentage_and_a_number_that_can_change_carries_a_star():
    rate = FileValue(0.4123, "rate")
    assert read_csv(whole("csv", ["x", rate]))[-1] == ["x", "41.23"]
    page = read_xlsx(whole("xlsx", ["x", rate], ["y", FileValue(7, is_partial=True)]))["Numbers"]
    assert (page["B2"].value, page["B2"].number_format) == (0.4123, "0.#%")
    assert (page["B3"].value, page["B3"].number_format) == (7, '#,##0"*"')


def test_what_a_spreadsheet_cannot_hold_is_told_otherwise():
    rows = [["infinite", float("inf")], ["long", 12345678901234567890], ["odd", "a\x00b"], ["much", "x" * 40_000]]
    page = read_xlsx(whole("xlsx", *rows))["Numbers"]
    found = [page.cell(row, 2).value for row in range(2, 6)]
    assert found == [None, "12345678901234567890", "a\ufffdb", "x" * 32_767]


def test_times_are_dates_in_the_readers_zone():
    at = dt.datetime(2026, 3, 20, 9, 0, tzinfo=dt.UTC)
    page = read_xlsx(whole("xlsx", [dt.date(2026, 3, 1), at]))["Numbers"]
    assert (page["A2"].value, page["B2"].value) == (dt.datetime(2026, 3, 1), dt.datetime(2026, 3, 20, 9, 0))
    assert read_csv(whole("csv", ["x", at]))[-1][1] == "2026-03-20T09:00:00+00:00"


def test_a_csv_says_first_where_it_comes_from_a_line_each():
    found = read_csv(whole("csv", [1, 2], about=[("Title", "two\nlines, =1+1")]))
    assert found == [["# Title: two lines, =1+1"], ["a", "b"], ["1", "2"]]


def test_an_xlsx_file_cuts_what_is_too_long_and_says_so(monkeypatch):
    monkeypatch.setattr(files, "MOST_ROWS_IN_XLSX", 3)
    book = read_xlsx(file_answer("xlsx", "rows", {"n": lambda row: row}, range(5)))
    assert [cell.value for cell in book["rows"]["A"]] == ["n", 0, 1, 2]
    said = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert said["rows: left out"].startswith("only the first 3 rows")


def test_sheets_have_names_that_spreadsheets_take():
    names = sheet_names(["A/B: [x]?", "a b  x", "", "'", "About", "x" * 50, "x" * 50])
    assert names == ["A B x", "a b x 2", "Sheet", "Sheet 2", "About 2", "x" * 31, f"{'x' * 29} 2"]


def test_a_csv_opens_with_the_mark_by_which_excel_knows_utf_8():
    assert whole("csv", ["Zoë"]).getvalue().startswith(b"\xef\xbb\xbf")
