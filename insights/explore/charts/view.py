"""One chart as the page shows it: figure, table, caption, notes and "why this number", out of one answer."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from insights.explore.charts.figures import build_figure
from insights.explore.charts.headlines import build_headlines
from insights.explore.charts.questions_in_words import fact_lines, say_caption
from insights.explore.charts.reading import LIFECYCLE_STATES, question_of
from insights.explore.charts.tables import chart_table
from insights.explore.charts.words import ADDITIVE_MEASURES
from insights.explore.contracts import Cell, ChartView, Note, Table, pick_chart

PeopleUrl = Callable[[dict[str, Any]], str]


def _numbers(answer: dict[str, Any]) -> list[Any]:
    if answer["kind"] == "funnel":
        return [step["count"] for step in answer["steps"]]
    if answer["kind"] == "retention":
        return [cohort["size"] for cohort in answer["cohorts"]]
    if answer["kind"] == "lifecycle":
        return [value for state in LIFECYCLE_STATES for value in answer[state]]
    return [value for series in answer["series"] for value in series["values"]]


def _warnings(answer: dict[str, Any], chart: str) -> list[str]:
    question = question_of(answer)
    measures = {spec.get("measure", "total") for spec in question.get("series") or []}
    found = []
    if chart == "area" and question.get("breakdown") and not measures <= set(ADDITIVE_MEASURES):
        found.append("Stacked people may count in more than one part, so the top is not their total.")
    if chart == "heatmap" and any(cohort.get("partial") for cohort in answer["cohorts"]):
        found.append("* This interval is not over, so its share can still rise. Averages leave it out.")
    if any(flag for flag in answer.get("partial") or []) and chart != "table":
        found.append("The newest interval is not over: it is drawn dashed or hatched and counts only until now.")
    return found


def _with_people(table: Table, people_url: PeopleUrl | None, cells: dict[str, dict[str, Any]]) -> Table:
    if people_url is None:
        return table

    def link(cell: Cell) -> Cell:
        named = cells.get(cell.point)
        return replace(cell, cell=named, url=people_url(named)) if named and cell.value else cell

    return Table(table.columns, [[link(cell) for cell in row] for row in table.rows])


def cells_of(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the cell that `list_people` understands for each point of a chart, as {"series-bucket": cell}."""
    found: dict[str, dict[str, Any]] = {}
    if answer["kind"] == "trend":
        for number, series in enumerate(answer["series"]):
            for place, label in enumerate(answer["labels"]):
                cell = {"series": series.get("index", number), "label": label}
                if series.get("breakdown") is not None:
                    cell["breakdown"] = series["breakdown"]
                if not series.get("compare"):
                    found[f"{number}-{place}"] = cell
    if answer["kind"] == "funnel":
        groups: dict[str, int] = {}
        places: dict[str, int] = {}
        for step in answer["steps"]:
            name = repr(step.get("breakdown"))
            number = groups.setdefault(name, len(groups))
            place = places[name] = places.get(name, -1) + 1
            cell = {"step": place + 1}
            if step.get("breakdown") is not None:
                cell["breakdown"] = step["breakdown"]
            found[f"{number}-{place}"] = cell
    if answer["kind"] == "retention":
        for number, cohort in enumerate(answer["cohorts"]):
            for column in range(len(cohort["values"])):
                cell = {"row": cohort["label"], "column": column}
                if cohort.get("breakdown") is not None:
                    cell["breakdown"] = cohort["breakdown"]
                found[f"{number}-{column}"] = cell
    return found


def build_chart_view(
    answer: dict[str, Any],
    chart: str = "",
    *,
    key: str,
    title: str,
    notes: list[Note] | None = None,
    csv_url: str = "",
    open_url: str = "",
    people_url: PeopleUrl | None = None,
    size: str = "",
    heading_level: int = 2,
) -> ChartView:
    """Build all that `components/chart.html` shows of one answer.

    `key` is unique on the page (letters, digits, hyphens); `people_url(cell)` returns the address of the people behind
    a number, left out for readers who may not see them; `size` is "", "small" or "large".
    """
    chart = pick_chart(answer["kind"], chart)
    notes = notes or []
    return ChartView(
        key=key,
        title=title,
        chart=chart,
        figure=None if chart in ("table", "number") else build_figure(answer, chart, notes),
        table=_with_people(chart_table(answer), people_url, cells_of(answer)),
        caption=say_caption(question_of(answer)),
        size=size or _tall(answer, chart),
        headlines=build_headlines(answer) if chart == "number" else [],
        notes=notes,
        facts=fact_lines(answer),
        warnings=_warnings(answer, chart),
        csv_url=csv_url,
        open_url=open_url,
        is_empty=not any(_numbers(answer)),
        heading_level=heading_level,
    )


def _tall(answer: dict[str, Any], chart: str) -> str:
    """Return the size that a figure with many rows needs; the page reserves it before anything is drawn."""
    n_rows = 0
    if chart == "funnel":
        n_rows = len(answer["steps"])
    elif chart == "heatmap":
        n_rows = len(answer["cohorts"])
    return "taller" if n_rows > 18 else "tall" if n_rows > 10 else ""
