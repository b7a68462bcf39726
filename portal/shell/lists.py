"""What every list page shares: filters, sort, pages and CSV, all in the address."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from portal.shell.pages import render_page

Reader = Callable[[Any], Any]

_RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class ListPage:
    """One page of a list: the rows, the filters' form, the sort in force, and whether any filter is set."""

    page: Page
    form: Any
    sort: str
    is_filtered: bool


def _sort_in_force(request: HttpRequest, sorts: dict[str, str], default: str) -> str:
    asked = request.GET.get("sort", default)
    return asked if asked.lstrip("-") in sorts else default


def _sorted(rows: Any, sort: str, sorts: dict[str, str]) -> Any:
    sign = "-" if sort.startswith("-") else ""
    return rows.order_by(sign + sorts[sort.lstrip("-")], "pk")


def build_list(request: HttpRequest, filterset: Any, sorts: dict[str, str], sort: str, per_page: int = 50) -> ListPage:
    """Return the page that the address names.

    `sorts` maps the address's names to model fields; an unknown sort falls back to `sort`. Ties are broken by id.
    """
    sort = _sort_in_force(request, sorts, sort)
    pages = Paginator(_sorted(filterset.qs, sort, sorts), per_page)
    is_filtered = any(request.GET.get(name) for name in filterset.filters)
    return ListPage(pages.get_page(request.GET.get("page")), filterset.form, sort, is_filtered)


def csv_cell(value: Any) -> Any:
    """Return a value as every CSV of the portal holds it: no text that a spreadsheet would run as a formula."""
    if isinstance(value, str) and value.startswith(_RISKY):
        return f"'{value}"
    return value.isoformat() if hasattr(value, "isoformat") else value


class _Echo:
    def write(self, value: str) -> str:
        """Hand the line through."""
        return value


def csv_answer(
    name: str, columns: dict[str, Reader] | list[tuple[str, Reader]], rows: Iterable[Any]
) -> StreamingHttpResponse:
    """Stream rows as CSV: columns map a heading to a reader of one row; as pairs where headings may be equal."""
    pairs = list(columns.items()) if isinstance(columns, dict) else columns
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield writer.writerow([csv_cell(heading) for heading, _ in pairs])
        for row in rows:
            yield writer.writerow([csv_cell(read(row)) for _, read in pairs])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


def answer_list(
    request: HttpRequest,
    template: str,
    filterset: Any,
    columns: dict[str, Reader],
    sorts: dict[str, str],
    sort: str = "",
    **context: Any,
) -> HttpResponse:
    """Answer a list page: the page, its rows alone for htmx, or as CSV every row that fits the filters.

    `columns` are those of the CSV; `sorts` as in `build_list`, `sort` or else the first is in force unless the address
    names another; `context` is what else the page shows.
    """
    default = sort or next(iter(sorts))
    if request.GET.get("format") == "csv":
        rows = _sorted(filterset.qs, _sort_in_force(request, sorts, default), sorts)
        return csv_answer(rows.model._meta.verbose_name_plural, columns, rows.iterator(chunk_size=500))
    context["list"] = build_list(request, filterset, sorts, default)
    return render_page(request, template, context, fragment="rows")
