"""From one answer to what a digest says of it: the newest whole bucket, its change, and how sure that is. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from insights.explore.charts.reading import Line, Reading, partial_cells, question_of, read_answer
from insights.explore.charts.steps import say_bounds, step_groups
from insights.explore.charts.words import MINUS, say_change, say_number, say_rate
from insights.questions.differences import TOO_FEW, Likely, earlier_changes, of_counts, of_rates, of_values, weight_of
from insights.questions.rates import MIN_N, wilson_interval
from insights.questions.words import INTERVAL_WORDS
from portal.messages.contracts import DigestChart, DigestLine, DigestSeries

COUNTS = frozenset({"total", "persons", "weekly_active", "monthly_active", "first_time"})
MOST_SERIES = 3
MOST_BUCKETS = 90
_SINGULAR = {"people": "person", "accounts": "account", "events": "event"}
_SHORT_UNITS = frozenset(_SINGULAR)
FEW = 20  # below, a percentage would shout: the difference itself is told
LEAST_FOR_NEWS = 20  # of so few people a rate is no news, however large its change
WITHIN = "within its noise"


@dataclass(frozen=True)
class Move:
    """A line of a digest with its chart; `key` is equal for equal numbers of different tiles."""

    line: DigestLine
    chart: DigestChart | None
    key: tuple[Any, ...]


def moves_of(
    answer: dict[str, Any], *, title: str, chart: str, url: str, key: str, more: dict | None = None
) -> list[Move]:
    """Return what is to be said of an answer; empty where there is no period to compare, as in paths.

    `more` is the same funnel by week, whose newest whole week is compared with the one before.
    """
    find = {
        "metric": _metric,
        "trend": _trend,
        "lifecycle": _lifecycle,
        "retention": _retention,
        "funnel": _funnel,
    }.get(answer["kind"])
    return (
        [Move(line, drawn, (key, place)) for place, line, drawn in find(answer, title, chart, url, more)]
        if find
        else []
    )


Found = Iterator[tuple[Any, DigestLine, DigestChart | None]]


def lag_of(reading: Reading) -> int:
    """Return how many buckets back a fair comparison lies: the same day a week before, the same hour a day before."""
    lag = {"day": 7, "hour": 24}.get(reading.interval, 1)
    return lag if reading.n_whole > 2 * lag else 1


def _against(reading: Reading, lag: int) -> str:
    if lag == 7:
        return "the same day a week before"
    if lag == 24:
        return "the same hour a day before"
    return f"the {INTERVAL_WORDS.get(reading.interval, reading.interval)} before"


def _trend(answer: dict, title: str, chart: str, url: str, more: dict | None) -> Found:
    reading = read_answer(answer)
    lines = [line for line in reading.lines if not line.is_before][:MOST_SERIES]
    drawn = draw(reading, title, chart, url) if reading.n_whole > 1 else None
    for line in lines:
        label = title if len(lines) == 1 else f"{title}: {line.name}"
        yield line.series_no, _line_of(line, reading, label, url), drawn


def _metric(answer: dict, title: str, chart: str, url: str, more: dict | None) -> Found:
    """Say of a metric what the metrics room says: its newest whole period, whatever the dashboard's dates."""
    reading = read_answer(answer)
    drawn = draw(reading, title, chart, url) if reading.n_whole > 1 else None
    yield 0, DigestLine(**{**answer["line"], "label": title, "url": url}), drawn


def _line_of(line: Line, reading: Reading, label: str, url: str) -> DigestLine:
    newest = max(reading.n_whole - 1, 0)
    value = line.values[newest] if line.values else None
    when = reading.texts[newest] if reading.is_time and reading.texts else ""
    unit = line.unit if line.unit in _SHORT_UNITS else ""
    text = f"{say_number(value)} {_SINGULAR[unit] if value == 1 and unit else unit}".rstrip()
    lag = lag_of(reading)
    before = line.values[newest - lag] if newest >= lag else None
    if value is None or before is None:
        return DigestLine(label, text, noise=when, url=url)
    question = reading.question
    if question.get("cumulative"):
        said = f"{_say_difference(value, before)} since {_against(reading, lag)}"
        return DigestLine(label, text, said, f"{when} · running total", url=url)
    is_count = line.measure in COUNTS and not question.get("moving_average") and not question.get("formula")
    likely = (of_counts if is_count else of_values)(value, before, earlier_changes(line.values[:newest], lag))
    weight = weight_of(value - before, likely.low, likely.high)
    verdict = (is_count and _say_likely(likely, before, weight)) or _verdict(likely, weight)
    change = f"{_say_difference(value, before)} against {_against(reading, lag)}"
    return DigestLine(label, text, change, " · ".join(filter(None, [when, verdict])), weight, url=url)


