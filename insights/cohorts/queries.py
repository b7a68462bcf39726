"""What a cohort's pages show: its size over time, who is in it, who entered and left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator

from insights.cohorts.access import may_see_members, require_members
from insights.cohorts.editions import edition_on, list_history, local_day
from insights.cohorts.models import Cohort, CohortEdition
from insights.cohorts.words import say_definition
from insights.questions.behind import Behind
from insights.questions.public import Everybody, describe_in_pieces, open_finder, parse_question
from portal.audit.public import history_of
from portal.people.public import SYSTEM, can
from portal.shell.public import SearchHit, find_uses

CALLER = "insights.cohort_members"
PAGE_SIZE = 50
MOST_DAYS_SHOWN = 60
MOST_TRAITS = 5


@dataclass(frozen=True)
class CohortPage:
    """All that a cohort's page shows."""

    words: str
    chart: dict[str, Any] | None
    days: list[CohortEdition]
    used_by: list[SearchHit]
    history: Any
    may_edit: bool
    may_see_members: bool
    listed: Any


@dataclass(frozen=True)
class Members:
    """One page of a cohort's members; `total` is how many persons or accounts they are today."""

    total: int
    people: tuple[Behind, ...]
    page: Page
    edition: CohortEdition | None
    day: date | None


def build_cohort_page(cohort: Cohort, *, user: Any, now: datetime) -> CohortPage:
    """Return the page of a cohort."""
    editions = list_history(cohort)
    return CohortPage(
        words=say_definition(cohort.kind, cohort.definition, cohort.units),
        chart=build_size_chart(cohort, editions, now),
        days=editions[: -MOST_DAYS_SHOWN - 1 : -1],
        used_by=find_uses(cohort, user),
        history=history_of(cohort),
        may_edit=can(user, "cohorts.edit", cohort),
        may_see_members=may_see_members(user, cohort),
        listed=getattr(cohort, "listed", None) if cohort.kind == Cohort.Kind.LIST else None,
    )


def read_members(
    cohort: Cohort, *, user: Any, day: date | None = None, page: int = 1, page_size: int = PAGE_SIZE
) -> Members:
    """Return a page of who is in a cohort, or was at the end of a day; for insiders of its products alone."""
    require_members(user, cohort)
    edition = _edition_of(cohort, day)
    if edition is None:
        return Members(0, (), _page(0, 1, page_size), None, day)
    with open_finder(_everybody(cohort), user=SYSTEM, caller=CALLER) as finder:
        numbers = finder.resolve(cohort.unit, edition.numbers)
        shown = _page(len(numbers), page, page_size)
        start = (shown.number - 1) * page_size
        people = finder.describe(cohort.unit, numbers[start : start + page_size].tolist())
    return Members(len(numbers), people, shown, edition, day)


def take_members(cohort: Cohort, *, user: Any, day: date | None = None, most: int) -> Everybody:
    """Return all who are in a cohort, or were at the end of a day, up to `most`, for a file."""
    require_members(user, cohort)
    edition = _edition_of(cohort, day)
    if edition is None:
        return Everybody(0, 0, cohort.unit, iter(()))
    with open_finder(_everybody(cohort), user=SYSTEM, caller=CALLER) as finder:
        numbers = finder.resolve(cohort.unit, edition.numbers)
    taken = numbers[:most].tolist()
    people = describe_in_pieces(cohort.unit, taken, [source.pk for source in finder.sources], caller=CALLER)
    return Everybody(len(numbers), len(taken), cohort.unit, people)


def _edition_of(cohort: Cohort, day: date | None) -> CohortEdition | None:
    if day:
        return edition_on(cohort, day)
    return CohortEdition.objects.get(pk=cohort.current_id) if cohort.current_id else None


def shown_traits(people: Iterable[Behind]) -> list[str]:
    """Return the keys of the traits that a list of members shows."""
    return sorted({key for one in people for key in one.traits if not key.startswith("$")})[:MOST_TRAITS]


def _everybody(cohort: Cohort) -> Any:
    slugs = [product.slug for product in cohort.products.all()]
    value = {"kind": "trend", "series": [{"event": None}], "products": slugs, "unit": cohort.unit}
    now = datetime.now().astimezone()
    return parse_question(value, now=now, default_zone=settings.WORKSPACE_TIME_ZONE)


class _Counted(Sequence[None]):
    """Stands for the whole list while only one page of it is held."""

    def __init__(self, total: int):
        self.total = total

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, piece: Any) -> Any:
        return []


def _page(total: int, page: int, page_size: int) -> Page:
    return Paginator(_Counted(total), page_size).get_page(page)


def build_size_chart(cohort: Cohort, editions: list[CohortEdition], now: datetime) -> dict[str, Any] | None:
    """Return what the chart component shows: the size from day to day; None while one day is all there is.

    What was counted holds until the next counting.
    """
    if not editions:
        return None
    today = local_day(now)
    days = [edition.counted_on.isoformat() for edition in editions]
    sizes = [edition.size for edition in editions]
    if editions[-1].counted_on < today and not cohort.is_frozen:
        days, sizes = [*days, today.isoformat()], [*sizes, sizes[-1]]
    if len(days) == 1:
        return None
    head = [("Day", "", False), ("Size", cohort.units, True), ("Entered", "", True), ("Left", "", True)]
    return {
        "key": f"cohort-{cohort.pk}",
        "title": "Size over time",
        "chart": "line",
        "caption": f"{cohort.units.capitalize()} in the cohort, day by day ({settings.WORKSPACE_TIME_ZONE})",
        "heading_level": 2,
        "figure": _figure(days, sizes, cohort.units),
        "figure_id": f"chart-cohort-{cohort.pk}-figure",
        "table": {
            "columns": [{"label": label, "unit": unit, "is_number": is_number} for label, unit, is_number in head],
            "rows": [_row(edition) for edition in reversed(editions[-MOST_DAYS_SHOWN:])],
        },
    }


def _row(edition: CohortEdition) -> list[dict[str, Any]]:
    day = edition.counted_on
    cells = [{"text": f"{day.day} {day:%b} {day.year}"}]
    numbers = (edition.size, edition.n_entered, edition.n_left)
    return [*cells, *({"text": f"{number:,}", "is_number": True} for number in numbers)]


def _figure(days: list[str], sizes: list[int], units: str) -> dict[str, Any]:
    hairline = {"gridcolor": "var(--border)", "linecolor": "var(--border)", "zeroline": False}
    font = {"family": "var(--font)", "size": 12, "color": "var(--text-muted)"}
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "marker": {"size": 6, "color": "var(--chart-1)"},
        "cliponaxis": False,
        "x": days,
        "y": sizes,
        "line": {"shape": "hv", "width": 2, "color": "var(--chart-1)"},
        "hovertemplate": f"%{{x|%-d %b %Y}}<br>%{{y:,}} {units}<extra></extra>",
    }
    layout = {
        "font": font,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 48, "r": 16, "t": 16, "b": 40},
        "showlegend": False,
        "xaxis": {
            **hairline,
            "type": "date",
            "showgrid": False,
            "nticks": 8,
            "automargin": "height",
            "tickformat": "%-d %b\n%Y",
        },
        "yaxis": {**hairline, "rangemode": "tozero", "fixedrange": True, "tickformat": "~s", "automargin": "width"},
    }
    return {"data": [line], "layout": layout}
