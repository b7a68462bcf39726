"""The number chart: the newest whole bucket of each series, its change and a sparkline."""

from typing import Any

from insights.explore.charts.features import score_headlines
from insights.explore.charts.reading import Line, Reading, read_answer
from insights.explore.charts.words import say_change, say_number
from insights.explore.contracts import Headline

_WIDTH, _HEIGHT = 100.0, 32.0


def sparkline(values: list[float | None]) -> str:
    """Return the points of an SVG polyline in a box 100 wide and 32 high, from zero up; "" under two values.

    >>> sparkline([0, 1])
    '0.0,31.0 100.0,1.0'
    """
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return ""
    top, bottom = max(value for _, value in known), min(0, *(value for _, value in known))
    scale = (_HEIGHT - 2) / ((top - bottom) or 1)
    step = _WIDTH / (len(values) - 1)
    return " ".join(f"{place * step:.1f},{_HEIGHT - 1 - (value - bottom) * scale:.1f}" for place, value in known)


def _say_compared(reading: Reading) -> str:
    period = "the year before" if reading.question.get("compare") == "year" else "the period before"
    return period if reading.interval == "all" else f"the same {reading.interval} of {period}"


def _headline(line: Line, before: Line | None, reading: Reading) -> Headline:
    newest = max(reading.n_whole - 1, 0)
    value = line.values[newest] if line.values else None
    if before is not None and newest < len(before.values):
        earlier, against = before.values[newest], _say_compared(reading)
    elif newest > 0:
        earlier, against = line.values[newest - 1], f"the {reading.interval} before"
    else:
        earlier, against = None, ""
    change = say_change(value, earlier)
    direction = "" if not change or value == earlier else ("up" if (value or 0) > (earlier or 0) else "down")
    when = reading.texts[newest] if reading.texts else ""
    is_open = newest < len(reading.partial) and reading.partial[newest]
    label = f"{line.name}, {line.unit}" if line.unit else line.name
    return Headline(
        label=label,
        text=say_number(value),
        detail=when + (", not over yet" if is_open else ""),
        change=f"{change} against {against}" if change else "",
        direction=direction,
        points=sparkline(line.values[: reading.n_whole or 1]),
    )


MOST_NUMBERS = 6


def build_headlines(answer: dict[str, Any], most: int = MOST_NUMBERS) -> list[Headline]:
    """Return one headline a series, at most `most`; the newest bucket that is over speaks."""
    if answer["kind"] == "adoption":
        return score_headlines(answer)[:most]
    if answer["kind"] == "metric":
        return [Headline(**one) for one in answer.get("headlines") or []]
    if answer["kind"] != "trend":
        return []
    reading = read_answer(answer)
    befores = {line.series_no: line for line in reading.lines if line.is_before}
    now = [line for line in reading.lines if not line.is_before]
    return [_headline(line, befores.get(line.series_no), reading) for line in now[:most]]
