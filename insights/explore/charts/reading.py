"""Answers of every kind, read into one shape that figures, tables and captions share."""

from dataclasses import dataclass, field
from typing import Any

from insights.explore.charts.words import say_breakdown, say_bucket, say_unit, say_units


@dataclass(frozen=True)
class Line:
    """One series: a value per label; `is_before` marks the compared period."""

    name: str
    values: list[float | None]
    unit: str
    series_no: int = 0
    breakdown: list[str] | None = None
    is_before: bool = False
    measure: str = "total"


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

    @property
    def n_whole(self) -> int:
        """Return how many buckets are over, counted from the first."""
        return next((place for place, is_partial in enumerate(self.partial) if is_partial), len(self.partial))


def question_of(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the question in full that the answer's facts carry."""
    question = (answer.get("facts") or {}).get("question") or {}
    return dict(question)


def read_answer(answer: dict[str, Any]) -> Reading:
    """Return the answer's lines, label by label."""
    return _READERS[answer["kind"]](answer)


def _flags(answer: dict[str, Any], labels: list[Any]) -> list[bool]:
    partial = answer.get("partial") or []
    if partial and isinstance(partial[0], bool):
        return [bool(flag) for flag in partial] + [False] * (len(labels) - len(partial))
    return [label in partial for label in labels]


def _name(series: dict[str, Any]) -> str:
    if series.get("breakdown") is None:
        return str(series["name"])
    return say_breakdown(series["breakdown"])


def _trend(answer: dict[str, Any]) -> Reading:
    question = question_of(answer)
    interval = question.get("interval", "day")
    specs = question.get("series") or []
    has_many = len(specs) > 1 and not question.get("formula")
    lines = []
    numbers: dict[str, int] = {}
    for place, series in enumerate(answer["series"]):
        number = numbers.setdefault(repr((series.get("index"), series["name"], series.get("breakdown"))), len(numbers))
        spec_no = series.get("index", place if len(specs) == len(answer["series"]) else 0)
        measure = specs[spec_no].get("measure", "total") if spec_no < len(specs) else "total"
        name = _name(series)
        if series.get("breakdown") is not None and has_many:
            name = f"{series['name']}: {name}"
        is_before = bool(series.get("compare") or series.get("is_compare"))
        unit = "" if question.get("formula") else say_unit(question, measure)
        before = series.get("compare_values")
        lines.append(Line(name, series["values"], unit, number, series.get("breakdown"), is_before, measure))
        if before is not None:
            lines.append(Line(name, before, unit, number, series.get("breakdown"), True, measure))
    labels = [str(label) for label in answer["labels"]]
    before_labels = [str(label) for label in answer.get("compare_labels") or []]
    texts = [say_bucket(label, interval) for label in labels]
    return Reading(
        "trend", question, labels, texts, lines, _flags(answer, labels), interval, interval != "all", before_labels
    )


def _stickiness(answer: dict[str, Any]) -> Reading:
    question = question_of(answer)
    interval = question.get("interval", "day")
    units = say_units(question)
    lines = [
        Line(_name(series), series["values"], units, number, series.get("breakdown"), False, "persons")
        for number, series in enumerate(answer["series"])
    ]
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
    labels = [str(label) for label in answer["labels"]]
    texts = [say_bucket(label, interval) for label in labels]
    return Reading("lifecycle", question, labels, texts, lines, _flags(answer, labels), interval)


def partial_cells(cohort: dict[str, Any]) -> list[bool]:
    """Return for each column of a retention row whether its interval is not over."""
    flags = cohort.get("partial") or []
    n_columns = len(cohort["values"])
    if flags is True:
        return [True] * n_columns
    if flags and not isinstance(flags[0], bool):
        return [place in flags for place in range(n_columns)]
    return [*flags, *[False] * (n_columns - len(flags))]


def mean_rates(cohorts: list[dict[str, Any]]) -> list[float | None]:
    """Return the mean retention of each column, weighted by size; intervals that are not over are left out.

    Rates 0-1; None where no row has a whole interval.
    """
    n_columns = max((len(cohort["values"]) for cohort in cohorts), default=0)
    found: list[float | None] = []
    for column in range(n_columns):
        whole = [
            (cohort["values"][column], cohort["size"])
            for cohort in cohorts
            if column < len(cohort["values"])
            and cohort["values"][column] is not None
            and not partial_cells(cohort)[column]
        ]
        size = sum(row_size for _, row_size in whole)
        found.append(sum(count for count, _ in whole) / size if size else None)
    return found


def _retention(answer: dict[str, Any]) -> Reading:
    question = question_of(answer)
    interval = question.get("interval", "day")
    groups: dict[str, list[dict[str, Any]]] = {}
    for cohort in answer["cohorts"]:
        groups.setdefault("" if cohort.get("breakdown") is None else say_breakdown(cohort["breakdown"]), []).append(
            cohort
        )
    curves = {name: mean_rates(cohorts) for name, cohorts in groups.items()}
    n_columns = max((len(curve) for curve in curves.values()), default=0)
    lines = [
        Line(
            name or "all",
            [None if rate is None else rate * 100 for rate in curve] + [None] * (n_columns - len(curve)),
            "% came back",
            number,
            None,
        )
        for number, (name, curve) in enumerate(curves.items())
    ]
    labels = [str(column) for column in range(n_columns)]
    texts = [f"{interval} {label}" for label in labels]
    return Reading("retention", question, labels, texts, lines, [False] * n_columns, interval, is_time=False)


_READERS = {"trend": _trend, "stickiness": _stickiness, "lifecycle": _lifecycle, "retention": _retention}
