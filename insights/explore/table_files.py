"""A chart's numbers as a file, and several charts' as one."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.text import slugify

from insights.explore.charts.sheets import table_sheet
from insights.explore.contracts import ChartView
from portal.shell.public import Sheet, book_answer, sheet_answer, wants_file


def chart_sheet(request: HttpRequest, view: ChartView, title: str = "") -> Sheet:
    """Return a chart's table as a sheet that says what it shows and where to open it."""
    link = [("Open it at", request.build_absolute_uri(view.open_url))] if view.open_url else []
    return table_sheet(title or view.title, view.table, [*view.about, *link])


def chart_file(request: HttpRequest, view: ChartView) -> HttpResponse | StreamingHttpResponse:
    """Answer with a chart's table as a file: CSV, or XLSX where the address says `format=xlsx`.

    Its numbers are exact, whatever the page rounds. A CSV begins with lines that say what it shows, each after a #;
    `about=no` leaves them out, for programs.
    """
    sheet = chart_sheet(request, view)
    kind = wants_file(request) or "csv"
    if kind == "csv" and request.GET.get("about") == "no":
        sheet = Sheet(sheet.title, sheet.head, sheet.rows)
    return sheet_answer(kind, slugify(view.title)[:80] or "chart", sheet)


def charts_file(
    request: HttpRequest, name: str, views: Sequence[ChartView], about: Sequence[tuple[str, str]]
) -> HttpResponse:
    """Answer with the tables of several charts as one XLSX file: a sheet each, after one about all of them."""
    sheets = [chart_sheet(request, view) for view in views]
    return book_answer(slugify(name)[:80] or "charts", sheets, about)
