"""The charts of metrics: stored values as a line, bars, a number or a table, with what was restated marked. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from insights.explore.public import Cell, ChartView, Column, Headline, Note, Table, build_chart_view, sparkline
from insights.metrics.changes import change_at
from insights.metrics.contracts import Change, MetricValues, Point
from insights.metrics.definitions import last_day
from insights.metrics.words import say_change, say_interval, say_period, say_value
from insights.questions.differences import weight_of
from insights.questions.words import INTERVAL_WORDS, say_day
from portal.messages.contracts import DigestLine

_MOST_IN_SPARKLINE = 30
_WHY_EMPTY = {True: "too few to say (fewer than 5)", False: "nothing to measure here"}


def metric_answer(values: MetricValues, since: date | None, until: date | None) -> dict[str, Any]:
    """Return stored values between two days in the shape of an answer, for charts of other rooms.

    The number that it carries is the newest whole period's, whatever the days.
    """
    shown = replace(
        values,
        points=tuple(
            point
            for point in values.points
            if (not since or point.starts_on >= since) and (not until or point.starts_on <= until)
        ),
    )
    answer = as_answer([shown])
    return {**answer, "headlines": [vars(build_headline(values))], "line": vars(digest_line(values))}


def digest_line(values: MetricValues, url: str = "") -> DigestLine:
    """Return the newest whole period as a line of a digest; a weight of 1 is the edge of the change's interval."""
    headline, change = build_headline(values), values.change
    weight = weight_of(change.amount, change.low, change.high) if change else 0.0
    noise = "" if weight >= 1 else "within its noise" if weight else (change.why_none if change else "")
    return DigestLine(values.name, headline.text, headline.change, noise, weight, headline.tone, url)


def build_metric_view(
    values: MetricValues,
    chart: str = "line",
    *,
    key: str,
    title: str = "",
    notes: list[Note] | None = None,
    csv_url: str = "",
    open_url: str = "",
    size: str = "",
    heading_level: int = 2,
) -> ChartView:
    """Return a metric's stored values as a chart of the usual component."""
    answer = as_answer([values])
    view = build_chart_view(
        answer,
        chart,
        key=key,
        title=title or values.name,
        notes=notes,
        csv_url=csv_url,
        open_url=open_url,
        size=size,
        heading_level=heading_level,
    )
    figure = view.figure
    if figure is not None:
        figure = {**figure, "data": [*figure["data"], *_restated_marks(values)]}
    headlines = [build_headline(values)] if view.chart == "number" else []
    return replace(
        view,
        figure=figure,
        table=build_table(values),
        caption=say_caption(values),
        headlines=headlines,
        warnings=[*view.warnings, *_say_restated(values)],
    )


def build_comparison(
    old: MetricValues, new: MetricValues, *, key: str, title: str, names: tuple[str, str]
) -> ChartView:
    """Return two versions of a metric in one chart: what it says now, and what it would say or once said."""
    answer = as_answer([replace(line, name=name) for line, name in zip((old, new), names, strict=True)])
    view = build_chart_view(answer, "line", key=key, title=title)
    units = list(dict.fromkeys(f"{line.unit} {name}" for line, name in zip((old, new), names, strict=True)))
    shown = old if old.unit == new.unit else replace(old, unit=" and ".join(units))
    return replace(view, caption=say_caption(shown), facts=[])


def as_answer(lines: Sequence[MetricValues]) -> dict[str, Any]:
    """Return stored values in the shape of an answer, label by label; lines may have different periods."""
    days = sorted({point.starts_on for line in lines for point in line.points})
    found = [{point.starts_on: point for point in line.points} for line in lines]
    series = [
        {
            "name": line.name,
            "unit": "%" if line.is_rate else line.unit,
            "is_rate": line.is_rate,
            "values": [one.value if (one := points.get(day)) else None for day in days],
        }
        for line, points in zip(lines, found, strict=True)
    ]
    return {
        "kind": "metric",
        "interval": lines[0].interval,
        "labels": [day.isoformat() for day in days],
        "partial": [any(points[day].is_partial for points in found if day in points) for day in days],
        "series": series,
        "facts": {**lines[0].facts, **_covered(lines[0], days)},
    }


def _covered(values: MetricValues, days: list[date]) -> dict[str, Any]:
    """Return the range that is shown, in the shape of an answer's facts."""
    if not days:
        return {}
    last = last_day(days[-1], values.interval)
    ends = {"from": f"{days[0].isoformat()}T00:00:00", "to": f"{last.isoformat()}T23:59:59.999999"}
    return {"range": {**ends, "timezone": values.timezone}}


