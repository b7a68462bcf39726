"""Figures from answers, as plain Plotly JSON; knows neither Django nor the plotly package."""

from collections.abc import Callable
from typing import Any

from insights.explore.charts import cohorts, effects, flows, lines, steps
from insights.explore.charts.reading import drawn_as
from insights.explore.contracts import Note, pick_chart

Builder = Callable[[dict[str, Any], list[Note]], dict[str, Any]]


def _build_funnel(answer: dict[str, Any], notes: list[Note]) -> dict[str, Any]:
    """Draw a funnel as its view says: bars by step, a line over time, or bars by the time it took."""
    build = {"line": lines.build_line, "bar": lines.build_bar}.get(drawn_as(answer, "funnel"), steps.build_funnel)
    return build(answer, notes)


def _build_bar(answer: dict[str, Any], notes: list[Note]) -> dict[str, Any]:
    """Draw bars; of differences between shares, a mark each with its interval."""
    return effects.build_effects(answer) if answer["kind"] == "goes_with" else lines.build_bar(answer, notes)


_BUILDERS: dict[str, Builder] = {
    "line": lines.build_line,
    "area": lines.build_area,
    "bar": _build_bar,
    "number": lines.build_number,
    "funnel": _build_funnel,
    "heatmap": cohorts.build_heatmap,
    "sankey": flows.build_sankey,
}


def build_figure(answer: dict[str, Any], chart: str = "", notes: list[Note] | None = None) -> dict[str, Any]:
    """Build the Plotly figure {"data": […], "layout": {…}} of an answer.

    `chart` is one of CHART_TYPES; one that cannot draw this kind falls back to the kind's own. A table has no figure:
    its data is empty. Each mark carries its `point` ("series-bucket") second in `customdata`.
    """
    build = _BUILDERS.get(pick_chart(answer["kind"], chart))
    return build(answer, notes or []) if build else {"data": [], "layout": {}}
