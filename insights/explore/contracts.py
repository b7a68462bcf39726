"""The values that cross this room's wall: charts, their tables and the notes drawn on them. No Django."""

from dataclasses import dataclass, field
from typing import Any

from insights.questions.words import say_day

CHART_TYPES = {
    "line": "Line",
    "bar": "Bar",
    "area": "Stacked area",
    "number": "Number",
    "funnel": "Funnel",
    "heatmap": "Retention heat-map",
    "sankey": "Flow",
    "table": "Table",
}

# The first of each is drawn when nobody has chosen.
CHARTS_BY_KIND = {
    "trend": ("line", "bar", "area", "number", "table"),
    "funnel": ("funnel", "table"),
    "retention": ("heatmap", "line", "table"),
    "stickiness": ("bar", "line", "table"),
    "lifecycle": ("bar", "table"),
    "paths": ("sankey", "table"),
    "goes_with": ("bar", "table"),
    "adoption": ("line", "number", "table"),
}
METRIC_CHARTS = ("line", "bar", "number", "table")  # of stored values, which no question asks


def pick_chart(kind: str, wanted: str = "") -> str:
    """Return the wanted chart type if it can draw this kind of question, else the kind's own."""
    fitting = METRIC_CHARTS if kind == "metric" else CHARTS_BY_KIND.get(kind, ("table",))
    return wanted if wanted in fitting else fitting[0]


@dataclass(frozen=True)
class Note:
    """An annotation on a chart: local days as ISO text; `ends_on` empty for a single day.

    `number` ties the mark in the drawing to the words below; 0 for its place among the chart's notes.
    """

    starts_on: str
    text: str
    ends_on: str = ""
    url: str = ""
    number: int = 0

    @property
    def days(self) -> str:
        """Return the day or the days in words."""
        first = say_day(self.starts_on)
        return f"{first} to {say_day(self.ends_on)}" if self.ends_on and self.ends_on != self.starts_on else first


@dataclass(frozen=True)
class Column:
    """A column of a chart's table; `unit` stands in the head ("people", "%"), numbers are right-aligned."""

    label: str
    unit: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Cell:
    """A value of a chart's table: `value` is exact (number, text or None), `text` is what the page shows.

    `cell` names the number to `list_people`; None where nobody stands behind it. `why_empty` says why there is no
    value. `point` ties the cell to its mark in the figure, as "series-bucket"; `url` opens the people behind it.
    """

    value: Any
    text: str
    cell: dict[str, Any] | None = None
    why_empty: str = ""
    is_partial: bool = False
    is_number: bool = True
    point: str = ""
    url: str = ""
    form: str = ""  # of the value: "rate" of 0 to 1, "seconds"; "" for the number as it is


@dataclass(frozen=True)
class Table:
    """The numbers of a chart, row by row."""

    columns: list[Column]
    rows: list[list[Cell]]


@dataclass(frozen=True)
class Headline:
    """The number chart: the last whole bucket's value, its change against what came before, and a sparkline.

    `points` is an SVG polyline in a box 100 wide and 32 high; empty when there is nothing to draw.
    """

    label: str
    text: str
    detail: str = ""
    change: str = ""
    direction: str = ""  # "up", "down" or ""
    tone: str = ""  # "good" or "bad" where that is known, else ""
    interval: str = ""  # of the change, in words
    points: str = ""


@dataclass(frozen=True)
class FactLine:
    """One line of "why this number"."""

    label: str
    text: str
    is_code: bool = False
    at: Any = None  # an aware time, shown in the reader's zone instead of `text`


@dataclass(frozen=True)
class ChartView:
    """All that `components/chart.html` shows; built by `build_chart_view`."""

    key: str
    title: str
    chart: str
    figure: dict[str, Any] | None
    table: Table
    caption: str
    size: str = ""
    headlines: list[Headline] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    facts: list[FactLine] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    left_out: str = ""  # says that the table has more than the chart
    csv_url: str = ""  # of the numbers as CSV; with format=xlsx as XLSX
    open_url: str = ""
    about: list[tuple[str, str]] = field(default_factory=list)  # what a file of these numbers says of itself
    source_line: str = ""  # the same in one line, printed on pictures
    is_empty: bool = False
    nothing: tuple[str, ...] = ()  # title and words in the drawing's place, where an answer leaves nothing to draw
    heading_level: int = 2

    @property
    def xlsx_url(self) -> str:
        """Return the address of the numbers as XLSX, "" where they are no file."""
        return f"{self.csv_url}{'&' if '?' in self.csv_url else '?'}format=xlsx" if self.csv_url else ""

    @property
    def figure_id(self) -> str:
        """Return the id of the figure's JSON on the page."""
        return f"chart-{self.key}-figure"
