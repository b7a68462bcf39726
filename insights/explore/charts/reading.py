"""Answers of every kind, read into one shape that figures, tables and captions share."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from insights.explore.charts.words import say_breakdown, say_bucket, say_within
from insights.questions.words import say_unit, say_units


@dataclass(frozen=True)
class Line:
    """One series: a value per label; `is_before` marks the compared period, `is_rest` several series together."""

    name: str
    values: list[float | None]
    unit: str
    series_no: int = 0
    breakdown: list[str] | None = None
    is_before: bool = False
    measure: str = "total"
    is_rest: bool = False


@dataclass(frozen=True)
class Reading:
    """An answer with one value per label: trends, stickiness, lifecycle, and the mean curve of a retention."""

    kind: str
    question: dict[str, Any]
    labels: list[str]
    texts: list[str]
    lines: list[Line]
    partial: list[bool]
    interval: str
    is_time: bool = True
    labels_before: list[str] = field(default_factory=list)
    is_share: bool = False

    @property
    def n_whole(self) -> int:
        """Return how many buckets are over, counted from the first."""
        return next((place for place, is_partial in enumerate(self.partial) if is_partial), len(self.partial))


def question_of(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the question in full that the answer's facts carry."""
    question = (answer.get("facts") or {}).get("question") or {}
    return dict(question)


