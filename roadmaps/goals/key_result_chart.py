"""A key result's chart: its metric's line, the way to the target, and the forecast at the end of the cycle."""

from dataclasses import replace
from typing import Any

from insights.explore.public import ChartView
from insights.metrics.public import MetricValues, build_metric_view
from roadmaps.goals.contracts import Outlook
from roadmaps.goals.models import KeyResult

_ROOM = 1.08  # above the highest number drawn


def draw_key_result(key_result: KeyResult, values: MetricValues) -> ChartView:
    """Return the metric's line with the way that the number shall go, up to the end of the cycle."""
    view = build_metric_view(values, key=f"key-result-{key_result.pk}", title=key_result.title)
    if view.figure is None:
        return view
    outlook, share = key_result.forecast, 100 if values.is_rate else 1
    ends = (key_result.objective.cycle.starts_on.isoformat(), key_result.objective.cycle.ends_on.isoformat())
    traces = [*view.figure["data"], _way(key_result, ends, share)]
    reads = "Dotted: the straight way from the baseline to the target."
    heights = [key_result.baseline, key_result.target, *(one.value or 0 for one in values.points)]
    if outlook is not None and outlook.value is not None and outlook.high is not None and outlook.n_ahead:
        traces.append(_end(outlook, ends[1], share))
        heights.append(outlook.high)
        reads += " At the right: the forecast for the end of the cycle, with its 80 % interval."
    layout = dict(view.figure["layout"])
    first = min(values.points[0].starts_on.isoformat(), ends[0])
    last = max(values.points[-1].starts_on.isoformat(), ends[1])
    layout["xaxis"] = {**layout.get("xaxis", {}), "range": [first, last]}
    layout["yaxis"] = {**layout.get("yaxis", {}), "range": [min(0, *heights) * share, max(heights) * share * _ROOM]}
    figure = {**view.figure, "data": traces, "layout": layout}
    return replace(view, figure=figure, warnings=[reads, *view.warnings])


def _way(key_result: KeyResult, ends: tuple[str, str], share: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(ends),
        "y": [key_result.baseline * share, key_result.target * share],
        "name": "From baseline to target",
        "line": {"dash": "dot", "width": 2, "color": "var(--text-muted)"},
        "hoverinfo": "skip",
    }


def _end(outlook: Outlook, day: str, share: int) -> dict[str, Any]:
    """Return the forecast as a point with its interval."""
    value, low, high = ((one or 0.0) * share for one in (outlook.value, outlook.low, outlook.high))
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [day],
        "y": [value],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [high - value],
            "arrayminus": [value - low],
            "color": "var(--accent)",
        },
        "name": "Forecast with its 80 % interval",
        "marker": {"size": 9, "color": "var(--accent)"},
        "hovertemplate": "%{y:.1f}<extra></extra>",
        "cliponaxis": False,
    }
