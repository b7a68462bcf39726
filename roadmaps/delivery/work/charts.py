"""Charts of flow: items finished a week, and cycle times as dots with their percentiles. Pure."""

from collections.abc import Sequence
from typing import Any

from insights.explore.public import Cell, ChartView, Column, Table, base_layout, colour, value_axis
from roadmaps.delivery.work.contracts import CycleTimes, Week
from roadmaps.delivery.work.queries import DoneItem

MOST_DOTS = 1_500
_DATES = {
    "type": "date",
    "showgrid": False,
    "zeroline": False,
    "linecolor": "var(--border)",
    "tickcolor": "var(--border)",
    "ticks": "outside",
    "ticklen": 4,
    "automargin": "height",
    "nticks": 8,
    "tickformatstops": [
        {"dtickrange": [None, "M1"], "value": "%-d %b\n%Y"},
        {"dtickrange": ["M1", None], "value": "%b\n%Y"},
    ],
}


def draw_throughput(weeks: Sequence[Week], *, caption: str) -> ChartView:
    """Return items finished a week as bars; weeks without work are zeros."""
    labels = [week.starts_on.isoformat() for week in weeks]
    counts = [week.n_done for week in weeks]
    bars = {
        "type": "bar",
        "x": labels,
        "y": counts,
        "name": "items",
        "marker": {"color": colour(0)},
        "hovertemplate": "week of %{x|%-d %b %Y}: %{y}<extra></extra>",
    }
    top = max(counts, default=0) or 1
    layout = base_layout(xaxis=dict(_DATES), yaxis=value_axis(top=top), bargap=0.25)
    rows = [
        [
            Cell(week.starts_on.isoformat(), f"week of {week.starts_on:%-d %b %Y}", is_number=False),
            Cell(week.n_done, f"{week.n_done:,}"),
        ]
        for week in reversed(weeks)
    ]
    return ChartView(
        key="throughput",
        title="Finished a week",
        chart="bar",
        figure={"data": [bars], "layout": layout},
        table=Table([Column("Week"), Column("Finished", "items", True)], rows),
        caption=caption,
        nothing=() if weeks else ("No whole week yet.", "The first item that is finished begins the count."),
    )


def draw_cycle_times(done: Sequence[DoneItem], times: CycleTimes, *, caption: str) -> ChartView:
    """Return each finished item as a dot, by the day on which it was finished and the days that it took."""
    shown = done[:MOST_DOTS]
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": [one.finished_on.isoformat() for one in shown],
        "y": [one.days for one in shown],
        "name": "items",
        "marker": {"color": colour(0, 0.55), "size": 7, "line": {"width": 0}},
        "customdata": [[one.key, one.title[:80]] for one in shown],
        "hovertemplate": "<b>%{customdata[0]}</b> %{customdata[1]}<br>%{y} days, %{x|%-d %b %Y}<extra></extra>",
    }
    top = max((one.days for one in shown), default=0) or 1
    layout = base_layout(xaxis=dict(_DATES), yaxis=value_axis(top=top, suffix=" d"))
    layout["margin"] = {**layout["margin"], "r": 64}
    layout["shapes"], layout["annotations"] = _lines(times)
    rows = [
        [
            Cell(one.key, one.key, is_number=False),
            Cell(one.title, one.title or "without a title", is_number=False),
            Cell(one.finished_on.isoformat(), f"{one.finished_on:%-d %b %Y}", is_number=False),
            Cell(one.days, f"{one.days:,}" + (" (finished before it began)" if one.is_backwards else "")),
        ]
        for one in shown[:200]
    ]
    columns = [Column("Item"), Column("Title"), Column("Finished"), Column("Took", "days", True)]
    return ChartView(
        key="cycle-times",
        title="How long items took",
        chart="scatter",
        figure={"data": [dots], "layout": layout},
        table=Table(columns, rows),
        caption=caption,
        left_out=_left_out(len(done)),
        nothing=()
        if done
        else ("No cycle time is known.", "No finished item of this time says when work on it began."),
    )


def _lines(times: CycleTimes) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    shapes, notes = [], []
    for percent, days in ((50, times.p50), (85, times.p85), (95, times.p95)):
        if days is None:
            continue
        stroke = {"color": "var(--text-muted)", "width": 1, "dash": "dash"}
        shapes.append({"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": days, "y1": days, "line": stroke})
        notes.append(
            {
                "xref": "paper",
                "x": 1,
                "y": days,
                "xanchor": "left",
                "showarrow": False,
                "text": f"{percent} %: {days} d",
                "font": {"size": 11, "color": "var(--text-muted)"},
            }
        )
    return shapes, notes


def _left_out(n_done: int) -> str:
    if n_done > MOST_DOTS:
        return f"The newest {MOST_DOTS:,} of {n_done:,} items are drawn; the percentiles are of all. The table has 200."
    return f"The table has the newest 200 of {n_done:,} items; the list of items has all." if n_done > 200 else ""