def say_caption(values: MetricValues) -> str:
    """Return the line under the title: days, interval, unit and time zone in words."""
    every = f"by {INTERVAL_WORDS.get(values.interval, values.interval)}"
    parts = [every, values.unit, f"time zone {values.timezone}"]
    if values.points:
        parts.insert(0, f"since {say_day(values.points[0].starts_on.isoformat())}")
    return " · ".join(part for part in parts if part)


def build_headline(values: MetricValues) -> Headline:
    """Return the newest whole period as a number, with its change, the change's interval and a sparkline."""
    newest, change = values.newest, values.change
    whole = [point.value for point in values.points if not point.is_partial][-_MOST_IN_SPARKLINE:]
    return Headline(
        label=values.name,
        text=say_value(newest.value if newest else None, is_rate=values.is_rate),
        detail=say_period(newest.starts_on, values.interval) + f", {values.unit}" * bool(values.unit)
        if newest
        else "no whole period yet",
        change=_say_change(change, values),
        direction="" if not change or not change.amount else "up" if change.amount > 0 else "down",
        tone=change.tone(values.direction) if change else "",
        interval=say_interval(change, is_rate=values.is_rate),
        points=sparkline(whole),
    )


def _say_change(change: Change | None, values: MetricValues) -> str:
    said = say_change(change, is_rate=values.is_rate)
    return f"{said} against {say_before(values.interval)}" if said else ""


def say_before(interval: str) -> str:
    """Return the period that a period is compared with, in words."""
    return "the same day a week before" if interval == "day" else f"the {interval} before"


def _restated_marks(values: MetricValues) -> list[dict[str, Any]]:
    scale = 100 if values.is_rate else 1
    points = [point for point in values.points if point.is_restated and point.value is not None]
    if not points:
        return []
    words = [f"restated, was {say_value(point.restated_from, is_rate=values.is_rate)}" for point in points]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "restated",
            "showlegend": False,
            "cliponaxis": False,
            "x": [point.starts_on.isoformat() for point in points],
            "y": [(point.value or 0) * scale for point in points],
            "customdata": [[word, ""] for word in words],
            "hovertemplate": "%{customdata[0]}<extra></extra>",
            "marker": {"color": "var(--surface)", "size": 9, "symbol": "diamond",
                       "line": {"color": "var(--warn)", "width": 2}},
        }
    ]  # fmt: skip


def _say_restated(values: MetricValues) -> list[str]:
    n = sum(point.is_restated for point in values.points)
    if not n:
        return []
    what = "1 period was" if n == 1 else f"{n} periods were"
    return [f"{what} restated after it was over; a diamond marks it, and the table says what it was before."]


def build_table(values: MetricValues) -> Table:
    """Return the numbers: value, the counts behind a rate, change with its interval, and what was restated."""
    head = [Column(values.interval.capitalize()), Column("Value", values.unit, is_number=True)]
    if values.is_rate:
        head += [Column("Of them", is_number=True), Column("All", is_number=True)]
    head += [
        Column("Change", f"against {say_before(values.interval)}", is_number=True),
        Column("95 % interval", is_number=True),
    ]
    has_restated = any(point.is_restated for point in values.points)
    if has_restated:
        head.append(Column("Restated"))
    rows = []
    for place, point in enumerate(values.points):
        change = change_at(values.points, place, interval=values.interval, measure=values.measure)
        rows.append(_row(values, point, None if point.is_partial else change, has_restated))
    return Table(head, rows)


def _row(values: MetricValues, point: Point, change: Change | None, has_restated: bool) -> list[Cell]:
    is_rate = values.is_rate
    form = "rate" if is_rate else ""
    why = _WHY_EMPTY[is_rate] if point.value is None else ""
    row = [
        Cell(point.starts_on.isoformat(), say_period(point.starts_on, values.interval), is_partial=point.is_partial),
        Cell(point.value, say_value(point.value, is_rate=is_rate), why_empty=why, form=form),
    ]
    if is_rate:
        counts = (point.n_success, point.n_total)
        row += [Cell(count, say_value(count, is_rate=False)) for count in counts]
    row += [
        Cell(
            change.amount if change else None,
            say_change(change, is_rate=is_rate),
            why_empty=_why_no_change(change),
            form=form,
        ),
        Cell(
            None if change is None or change.low is None else f"{change.low} to {change.high}",
            say_interval(change, is_rate=is_rate).removeprefix("95 % interval "),
        ),
    ]
    if has_restated:
        row.append(_restated_cell(point, is_rate))
    return row


def _why_no_change(change: Change | None) -> str:
    return "nothing to compare with" if change is None else change.why_none if change.amount is None else ""


def _restated_cell(point: Point, is_rate: bool) -> Cell:
    if not point.is_restated:
        return Cell(None, "", why_empty="as it was first said", is_number=False)
    before, now = (say_value(value, is_rate=is_rate) for value in (point.restated_from, point.value))
    return Cell(point.restated_from, f"{before} → {now}: {point.restated_why}", is_number=False)
