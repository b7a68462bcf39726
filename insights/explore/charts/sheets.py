"""A chart's table as a sheet to take along: the same rows in the same order, exact, with marks and their meaning."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from insights.explore.contracts import Cell, Column, Table
from portal.shell.contracts import FileValue, Sheet

NOT_OVER = "Not over yet"
_UNITS = {"rate": "%", "seconds": "seconds"}


def table_sheet(title: str, table: Table, about: Sequence[tuple[str, str]] = ()) -> Sheet:
    """Return a table as a sheet; a last column names what of a row is not over yet, where anything is."""
    forms = [_form(table, place) for place in range(len(table.columns))]
    head = [_heading(column, form) for column, form in zip(table.columns, forms, strict=True)]
    is_open = any(cell.is_partial for row in table.rows for cell in row)
    rows = [_row(row, forms) + ([_not_over(row, table.columns)] if is_open else []) for row in table.rows]
    said = [*about, *_empty_cells(table)]
    if is_open:
        said.append((NOT_OVER, "these intervals end later, so their numbers can still change; in XLSX they carry a *"))
    return Sheet(title, [*head, NOT_OVER] if is_open else head, rows, said)


def _form(table: Table, place: int) -> str:
    """Return the form that all numbers of a column have, "" where they differ."""
    cells = [row[place] for row in table.rows if place < len(row)]
    forms = {cell.form for cell in cells if cell.value is not None or cell.form}
    return forms.pop() if len(forms) == 1 else ""


def _heading(column: Column, form: str) -> str:
    unit = _UNITS.get(form, column.unit)
    return f"{column.label} ({unit})" if unit else column.label


def _row(row: list[Cell], forms: list[str]) -> list[Any]:
    head, *others = row
    values = [_value(cell) for cell in others]
    # A mean of rates below a column of counts: its own name says the unit.
    is_rate = any(cell.form == "rate" and form != "rate" for cell, form in zip(others, forms[1:], strict=False))
    return [f"{head.text} (%)" if is_rate else _label(head), *values]


def _label(cell: Cell) -> Any:
    try:
        return date.fromisoformat(cell.value) if isinstance(cell.value, str) and len(cell.value) == 10 else cell.value
    except ValueError:
        return cell.value


def _value(cell: Cell) -> Any:
    is_plain = not isinstance(cell.value, int | float) or isinstance(cell.value, bool)
    return cell.value if is_plain else FileValue(cell.value, cell.form, cell.is_partial)


def _not_over(row: list[Cell], columns: list[Column]) -> str:
    if row[0].is_partial:
        return "all of the row"
    return ", ".join(column.label for cell, column in zip(row, columns, strict=False) if cell.is_partial)


def _empty_cells(table: Table) -> list[tuple[str, str]]:
    reasons = dict.fromkeys(
        cell.why_empty for row in table.rows for cell in row if cell.value is None and cell.why_empty
    )
    return [("Empty cells", "; ".join(reasons))] if reasons else []
