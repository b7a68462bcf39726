"""Tables as CSV that a spreadsheet opens safely."""

import csv
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

from insights.explore.contracts import Table
from portal.shell.public import csv_cell


def csv_response(name: str, head: list[str], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """Return a CSV download; UTF-8 with a mark, so that spreadsheets read it right."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([csv_cell(text) for text in head])
    writer.writerows([csv_cell(value) for value in row] for row in rows)
    return response


def table_csv(table: Table, name: str) -> HttpResponse:
    """Return a chart's table with its exact values."""
    head = [f"{column.label} ({column.unit})" if column.unit else column.label for column in table.columns]
    return csv_response(name, head, ([cell.value for cell in row] for row in table.rows))
