"""Charts of forecasts: how the dates drifted, and the chance of being done by the end of each week. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from insights.explore.public import Cell, ChartView, Column, Table, base_layout, colour, value_axis
from roadmaps.delivery.forecasts.contracts import PERCENTS, Answer
from roadmaps.delivery.forecasts.models import Forecast
from roadmaps.delivery.forecasts.monte_carlo import last_day_of

_AXIS = {
    "type": "date",
    "showgrid": False,
    "zeroline": False,
    "linecolor": "var(--border)",
    "tickcolor": "var(--border)",
    "ticks": "outside",
    "ticklen": 4,
    "nticks": 8,
    "automargin": True,
    "tickformatstops": [
        {"dtickrange": [None, "M1"], "value": "%-d %b\n%Y"},
        {"dtickrange": ["M1", None], "value": "%b\n%Y"},
    ],
}
_LINES = {50: ("dot", 1.5), 85: ("solid", 2.25), 95: ("dash", 1.5)}
_MOST_WEEKS = 60


def draw_drift(forecasts: Sequence[Forecast], *, title: str, key: str) -> ChartView:
    """Return when a thing was said to be done, by the day on which that was said; the newest forecast last."""
    rows = [one for one in forecasts if not one.why_none]
    layout = base_layout(xaxis=dict(_AXIS), yaxis={**_AXIS, "showgrid": True, "gridcolor": "var(--border)"})
    layout["hovermode"] = "x unified"
    layout["margin"] = {**layout["margin"], "l": 72, "r": 84}
    layout["annotations"] = _ends(rows)
    caption = ""
    if rows:
        layout["xaxis"]["range"] = _range([one.made_on for one in rows], around=0)
        layout["yaxis"]["range"] = _range([day for one in rows for day in _dates(one)], around=0.08)
        caption = f"{rows[0].made_on:%-d %b %Y} to {rows[-1].made_on:%-d %b %Y}, by the day on which it was said"
    return ChartView(
        key=key,
        title=title,
        chart="line",
        figure={"data": _drift_lines(rows), "layout": layout},
        table=_drift_table(forecasts),
        caption=caption,
        nothing=() if rows else ("No date could be said yet.", "The table has the days on which it was tried."),
    )


def _drift_lines(rows: Sequence[Forecast]) -> list[dict[str, Any]]:
    days = [one.made_on.isoformat() for one in rows]
    traces: list[dict[str, Any]] = []
    for percent in PERCENTS:
        dash, width = _LINES[percent]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers" if len(rows) < 15 else "lines",
                "name": f"{percent} %",
                "x": days,
                "y": [_iso(getattr(one, f"p{percent}")) for one in rows],
                "line": {"color": colour(0), "width": width, "dash": dash, "shape": "hv"},
                "marker": {"size": 5, "color": colour(0)},
                "hovertemplate": f"{percent} % by %{{y|%-d %b %Y}}<extra></extra>",
            }
        )
    if not any(one.promised_on for one in rows):
        return traces
    promised = {
        "type": "scatter",
        "mode": "lines+markers" if len(rows) < 15 else "lines",
        "name": "promised",
        "x": days,
        "y": [_iso(one.promised_on) for one in rows],
        "line": {"color": colour(1), "width": 2, "shape": "hv"},
        "marker": {"size": 5, "color": colour(1)},
        "hovertemplate": "promised for %{y|%-d %b %Y}<extra></extra>",
    }
    return [*traces, promised]


def _dates(one: Forecast) -> list[date]:
    return [day for day in (*(getattr(one, f"p{percent}") for percent in PERCENTS), one.promised_on) if day]


def _range(days: Sequence[date], around: float) -> list[str]:
    """Return the ends of an axis over days, wider by a share of their span; one day alone would be cut into hours."""
    if not days:
        return []
    first, last = min(days), max(days)
    wider = timedelta(days=4) if first == last else (last - first) * around
    return [(first - wider).isoformat(), (last + wider).isoformat()]


def _drift_table(forecasts: Sequence[Forecast]) -> Table:
    names = ("Said on", "50 %", "85 %", "95 %", "Promised")
    rows = [
        [
            Cell(one.made_on.isoformat(), f"{one.made_on:%-d %b %Y}", is_number=False),
            *(_day(getattr(one, f"p{percent}"), one.why_none) for percent in PERCENTS),
            _day(one.promised_on, "none"),
            Cell(one.n_left, f"{one.n_left:,}"),
        ]
        for one in reversed(forecasts)
    ]
    return Table([*(Column(name) for name in names), Column("Left", "items", True)], rows)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(day: date | None, why: str) -> Cell:
    if day is None:
        return Cell(None, "", is_number=False, why_empty=why or "later than ten years")
    return Cell(day.isoformat(), f"{day:%-d %b %Y}", is_number=False)


def _ends(rows: Sequence[Forecast]) -> list[dict[str, Any]]:
    """Return the names of the lines at their right ends, kept apart by the page; two that end on one day share one."""
    if not rows:
        return []
    last, named = rows[-1], {}
    for percent in PERCENTS:
        if day := getattr(last, f"p{percent}"):
            named.setdefault(day, []).append(f"{percent} %")
    notes = [(day, ", ".join(texts), "var(--text-muted)") for day, texts in named.items()]
    if last.promised_on and last.promised_on not in named:
        notes.append((last.promised_on, "promised", colour(1)))
    return [
        {
            "x": 1,
            "xref": "paper",
            "y": day.isoformat(),
            "text": text,
            "xanchor": "left",
            "showarrow": False,
            "xshift": 6,
            "font": {"size": 11, "color": tone},
        }
        for day, text, tone in notes
    ]


def draw_chances(answer: Answer, today: date) -> ChartView:
    """Return the chance that so many items are done by the end of each week."""
    chances = answer.chances[:_MOST_WEEKS]
    days = [last_day_of(week, today) for week in range(1, len(chances) + 1)]
    bars = {
        "type": "bar",
        "x": [_iso(day) for day in days],
        "y": [100 * chance for chance in chances],
        "marker": {"color": [colour(0) if chance >= 0.85 else colour(0, 0.45) for chance in chances]},
        "hovertemplate": "by %{x|%-d %b %Y}: %{y:.0f} %<extra></extra>",
    }
    layout = base_layout(xaxis=dict(_AXIS), yaxis=value_axis(top=100, suffix=" %"), bargap=0.2)
    rows = [
        [
            Cell(_iso(day), f"{day:%-d %b %Y}", is_number=False),
            Cell(chance, f"{100 * chance:.1f} %"),
        ]
        for day, chance in zip(days, chances, strict=True)
        if day
    ]
    return ChartView(
        key="chances",
        title=f"Chance that {answer.n_items:,} items are done",
        chart="bar",
        figure={"data": [bars], "layout": layout},
        table=Table([Column("By the end of"), Column("Chance", "%", True)], rows),
        caption="by the last day of each week; full colour from 85 % on",
    )
