"""A chart's table as a CSV file."""

from django.http import StreamingHttpResponse

from insights.explore.contracts import Table
from portal.shell.public import csv_answer


def table_csv(name: str, table: Table) -> StreamingHttpResponse:
    """Return a chart's table as CSV with its exact values, whatever the page rounds."""
    heads = [f"{column.label} ({column.unit})" if column.unit else column.label for column in table.columns]
    columns = [(head, lambda row, place=place: row[place].value) for place, head in enumerate(heads)]
    return csv_answer(name, columns, table.rows)
