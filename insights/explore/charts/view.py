"""One chart as the page shows it: figure, table, caption, notes and "why this number", out of one answer."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from insights.explore.charts.captions import about_answer, fact_lines, say_caption, say_source
from insights.explore.charts.cohorts import MOST_ROWS
from insights.explore.charts.effects import effect_cells, say_found, say_nothing, shown_effects
from insights.explore.charts.features import feature_cells, score_table
from insights.explore.charts.figures import build_figure
from insights.explore.charts.flows import most_in_a_step, path_cells, say_drawn
from insights.explore.charts.headlines import MOST_NUMBERS, build_headlines
from insights.explore.charts.lines import stacks
from insights.explore.charts.reading import (
    LIFECYCLE_STATES,
    MOST_DRAWN,
    count_series,
    drawn_as,
    partial_cells,
    question_of,
)
from insights.explore.charts.steps import step_groups
from insights.explore.charts.tables import chart_table
from insights.explore.charts.words import ADDITIVE_MEASURES
from insights.explore.contracts import Cell, ChartView, Note, Table, pick_chart
from insights.questions.words import required_numbers, say_span

PeopleUrl = Callable[[dict[str, Any]], str]


def _numbers(answer: dict[str, Any]) -> list[Any]:
    if answer["kind"] == "funnel" and "steps" in answer:
        return [step["count"] for step in answer["steps"]]
    if answer["kind"] == "paths":
        return [answer["n_people"]]
    if answer["kind"] in ("adoption", "goes_with"):
        return [answer["active" if answer["kind"] == "adoption" else "n"]]
    if "view" in answer:
        return [value for series in answer["series"] for value in series.get("began", series["values"])]
    if answer["kind"] == "retention":
        return [cohort["size"] for cohort in answer["cohorts"]]
    if answer["kind"] == "lifecycle":
        return [value for state in LIFECYCLE_STATES for value in answer[state]]
    return [value for series in answer["series"] for value in series["values"]]


def _warnings(answer: dict[str, Any], chart: str) -> list[str]:
    question = question_of(answer)
    measures = {spec.get("measure", "total") for spec in question.get("series") or []}
    if question.get("formula"):
        measures = {"formula"}
    unknown = (answer.get("facts") or {}).get("unknown_events") or []
    if answer["kind"] == "goes_with":
        return [*say_found(answer), *(f"No event named “{name}” has come in yet." for name in unknown)]
    found = [f"No event named “{name}” has come in yet." for name in unknown]
    if chart == "area" and question.get("breakdown") and not measures <= set(ADDITIVE_MEASURES):
        what = (
            "A formula's parts do not add up"
            if question.get("formula")
            else "Stacked people may count in more than one part"
        )
        found.append(f"{what}, so the top is not their total.")
    if chart == "heatmap" and any(flag for cohort in answer["cohorts"] for flag in partial_cells(cohort)):
        found.append("* This interval is not over, so its share can still rise. Averages leave it out.")
    if question.get("compare") and chart == "line" and answer["kind"] in ("trend", "stickiness", "funnel", "adoption"):
        found.append(f"Dotted is the {'year' if question['compare'] == 'year' else 'period'} before.")
    if question.get("compare") and _has_no_before(answer, chart):
        found.append("The compared period is in the table.")
    if answer["kind"] == "funnel" and any(answer.get("partial") or []):
        window = question["window"]
        within = say_span(window["value"], window["unit"])
        found.append(f"Who began in the newest intervals still has time to convert, {within} from the first step.")
    elif any(flag for flag in answer.get("partial") or []) and chart not in ("table", "number"):
        found.append("The newest interval is not over: it is drawn dashed or hatched and counts only until now.")
    return found


def _has_no_before(answer: dict[str, Any], chart: str) -> bool:
    """Say whether the compared period's numbers are left to the table."""
    if chart == "bar" and answer["kind"] == "trend":
        return bool(question_of(answer).get("breakdown"))
    return (
        chart in ("funnel", "heatmap", "area", "sankey")
        or (chart == "line" and answer["kind"] == "retention")
        or (answer["kind"] == "lifecycle" and chart != "table")
    )


def _left_out(answer: dict[str, Any], chart: str) -> str:
    """Return what says that a chart shows the largest alone, "" where it shows all."""
    if answer["kind"] == "paths":
        return say_drawn(answer) if chart == "sankey" else ""
    if answer["kind"] == "goes_with":
        return "The table has the other events too." if chart != "table" and shown_effects(answer) else ""
    n_all, noun = count_series(answer), "series"
    if chart == "heatmap":
        n_all, most, noun = sum(1 for cohort in answer["cohorts"] if cohort["size"]), MOST_ROWS, "rows"
    elif chart == "number":
        most, noun = MOST_NUMBERS, "numbers"
        if answer["kind"] == "adoption":  # its score has four, however many features there are
            return ""
    else:
        most = MOST_DRAWN
    if chart == "table" or n_all <= most:
        return ""
    is_stack = chart in ("area", "bar") and stacks(answer, chart)
    if is_stack:
        rest = n_all - most + 1
        return f"{n_all} {noun} are too many to read: the chart adds up the {rest} smallest, the table has all of them."
    what = "largest" if question_of(answer).get("breakdown") and noun != "rows" else "first"
    return f"{n_all} {noun} are too many to read: the chart shows the {most} {what}, the table all of them."


