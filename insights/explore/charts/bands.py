"""A line with the band in which it was expected, and marks where it was not. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from insights.explore.charts import frame
from insights.explore.charts.words import say_bucket, say_number, say_rate
from insights.explore.contracts import Cell, ChartView, Column, Note, Table


@dataclass(frozen=True)
class BandPoint:
    """One bucket: the value, what was expected, and whether it is marked; `remark` says why in the table."""

    label: str
    value: float | None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    is_marked: bool = False
    is_partial: bool = False
    remark: str = ""


def build_band_view(
    points: Sequence[BandPoint],
    *,
    key: str,
    title: str,
    caption: str,
    interval: str,
    is_rate: bool = False,
    unit: str = "",
    limit: float | None = None,
    notes: list[Note] | None = None,
    warnings: list[str] | None = None,
    heading_level: int = 2,
    band: str = "expected",
) -> ChartView:
    """Build what `components/chart.html` shows of a series with its band; `limit` is drawn as a line across.

    `band` says what the band is, where a reader points at it.
    """
    notes = notes or []
    return ChartView(
        key=key,
        title=title,
        chart="line",
        figure=_figure(points, interval, is_rate, limit, notes, band),
        table=_table(points, interval, is_rate, unit),
        caption=caption,
        notes=notes,
        warnings=warnings or [],
        is_empty=not any(point.value is not None for point in points),
        heading_level=heading_level,
    )


def _times(value: float | None, is_rate: bool) -> float | None:
    return value * 100 if is_rate and value is not None else value


def _figure(
    points: Sequence[BandPoint], interval: str, is_rate: bool, limit: float | None, notes: list[Note], band: str
) -> dict[str, Any]:
    labels = [point.label for point in points]
    traces = _band(points, is_rate)
    whole = [point for point in points if not point.is_partial]
    traces.append(_line(whole, is_rate, band))
    marked = [point for point in points if point.is_marked]
    traces.append(
        {
            "type": "scatter",
            "mode": "markers",
            "name": "told",
            "x": [point.label for point in marked],
            "y": [_times(point.value, is_rate) for point in marked],
            "marker": {"color": "var(--bad)", "size": 9, "symbol": "diamond", "line": {"width": 0}},
            "hoverinfo": "skip",
        }
    )
    numbers = [one for point in points for one in (point.value, point.low, point.high)]
    sizes = [_times(one, is_rate) or 0.0 for one in (*numbers, limit)]
    top, bottom = max(*sizes, 0.0) or 1.0, min(*sizes, 0.0)
    axis = {
        "type": "date",
        "showgrid": False,
        "zeroline": False,
        "linecolor": "var(--border)",
        "tickcolor": "var(--border)",
        "ticks": "outside",
        "ticklen": 4,
        "automargin": "height",
        "nticks": 10,
        "tickformatstops": [
            {"dtickrange": [None, 86_400_000 - 1], "value": "%H:%M\n%-d %b"},
            {"dtickrange": [86_400_000, "M1"], "value": "%-d %b\n%Y"},
            {"dtickrange": ["M1", None], "value": "%b\n%Y"},
        ],
    }
    layout = frame.base_layout(
        xaxis=axis, yaxis=frame.value_axis(top=max(top, -bottom), suffix=" %" if is_rate else ""), hovermode="x unified"
    )
    layout["yaxis"]["range"] = [bottom * 1.08, top * 1.08]
    if len(labels) > 1:
        layout["xaxis"]["range"] = [labels[0], labels[-1]]
    if limit is not None and labels:
        at = _times(limit, is_rate)
        stroke = {"color": "var(--bad)", "width": 1, "dash": "dash"}
        layout["shapes"] = [{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at, "line": stroke}]
    frame.draw_notes(layout, notes, labels)
    return {"data": traces, "layout": layout}


def _band(points: Sequence[BandPoint], is_rate: bool) -> list[dict[str, Any]]:
    """Return the band as pairs of edges, one pair for each stretch without a gap."""
    stretches: list[list[BandPoint]] = [[]]
    for point in points:
        if point.low is None or point.high is None:
            stretches.append([])
        else:
            stretches[-1].append(point)
    traces = []
    for stretch in stretches:
        if not stretch:
            continue
        x = [point.label for point in stretch]
        edge = {"type": "scatter", "mode": "lines", "x": x, "hoverinfo": "skip", "showlegend": False}
        none = {"width": 0, "color": "rgba(0,0,0,0)"}
        traces.append({**edge, "y": [_times(point.low, is_rate) for point in stretch], "line": none})
        high = [_times(point.high, is_rate) for point in stretch]
        traces.append({**edge, "y": high, "line": none, "fill": "tonexty", "fillcolor": "var(--chart-1)@0.14"})
    return traces


def _line(points: Sequence[BandPoint], is_rate: bool, band: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "value",
        "x": [point.label for point in points],
        "y": [_times(point.value, is_rate) for point in points],
        "connectgaps": False,
        "line": {"color": frame.colour(0), "width": 2.25},
        "customdata": [[_say(point.value, is_rate), _expected(point, is_rate, band)] for point in points],
        "hovertemplate": "%{customdata[0]}%{customdata[1]}<extra></extra>",
    }


def _say(value: float | None, is_rate: bool) -> str:
    return say_rate(value) if is_rate else say_number(round(value, 4) if value is not None else None)


def _expected(point: BandPoint, is_rate: bool, band: str) -> str:
    if point.low is None or point.high is None:
        return ""
    return f", {band} {_say(point.low, is_rate)} to {_say(point.high, is_rate)}"


def _table(points: Sequence[BandPoint], interval: str, is_rate: bool, unit: str) -> Table:
    has_band = any(point.low is not None for point in points)
    columns = [Column(interval.capitalize()), Column("Value", "%" if is_rate else unit, True)]
    if has_band:
        columns += [Column("Expected from", "", True), Column("to", "", True)]
    columns.append(Column("What was found"))
    rows = []
    for point in reversed(points):
        words = point.remark + (" so far" if point.is_partial and not point.remark else "")
        row = [
            Cell(point.label, say_bucket(point.label, interval), is_number=False),
            Cell(point.value, _say(point.value, is_rate), is_partial=point.is_partial, why_empty="No value"),
        ]
        if has_band:
            row += [Cell(one, _say(one, is_rate), why_empty="Not judged") for one in (point.low, point.high)]
        rows.append([*row, Cell(words, words or "as expected" if point.low is not None else words, is_number=False)])
    return Table(columns, rows)