def _verdict(likely: Likely, weight: float) -> str:
    return likely.why_none or (WITHIN if weight < 1 else "more than its noise")


def _say_likely(likely: Likely, before: float, weight: float) -> str:
    """Return the likely range of a count's change in words, "" where it is not more than noise."""
    if likely.low is None or likely.high is None or weight < 1:
        return ""
    if before < FEW:
        return f"likely {likely.low:+.0f} to {likely.high:+.0f}"
    return f"likely {likely.low / before * 100:+.0f} to {likely.high / before * 100:+.0f} %"


def _say_difference(now: float, before: float) -> str:
    if now == before:
        return "no change"
    if abs(now) < FEW and abs(before) < FEW and float(now).is_integer() and float(before).is_integer():
        return f"{now - before:+,.0f}"
    return say_change(now, before) or f"{'+' if now > before else MINUS}{say_number(abs(now - before))}"


def _lifecycle(answer: dict, title: str, chart: str, url: str, more: dict | None) -> Found:
    reading = read_answer(answer)
    drawn = draw(reading, title, "bar", url) if reading.n_whole > 1 else None
    for line in reading.lines:
        if line.is_before or line.name == "returning":
            continue
        sizes = [None if value is None else abs(value) for value in line.values]
        counted = Line(line.name, sizes, line.unit, line.series_no, measure="persons")
        yield line.series_no, _line_of(counted, reading, f"{title}: {line.name}", url), drawn


def _say_points(now: float, before: float) -> str:
    points = (now - before) * 100
    return "no change" if abs(points) < 0.05 else f"{points:+.1f} points".replace("-", MINUS)


def _rate_line(
    label: str, url: str, when: str, against: str, now: tuple[int, int], before: tuple[int, int]
) -> DigestLine:
    (k_now, n_now), (k_before, n_before) = now, before
    if n_now < MIN_N:
        return DigestLine(label, say_rate(None), noise=f"{when} · {TOO_FEW} (n = {n_now})", url=url)
    rate = k_now / n_now
    if n_before < MIN_N:
        return DigestLine(label, say_rate(rate), noise=f"{when} · n = {n_now:,}", url=url)
    likely, is_news = of_rates(now, before), min(n_now, n_before) >= LEAST_FOR_NEWS
    weight = weight_of(rate - k_before / n_before, likely.low, likely.high)
    change = f"{_say_points(rate, k_before / n_before)} against {against}"
    low, high = wilson_interval(k_now, n_now)
    bounds = say_bounds({"low": low, "high": high})
    verdict = _verdict(likely, weight) if is_news else TOO_FEW
    said = f"{when} · {verdict} · likely {bounds}, n = {n_now:,}"
    return DigestLine(label, say_rate(rate), change, said, weight if is_news else min(weight, 0.99), url=url)


def _retention(answer: dict, title: str, chart: str, url: str, more: dict | None) -> Found:
    """Compare who came back after one interval: the newest row that knows, with the row before."""
    question = question_of(answer)
    interval = question.get("interval", "week")
    rows = [row for row in answer["cohorts"] if row.get("breakdown") is None]
    known = [
        row for row in rows if len(row["values"]) > 1 and row["values"][1] is not None and not partial_cells(row)[1]
    ]
    if not known:
        return
    newest, before = known[-1], known[-2] if len(known) > 1 else None
    earlier = (before["values"][1], before["size"]) if before else (0, 0)
    words = {"day": "the day after", "week": "a week later", "month": "a month later"}
    label = f"{title} ({words.get(interval, f'one {interval} later')})"
    when = f"{interval} of {_day(newest['label'])}"
    line = _rate_line(label, url, when, f"the {interval} before", (newest["values"][1], newest["size"]), earlier)
    rates = [row["values"][1] / row["size"] * 100 if row["size"] >= MIN_N else None for row in known]
    labels = tuple(_day(row["label"]) for row in known)
    alt = _alt(f"Share that came back, {label}", labels, rates, " %")
    drawn = DigestChart(label, labels, (DigestSeries("came back", tuple(rates)),), "% came back", alt, url=url)
    yield 0, line, drawn if len(known) > 2 else None


