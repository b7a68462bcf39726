"""What every list page shares: filters, sort, pages and files, all in the address."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from portal.shell.files import Reader, file_answer, wants_file
from portal.shell.pages import render_page


class Pages(Paginator):
    """The pages of a list that may be long: so many rows are counted, beyond that the database guesses."""

    MOST_COUNTED = 20_000
    MOST_SORTED_WHOLE = 500

    @cached_property  # type: ignore[untyped-decorator]  # django-stubs are not used
    def count(self) -> int:
        """Return how many rows there are; where `is_guessed` says so, about how many."""
        if not isinstance(self.object_list, QuerySet):
            return len(self.object_list)
        rows = self.object_list.order_by().values("pk")  # what a list shows beside its rows is not worked out here
        counted = rows[: self.MOST_COUNTED + 1].count()
        if counted <= self.MOST_COUNTED:
            return counted
        plan = json.loads(rows.explain(format="json"))[0]["Plan"]
        return max(counted, int(plan["Plan Rows"]))

    def page(self, number: int | str) -> Page:
        """Return a page; of a long list it is found by numbers alone, and only then read with all that rows show.

        Else the database would join thousands of wide rows before it sorts them for fifty.
        """
        found = super().page(number)
        rows = found.object_list
        if isinstance(rows, QuerySet) and self.count > self.MOST_SORTED_WHOLE and not rows.query.distinct:
            found.object_list = self.object_list.filter(pk__in=rows.values("pk"))
        return found

    @property
    def is_guessed(self) -> bool:
        """Say whether there are more rows than are counted."""
        return self.count > self.MOST_COUNTED


@dataclass(frozen=True)
class ListPage:
    """One page of a list: the rows, the filters' form, the sort in force, and whether any filter is set."""

    page: Page
    form: Any
    sort: str
    is_filtered: bool


def chosen_numbers(request: HttpRequest, name: str = "chosen") -> list[int]:
    """Return the numbers of the rows that were ticked in a list; what is no number is left out."""
    return [int(one) for one in request.POST.getlist(name) if one.isdecimal() and len(one) < 19]


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
    pages = Pages(_sorted(filterset.qs, sort, sorts), per_page)
    is_filtered = any(request.GET.get(name) for name in filterset.filters)
    return ListPage(pages.get_page(request.GET.get("page")), filterset.form, sort, is_filtered)


def about_list(request: HttpRequest, filterset: Any) -> list[tuple[str, str]]:
    """Return what a file says of a list: where it stands, and which filters chose its rows; nothing for a CSV.

    A CSV of things is read by programs as often as by people: its first line is its head.
    """
    if wants_file(request) == "csv":
        return []
    form = filterset.form
    said = [(form[name].label, request.GET[name]) for name in filterset.filters if request.GET.get(name)]
    filters = "; ".join(f"{label}: {text}" for label, text in said) or "none"
    return [("List", request.build_absolute_uri(request.path)), ("Filters", filters)]


def answer_list(
    request: HttpRequest,
    template: str,
    filterset: Any,
    columns: dict[str, Reader],
    sorts: dict[str, str],
    sort: str = "",
    *,
    dress: Callable[[list[Any]], None] | None = None,
    **context: Any,
) -> HttpResponse:
    """Answer a list page: the page, its rows alone for htmx, or as a file every row that fits the filters.

    `columns` are those of the file; `sorts` as in `build_list`, `sort` or else the first is in force unless the address
    names another; `dress` gives the rows of a page what one read of them all finds; `context` is what else it shows.
    """
    default = sort or next(iter(sorts))
    if kind := wants_file(request):
        rows = _sorted(filterset.qs, _sort_in_force(request, sorts, default), sorts)
        name = str(rows.model._meta.verbose_name_plural)
        return file_answer(kind, name, columns, rows.iterator(chunk_size=500), about_list(request, filterset))
    context["list"] = build_list(request, filterset, sorts, default)
    if dress is not None:
        page = context["list"].page
        page.object_list = list(page.object_list)
        dress(page.object_list)
    return render_page(request, template, context, fragment="rows")
