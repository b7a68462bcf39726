"""The retention heat-map: a row a cohort, a column an interval, the share that came back."""

from typing import Any

from insights.explore.charts import frame
from insights.explore.charts.reading import partial_cells, question_of
from insights.explore.charts.steps import say_bounds
from insights.explore.charts.words import say_breakdown, say_bucket, say_number, say_rate
from insights.explore.contracts import Note

MOST_ROWS = 36  # cohorts of a heat-map that can still be read
_MOST_WRITTEN = 16  # columns whose cells still have room for a number


def cell_rate(cohort: dict[str, Any], column: int) -> float | None:
    """Return a cell's rate 0-1; None where there are too few people to say."""
    return cohort["rates"][column]["rate"]


def row_name(cohort: dict[str, Any], interval: str) -> str:
    """Return a cohort's row in words."""
    name = say_bucket(cohort["label"], interval).removeprefix("week of ")
    return name if cohort.get("breakdown") is None else f"{name} · {say_breakdown(cohort['breakdown'])}"


def _text(cohort: dict[str, Any], column: int) -> str:
    rate = cell_rate(cohort, column)
    if rate is None:
        return f"n={cohort['values'][column]}" if cohort["size"] else ""
    return f"{rate * 100:.0f}" + ("*" if partial_cells(cohort)[column] else "")


def _hover(cohort: dict[str, Any], column: int, interval: str) -> str:
    rate = cell_rate(cohort, column)
    bounds = say_bounds(cohort["rates"][column])
    share = say_rate(rate) + (f" ({bounds})" if bounds else "")
    if rate is None:
        share = f"too few to say (n = {cohort['size']})"
    open_end = "<br>this interval is not over" if partial_cells(cohort)[column] else ""
    came_back = f"{say_number(cohort['values'][column])} of {say_number(cohort['size'])}"
    return f"{frame.escape(row_name(cohort, interval))}, {interval} {column}<br>{came_back}: {share}{open_end}"


def _short_names(shown: list[tuple[int, dict[str, Any]]], interval: str) -> list[str]:
    """Return the rows' names for a narrow screen: without size, and without a year that all of them share."""
    years = {str(cohort["label"])[:4] for _, cohort in shown}
    names = [row_name(cohort, interval) for _, cohort in shown]
    if len(years) == 1 and interval in ("day", "week"):
        names = [name.replace(f" {min(years)}", "", 1) for name in names]
    return [frame.escape(frame.shorten(name, 16)) for name in names]


def build_heatmap(answer: dict[str, Any], notes: list[Note]) -> dict[str, Any]:
    """Draw the rates of all cohorts; those of intervals that are not over carry a star."""
    interval = question_of(answer).get("interval", "day")
    cohorts = answer["cohorts"]
    n_columns = max((len(cohort["values"]) for cohort in cohorts), default=0)
    z: list[list[float | None]] = []
    texts, custom = [], []
    shown = [(number, cohort) for number, cohort in enumerate(cohorts) if cohort["size"]][:MOST_ROWS]
    for number, cohort in shown:
        columns = range(len(cohort["values"]))
        missing = n_columns - len(columns)
        z.append([cell_rate(cohort, column) for column in columns] + [None] * missing)
        texts.append([_text(cohort, column) for column in columns] + [""] * missing)
        marks = [[_hover(cohort, column, interval), f"{number}-{column}"] for column in columns]
        custom.append(marks + [["", ""]] * missing)
    later = [rate for row in z for rate in row[1:] if rate is not None]
    trace = {
        "type": "heatmap",
        "z": z,
        "x": [str(column) for column in range(n_columns)],
        "y": [f"{frame.escape(row_name(one, interval))}  ({say_number(one['size'])})" for _, one in shown],
        "text": texts,
        "texttemplate": "%{text}" if n_columns <= _MOST_WRITTEN else "",
        "textfont": {"size": 12, "color": "var(--text)"},
        "customdata": custom,
        "hovertemplate": "%{customdata[0]}<extra></extra>",
        "hoverongaps": False,
        "colorscale": [[0, "var(--surface-sunken)"], [1, "var(--chart-1)~0.55"]],
        "zmin": 0,
        "zmax": max([0.05, *later]),
        "showscale": False,
        "meta": {"short": _short_names(shown, interval)},
        "xgap": 2,
        "ygap": 2,
    }
    axis = {"type": "category", "showgrid": False, "zeroline": False, "ticks": "", "fixedrange": True}
    words = f"% who came back, by {interval}s after the start"
    title = {"text": words, "standoff": 4, "font": {"size": 12, "color": "var(--text-muted)"}}
    layout = frame.base_layout(
        xaxis={**axis, "side": "top", "tickangle": 0, "title": title},
        yaxis={**axis, "autorange": "reversed", "automargin": "width"},
    )
    layout["margin"] |= {"t": 48, "b": 8, "l": 120}
    return {"data": [trace], "layout": layout}