def _day(label: Any) -> str:
    from insights.questions.words import say_day

    return say_day(str(label)[:10])


def _funnel(answer: dict, title: str, chart: str, url: str, more: dict | None) -> Found:
    if "steps" not in answer:
        yield from _conversion(answer, title, url)
        return
    steps = next(iter(step_groups(answer).values()), [])
    if len(steps) < 2:
        return
    if more is not None and (found := list(_conversion(more, title, url))):
        yield from found
        return
    last, first = steps[-1], steps[0]
    bounds = say_bounds((last.get("rates") or {}).get("from_first"))
    said = f"{bounds} · n = {first['count']:,}" if bounds else f"{TOO_FEW} (n = {first['count']})"
    yield 0, DigestLine(title, say_rate(last.get("from_first")), noise=said, url=url), None


def _conversion(answer: dict, title: str, url: str) -> Found:
    """Compare conversion of the newest bucket whose people had their whole window, with the bucket before."""
    reading = read_answer(answer)
    series = next((one for one in answer["series"] if "began" in one), None)
    newest = reading.n_whole - 1
    if series is None or newest < 0:
        return
    counts = [(done, began) for done, began in zip(series["converted"], series["began"], strict=True)]
    before = counts[newest - 1] if newest else (0, 0)
    when = f"began in the {reading.texts[newest]}" if reading.interval == "week" else reading.texts[newest]
    line = _rate_line(title, url, when, _against(reading, 1), counts[newest], before)
    yield 0, line, draw(reading, title, "line", url, unit="% converted") if newest > 1 else None


def draw(reading: Reading, title: str, chart: str, url: str, unit: str = "") -> DigestChart:
    """Return an answer's small chart: its newest buckets, what is not over dashed."""
    lines = [line for line in reading.lines if not line.is_before]
    is_bar = reading.kind == "lifecycle" or (chart == "bar" and len(lines) == 1)
    first = max(0, len(reading.labels) - MOST_BUCKETS)
    labels = tuple(text.removeprefix("week of ") for text in reading.texts[first:])
    series = tuple(DigestSeries(line.name, tuple(line.values[first:])) for line in lines[:5])
    units = sorted({line.unit for line in lines if line.unit})
    by = f"by {INTERVAL_WORDS.get(reading.interval, reading.interval)}" if reading.interval != "all" else ""
    said = unit or ", ".join(units)
    alt = _alt(f"{'Bars' if is_bar else 'Lines' if len(series) > 1 else 'Line'}: {title}", labels, series[0].values)
    return DigestChart(
        title=title,
        labels=labels,
        series=series,
        unit=", ".join(filter(None, [said, by])),
        alt=alt + (f" And {len(series) - 1} more: {', '.join(one.name for one in series[1:])}." if series[1:] else ""),
        kind="bar" if is_bar else "line",
        n_partial=len(reading.labels) - reading.n_whole if any(reading.partial) else 0,
        url=url,
    )


def _alt(what: str, labels: tuple[str, ...], values: Any, unit: str = "") -> str:
    known = [(value, label) for value, label in zip(values, labels, strict=True) if value is not None]
    if not known:
        return f"{what}. No values."
    (first, since), (last, until) = known[0], known[-1]
    low, high = min(known, key=lambda one: one[0]), max(known, key=lambda one: one[0])
    return (
        f"{what}. From {_short(first)}{unit} ({since}) to {_short(last)}{unit} ({until}); "
        f"lowest {_short(low[0])}{unit} ({low[1]}), highest {_short(high[0])}{unit} ({high[1]})."
    )


def _short(value: float) -> str:
    return say_number(round(value, 1) if abs(value) >= 10 else value)
