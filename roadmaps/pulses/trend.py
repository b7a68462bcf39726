"""How the pulses of a product moved from one to the next."""

from dataclasses import dataclass
from typing import Any

from roadmaps.pulses.contracts import BEST
from roadmaps.pulses.models import Pulse

_MOST = 24
_WIDTH, _HEIGHT = 120, 24  # of a line drawn by components/sparkline.html
NUMBERS = {
    "vision": ("Vision", 1, BEST),
    "execution": ("Execution", 1, BEST),
    "w": ("Agreement on the goals", 0, 1),
    "between": ("Between functions", 0, 1),
}


@dataclass(frozen=True)
class TrendRow:
    """One closed pulse beside the others of its product; `said` has each number as text, "" where too few answered."""

    pulse: Pulse
    values: dict[str, float | None]
    said: list[str]


@dataclass(frozen=True)
class Trend:
    """The rows, the newest first, and a line of points for each number."""

    rows: list[TrendRow]
    heads: list[tuple[str, str]]


def number_of(pulse: Pulse, name: str) -> float | None:
    """Return one of the four numbers of a closed pulse; ratings 1 to 5, agreement 0 to 1."""
    if name == "between":
        return (pulse.results.get("between") or {}).get("w")
    if name == "w":
        return (pulse.results.get("ranking", {}).get("whole") or {}).get("w")
    return (pulse.results.get(name, {}).get("whole") or {}).get("mean")


def read_trend(product_id: int, user: Any) -> Trend:
    """Return the closed pulses of a product that a user may see."""
    closed = Pulse.objects.visible_to(user).filter(product=product_id, state=Pulse.State.CLOSED)
    pulses = list(closed.order_by("-closed_at", "-pk")[:_MOST])
    rows = []
    for pulse in pulses:
        values = {name: number_of(pulse, name) for name in NUMBERS}
        rows.append(TrendRow(pulse, values, [say_number(name, value) for name, value in values.items()]))
    heads = [
        (label, _points([row.values[name] for row in reversed(rows)], low, high))
        for name, (label, low, high) in NUMBERS.items()
    ]
    return Trend(rows, heads)


def say_number(name: str, value: float | None) -> str:
    """Return a number as text: ratings with one digit, agreement with two."""
    return "" if value is None else f"{value:.1f}" if NUMBERS[name][2] == BEST else f"{value:.2f}"


def _points(values: list[float | None], low: float, high: float) -> str:
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return ""
    step = _WIDTH / (len(values) - 1)
    height = [_HEIGHT - 1 - (_HEIGHT - 2) * (value - low) / (high - low) for _, value in known]
    return " ".join(f"{place * step:.4g},{y:.4g}" for (place, _), y in zip(known, height, strict=True))