def fixed_question(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the question of a stored answer with the days that it covers, whenever it is asked again; {} without."""
    covered, question = (answer.get("facts") or {}).get("range"), question_of(answer)
    if not covered or not question:
        return {}
    is_hourly = question.get("interval") == "hour"
    first, last = (covered[key][:13] + ":00" if is_hourly else covered[key][:10] for key in ("from", "to"))
    question |= {"date_from": first, "date_to": last}
    if question["kind"] == "retention":
        question["date_to"] = None
    return question


def read_answer(answer: dict[str, Any]) -> Reading:
    """Return the answer's lines, label by label."""
    return _READERS[answer["kind"]](answer)


def drawn_as(answer: dict[str, Any], chart: str) -> str:
    """Return the chart type that a chart is drawn like: the views of a funnel are a line and bars."""
    if chart != "funnel":
        return chart
    return {"trend": "line", "histogram": "bar"}.get(str(answer.get("view")), chart)


MOST_DRAWN = 12  # more lines than that, and nobody can tell one from the other


def count_series(answer: dict[str, Any]) -> int:
    """Return how many series, funnels or groups of cohorts a chart of the answer has."""
    if "series" in answer:
        return len(answer["series"])
    elements = answer.get("steps") or answer.get("means") or []
    return len({str(element.get("breakdown")) for element in elements})


def draw_few(reading: Reading, *, together: bool = False) -> Reading:
    """Return the reading with the largest series alone; `together` adds up the others, so that a stack stays whole."""
    now = [line for line in reading.lines if not line.is_before]
    if len(now) <= MOST_DRAWN:
        return reading
    kept = {line.series_no for line in now[: MOST_DRAWN - 1 if together else MOST_DRAWN]}
    lines = [line for line in reading.lines if line.series_no in kept]
    rest = [line for line in now if line.series_no not in kept]
    if together:
        columns = zip(*(line.values for line in rest), strict=True)
        sums: list[float | None] = [sum(value or 0 for value in column) for column in columns]
        name = f"{len(rest)} others"
        lines.append(replace(rest[0], name=name, values=sums, series_no=MOST_DRAWN - 1, is_rest=True))
    return replace(reading, lines=lines)


def elements_before(answer: dict[str, Any], key: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Return the elements of the compared period, by what ties each to the one of now: `same_as` of it."""
    return {same_as(element): element for element in (answer.get("compare") or {}).get(key) or []}


def same_as(element: dict[str, Any]) -> tuple[Any, ...]:
    """Return what an element has in common with that of the compared period."""
    return element.get("index"), element.get("group"), str(element.get("breakdown"))


def _flags(answer: dict[str, Any], labels: list[Any]) -> list[bool]:
    partial = [bool(flag) for flag in answer.get("partial") or []]
    return partial + [False] * (len(labels) - len(partial))


def _name(series: dict[str, Any]) -> str:
    if series.get("breakdown") is None:
        return str(series["name"])
    return say_breakdown(series["breakdown"])


def _trend(answer: dict[str, Any]) -> Reading:
    question = question_of(answer)
    interval = question.get("interval", "day")
    is_many = len({series.get("index") for series in answer["series"]}) > 1
    names = Counter(repr((series["name"], series.get("breakdown"))) for series in answer["series"])
    lines = []
    for number, series in enumerate(answer["series"]):
        breakdown, measure = series.get("breakdown"), series.get("measure", "total")
        unit = say_unit(question, measure)
        name = _name(series)
        if breakdown is not None and is_many:
            name = f"{series['name']}: {name}"
        if names[repr((series["name"], breakdown))] > 1:
            name = f"{name}, {unit}"
        lines.append(Line(name, series["values"], unit, number, breakdown, False, measure))
        if series.get("compare_values") is not None:
            lines.append(Line(name, series["compare_values"], unit, number, breakdown, True, measure))
    labels = [str(label) for label in answer["labels"]]
    texts = [say_bucket(label, interval) for label in labels]
    before = [say_bucket(label or "", interval) for label in answer.get("compare_labels") or []]
    flags = _flags(answer, labels)
    return Reading("trend", question, labels, texts, lines, flags, interval, interval != "all", before)


def _stickiness(answer: dict[str, Any]) -> Reading:
    question = question_of(answer)
    interval = question.get("interval", "day")
    units = say_units(question)
    before = elements_before(answer, "series")
    lines = []
    for number, series in enumerate(answer["series"]):
        breakdown = series.get("breakdown")
        lines.append(Line(_name(series), series["values"], units, number, breakdown, False, "persons"))
        if same_as(series) in before:
            values = before[same_as(series)]["values"]
            lines.append(Line(_name(series), values, units, number, breakdown, True, "persons"))
    labels = [str(label) for label in answer["labels"]]
    texts = [f"{label} {interval}{'' if label == '1' else 's'}" for label in labels]
    return Reading("stickiness", question, labels, texts, lines, [False] * len(labels), interval, is_time=False)


LIFECYCLE_STATES = ("new", "returning", "resurrecting", "dormant")


def _lifecycle(answer: dict[str, Any]) -> Reading:
    question = question_of(answer)
    interval = question.get("interval", "day")
    units = say_units(question)
    lines = [
        Line(state, answer[state], units, number, None, False, "persons")
        for number, state in enumerate(LIFECYCLE_STATES)
    ]
    earlier = answer.get("compare") or {}
    lines += [
        Line(state, earlier[state], units, number, None, True, "persons")
        for number, state in enumerate(LIFECYCLE_STATES)
        if state in earlier
    ]
    labels = [str(label) for label in answer["labels"]]
    texts = [say_bucket(label, interval) for label in labels]
    return Reading("lifecycle", question, labels, texts, lines, _flags(answer, labels), interval)


def partial_cells(cohort: dict[str, Any]) -> list[bool]:
    """Return for each column of a retention row whether its interval is not over."""
    flags = list(cohort.get("partial") or [])
    return [*flags, *[False] * (len(cohort["values"]) - len(flags))]


def _retention(answer: dict[str, Any]) -> Reading:
    question = question_of(answer)
    interval = question.get("interval", "day")
    lines = []
    for number, mean in enumerate(answer["means"]):
        name = "all" if mean.get("breakdown") is None else say_breakdown(mean["breakdown"])
        rates = [rate["rate"] for rate in mean["values"]]
        values = [None if rate is None else rate * 100 for rate in rates]
        lines.append(Line(name, values, "% came back", number, mean.get("breakdown")))
    n_columns = max((len(line.values) for line in lines), default=0)
    labels = [str(column) for column in range(n_columns)]
    texts = [f"{interval} {label}" for label in labels]
    return Reading("retention", question, labels, texts, lines, [False] * n_columns, interval, is_time=False)


def _funnel(answer: dict[str, Any]) -> Reading:
    """Read the views of a funnel that have a value per label: conversion over time, and time to convert."""
    question = question_of(answer)
    is_trend = answer["view"] == "trend"
    interval = question.get("interval") or "day"
    earlier = answer.get("compare") or {}
    before = elements_before(answer, "series")
    unit = "% converted" if is_trend else say_units(question)

    def read(series: dict[str, Any], number: int, *, is_before: bool) -> Line:
        breakdown = series.get("breakdown")
        name = ("Conversion" if is_trend else "Converted") if breakdown is None else say_breakdown(breakdown)
        values = series["values"]
        if is_trend:
            values = [None if rate is None else rate * 100 for rate in values]
        return Line(name, values, unit, number, breakdown, is_before, "rate" if is_trend else "persons")

    lines = []
    for number, series in enumerate(answer["series"]):
        lines.append(read(series, number, is_before=False))
        if same_as(series) in before:
            lines.append(read(before[same_as(series)], number, is_before=True))
    stretches = max(answer["labels"], earlier.get("labels") or [], key=len)
    labels = [str(label) for label in (answer["labels"] if is_trend else stretches)]
    if is_trend:
        texts = [say_bucket(label, interval) for label in labels]
        earlier_texts = [say_bucket(label, interval) for label in earlier.get("labels") or []]
        return Reading("funnel", question, labels, texts, lines, _flags(answer, labels), interval, True, earlier_texts)
    width = answer["bin_s"]
    texts = [say_within(label, label + width) for label in stretches]
    lines = [replace(line, values=[*line.values, *[0] * (len(labels) - len(line.values))]) for line in lines]
    return Reading("funnel", question, labels, texts, lines, [False] * len(labels), "", is_time=False)


def _metric(answer: dict[str, Any]) -> Reading:
    """Read the stored values of metrics: one line each, shares in percent."""
    lines = []
    for number, series in enumerate(answer["series"]):
        values = series["values"]
        if series["is_rate"]:
            values = [None if value is None else value * 100 for value in values]
        lines.append(Line(str(series["name"]), values, str(series["unit"]), number))
    interval = str(answer["interval"])
    labels = [str(label) for label in answer["labels"]]
    texts = [say_bucket(label, interval) for label in labels]
    is_share = any(series["is_rate"] for series in answer["series"])
    flags = _flags(answer, labels)
    return Reading("metric", question_of(answer), labels, texts, lines, flags, interval, is_share=is_share)


def _adoption(answer: dict[str, Any]) -> Reading:
    """Read the share of the active that used each feature, in percent."""
    question = question_of(answer)
    interval, unit = answer["interval"], f"% of active {say_units(question)}"
    before = elements_before(answer, "series")

    def read(series: dict[str, Any], number: int, *, is_before: bool) -> Line:
        values = [None if rate is None else rate * 100 for rate in series["values"]]
        return Line(str(series["name"]), values, unit, number, None, is_before, "rate")

    lines = []
    for number, series in enumerate(answer["series"]):
        lines.append(read(series, number, is_before=False))
        if same_as(series) in before:
            lines.append(read(before[same_as(series)], number, is_before=True))
    labels = [str(label) for label in answer["labels"]]
    texts = [say_bucket(label, interval) for label in labels]
    earlier = [say_bucket(label, interval) for label in (answer.get("compare") or {}).get("labels") or []]
    flags = _flags(answer, labels)
    return Reading("adoption", question, labels, texts, lines, flags, interval, True, earlier, is_share=True)


_READERS = {
    "adoption": _adoption,
    "metric": _metric,
    "trend": _trend,
    "stickiness": _stickiness,
    "lifecycle": _lifecycle,
    "retention": _retention,
    "funnel": _funnel,
}
