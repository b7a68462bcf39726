"""What crosses the walls of messages: the content of a digest as values; no Django.

A room that people may subscribe to registers a `DigestSubject`; its `compose` returns these. Messages draws the charts,
writes the mail and the webhook's body, sends them once and keeps the log.
"""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class DigestSeries:
    """One line of a small chart; None is a gap. Colours go by place, as on the pages."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class DigestChart:
    """A small chart as values, so that equal charts are drawn once for everybody.

    labels: texts of the horizontal axis, one a value, oldest first. n_partial: how many of the last values are not over
    (drawn dashed or hatched). alt: the chart in words, for who does not see it. kind: "line" or "bar". low, high: a
    band round the first series, such as an interval or a forecast; empty for none.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[DigestSeries, ...]
    unit: str = ""
    alt: str = ""
    kind: str = "line"
    n_partial: int = 0
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class DigestLine:
    """One number and what it did: "Weekly active people", "4,812", "+3.1 % against the week before".

    weight: size of the change in units of its own noise (half the width of its 95 % interval): below 1 it is within
    noise and never shouted; 0 also where nothing can be said. noise: a short phrase that says so to a reader ("within
    its noise", "too few to say"). tone: "good", "bad" or "" where up is neither.
    """

    label: str
    value: str
    change: str = ""
    noise: str = ""
    weight: float = 0.0
    tone: str = ""
    url: str = ""

    @property
    def is_notable(self) -> bool:
        """Say whether the change is larger than its own noise."""
        return self.weight >= 1


@dataclass(frozen=True)
class DigestPart:
    """One section of a digest: a dashboard, a metric, a product.

    period, filters, zone and freshness are phrases ("1 to 30 Nov 2026, by day", "plan is “pro”", "Europe/Berlin",
    "Data until 21 Nov 2026, 23:59; computed 22 Nov 2026, 02:31"). problems: sentences about what could not be shown.
    url: the page's path. summary: a sentence over the lines, where they are no numbers with a noise of their own. No
    personal data: neither lists of people nor values of personal properties.
    """

    title: str
    url: str
    period: str = ""
    filters: str = ""
    zone: str = ""
    freshness: str = ""
    lines: tuple[DigestLine, ...] = ()
    charts: tuple[DigestChart, ...] = ()
    problems: tuple[str, ...] = ()
    left_out: str = ""
    summary: str = ""

    @property
    def is_notable(self) -> bool:
        """Say whether anything in it changed by more than its own noise, or could not be shown."""
        return bool(self.problems) or any(line.is_notable for line in self.lines)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


def read_part(value: dict[str, Any]) -> DigestPart:
    """Return a part from its plain values."""
    charts = tuple(
        DigestChart(
            **{
                **chart,
                **{name: tuple(chart[name]) for name in ("labels", "low", "high")},
                "series": tuple(DigestSeries(one["name"], tuple(one["values"])) for one in chart["series"]),
            }
        )
        for chart in value["charts"]
    )
    lines = tuple(DigestLine(**line) for line in value["lines"])
    return DigestPart(**{**value, "charts": charts, "lines": lines, "problems": tuple(value["problems"])})


@dataclass(frozen=True)
class Result:
    """What came of handing a message over: is_sent; else whether and why to try again, in a sentence.

    is_unknown: the other side may have taken it; a mail is then not sent again.
    """

    is_sent: bool
    sentence: str
    can_retry: bool = False
    is_unknown: bool = False
    n_bytes: int = 0
    details: dict[str, Any] = field(default_factory=dict)