def _with_people(table: Table, people_url: PeopleUrl | None, cells: dict[str, dict[str, Any]]) -> Table:
    if people_url is None:
        return table

    def link(cell: Cell) -> Cell:
        named = cells.get(cell.point)
        return replace(cell, cell=named, url=people_url(named)) if named and cell.value else cell

    return Table(table.columns, [[link(cell) for cell in row] for row in table.rows])


def cells_of(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the cell that `list_people` understands for each point of a chart, as {"series-bucket": cell}."""
    find = {
        "trend": _trend_cells,
        "funnel": _funnel_cells,
        "retention": _retention_cells,
        "stickiness": _stickiness_cells,
        "lifecycle": _lifecycle_cells,
        "paths": path_cells,
        "adoption": feature_cells,
        "goes_with": effect_cells,
    }.get(answer["kind"])
    return dict(find(answer)) if find else {}


Cells = Iterator[tuple[str, dict[str, Any]]]


def _group(element: dict[str, Any]) -> dict[str, Any]:
    if element.get("breakdown") is None:
        return {}
    return {key: element[key] for key in ("breakdown", "group") if key in element}


def _trend_cells(answer: dict[str, Any]) -> Cells:
    question = question_of(answer)
    if question.get("formula") or question.get("moving_average"):  # nobody in particular stands behind these
        return
    for number, series in enumerate(answer["series"]):
        for place, label in enumerate(answer["labels"]):
            yield f"{number}-{place}", {"series": series.get("index", number), "label": label, **_group(series)}


def _funnel_cells(answer: dict[str, Any]) -> Cells:
    if "series" in answer:
        yield from _converted_cells(answer)
        return
    for number, steps in enumerate(step_groups(answer).values()):
        for place, step in enumerate(steps):
            yield f"{number}-{place}", {"step": place + 1, **_group(step)}
            if place:
                yield f"{number}-{place}-lost", {"step": place + 1, "dropped": True, **_group(step)}


def _converted_cells(answer: dict[str, Any]) -> Cells:
    last = required_numbers(question_of(answer))[-1]
    for number, series in enumerate(answer["series"]):
        for place, label in enumerate(answer["labels"]):
            if answer["view"] == "histogram":
                yield f"{number}-{place}", {"from_s": label, "to_s": label + answer["bin_s"], **_group(series)}
                continue
            yield f"{number}-{place}", {"label": label, "step": last, **_group(series)}
            yield f"{number}-{place}-began", {"label": label, "step": 1, **_group(series)}


def _retention_cells(answer: dict[str, Any]) -> Cells:
    for number, cohort in enumerate(answer["cohorts"]):
        for column in range(len(cohort["values"])):
            yield f"{number}-{column}", {"row": cohort["label"], "column": column, **_group(cohort)}


def _stickiness_cells(answer: dict[str, Any]) -> Cells:
    for number, series in enumerate(answer["series"]):
        for place, label in enumerate(answer["labels"]):
            yield f"{number}-{place}", {"series": series.get("index", number), "label": label, **_group(series)}


def _lifecycle_cells(answer: dict[str, Any]) -> Cells:
    for number, part in enumerate(LIFECYCLE_STATES):
        for place, label in enumerate(answer["labels"]):
            yield f"{number}-{place}", {"label": label, "part": part}


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
    drawn = drawn_as(answer, chart)
    is_timely = answer["kind"] in ("trend", "lifecycle", "metric", "adoption") or answer.get("view") == "trend"
    has_time_axis = is_timely and drawn in ("line", "area", "bar")
    notes = (notes or []) if has_time_axis else []  # what is not drawn is not explained
    nothing = say_nothing(answer) if answer["kind"] == "goes_with" and chart != "table" else ()
    return ChartView(
        key=key,
        title=title,
        chart=chart,
        figure=None if nothing or chart in ("table", "number") else build_figure(answer, chart, notes),
        table=_with_people(_table(answer, chart), people_url, cells_of(answer)),
        caption=say_caption(answer),
        size=size or _tall(answer, drawn),
        headlines=build_headlines(answer) if chart == "number" else [],
        notes=notes,
        facts=fact_lines(answer),
        about=about_answer(answer, title),
        source_line=say_source(answer),
        warnings=_warnings(answer, drawn),
        left_out=_left_out(answer, drawn),
        csv_url=csv_url,
        open_url=open_url,
        is_empty=not any(_numbers(answer)),
        nothing=nothing,
        heading_level=heading_level,
    )


def _table(answer: dict[str, Any], chart: str) -> Table:
    """Return the numbers of a chart: of the engagement score its parts, not the features."""
    return score_table(answer) if (answer["kind"], chart) == ("adoption", "number") else chart_table(answer)


def _tall(answer: dict[str, Any], chart: str) -> str:
    """Return the size that a figure with many rows needs; the page reserves it before anything is drawn."""
    n_rows = 0
    if chart == "funnel":
        n_rows = len(answer["steps"])
        if n_rows <= 3:
            return "small"
    elif answer["kind"] == "goes_with" and chart != "table":
        n_rows = len(shown_effects(answer))
    elif chart == "sankey":
        return "tall" if most_in_a_step(answer) > 5 else ""
    elif chart == "heatmap":
        n_rows = min(len(answer["cohorts"]), MOST_ROWS)
    return "taller" if n_rows > 18 else "tall" if n_rows > 10 else ""
