"""Saved insights in a question: a trend's series may be the number of one, named as {"insight": its number}.

The room of insights lies right of this one and registers an `InsightProvider`. A series takes over what the insight
counts: event, filters, measure and property, as they are when the question is asked. The rest is the asking
question's own. What cannot be taken over, or may not be seen, is read all the same and refused by the doors that ask,
so that nothing is told of an insight before it is known that the asker may see it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from insights.questions.contracts import EventSpec, InsightInUse, Question, TrendQuestion, TrendSeries
from insights.questions.reading import Faults, ObjectReader
from insights.questions.specs import read_event, read_filters
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, registry

_UNKNOWN = "There is no such insight, or it is not shared with you."
_ONE_NUMBER = "Only a trend of one event can be a series of another question."


@dataclass(frozen=True)
class SavedInsight:
    """An insight as a question takes it: `question` is its JSON, `version` rises with each change."""

    number: int
    title: str
    version: int
    url: str
    question: Mapping[str, Any]


@dataclass(frozen=True)
class InsightProvider:
    """Where saved insights come from: `find` returns, by number, those that a user may see."""

    name: str
    find: Callable[[Sequence[int], Any], Mapping[int, SavedInsight]]


def named_insights(value: Any) -> list[int]:
    """Return the numbers of the insights that a question's JSON names, each once, in order.

    >>> named_insights({"kind": "trend", "series": [{"insight": 7}, {"event": "a"}, {"insight": 7}]})
    [7]
    """
    return list(dict.fromkeys(one["insight"] for one in _series_of(value) if _is_number(one.get("insight"))))


def find_saved(value: Any, user: Any = SYSTEM) -> dict[int, SavedInsight]:
    """Return the insights that a question's JSON names and a user may see, by number."""
    return _find(named_insights(value), user)


def read_insight_series(reader: ObjectReader, saved: Mapping[int, SavedInsight]) -> TrendSeries:
    """Read `{"insight": number}`; a series of nothing in particular where it cannot be taken over."""
    number = reader.take("insight")
    if not _is_number(number):
        reader.fault("insight", "Name a saved insight by its number.")
        number = 0
    reader.finish()
    found = saved.get(number)
    if found is None:
        return TrendSeries(None, insight=InsightInUse(number))
    named = InsightInUse(number, found.title, found.version, found.url)
    return replace(_taken_over(found.question) or TrendSeries(None), insight=named)


def require_insights(question: Question, user: Any) -> None:
    """Refuse a question that names an insight which this user may not see, or which does not fit; each by its path."""
    if not isinstance(question, TrendQuestion) or not question.insights:
        return
    found = _find([one.number for one in question.insights.values()], user)
    faults: dict[str, list[str]] = {}
    for place, named in question.insights.items():
        insight = found.get(named.number)
        words = _UNKNOWN if insight is None else _misfit(insight, question.series[place], question)
        if words:
            faults[f"series[{place}].insight"] = [words]
    if faults:
        raise BadInput("This question cannot be asked. Correct the named parts.", fields=faults)


def can_be_series(value: Mapping[str, Any], scope: Mapping[str, Any]) -> bool:
    """Say whether a saved question's JSON can be a series of one with these products or sources, and this unit."""
    is_same_unit = value.get("unit", "person") == (scope.get("unit") or "person")
    return _taken_over(value) is not None and is_same_unit and _is_about_the_same(value, scope)


def unseen_insights(questions: Sequence[Any], user: Any) -> set[int]:
    """Return the insights that JSON values name and this user may not see."""
    numbers = _all_named(questions)
    return set(numbers) - _find(numbers, user).keys()


def _all_named(questions: Sequence[Any]) -> list[int]:
    return list(dict.fromkeys(number for value in questions for number in named_insights(value)))


def pin_insights(questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return questions' JSON with every insight that can be taken over written out; one query, however many.

    One that cannot stays named, so that whoever asks is told.
    """
    saved = _find(_all_named(questions), SYSTEM)
    return [_pinned(value, saved) if saved and named_insights(value) else value for value in questions]


def _pinned(value: dict[str, Any], saved: Mapping[int, SavedInsight]) -> dict[str, Any]:
    series = []
    for one in value["series"]:
        number = one.get("insight") if isinstance(one, dict) else None
        found = saved.get(number) if _is_number(number) else None
        taken = _taken_over(found.question) if found and _is_about_the_same(found.question, value) else None
        series.append(taken.to_json() if taken else one)
    return {**value, "series": series}


def _find(numbers: Sequence[int], user: Any) -> dict[int, SavedInsight]:
    providers: list[InsightProvider] = registry.all(InsightProvider) if numbers else []
    return {number: found for one in providers for number, found in one.find(numbers, user).items()}


def _taken_over(value: Mapping[str, Any]) -> TrendSeries | None:
    """Return the one series of a saved trend, its question's filters among its own; None where there is none."""
    (own, *more) = value.get("series") or [{}]
    is_plain = not any(value.get(key) for key in ("formula", "cumulative", "moving_average"))
    if value.get("kind") != "trend" or more or "insight" in own or not is_plain:
        return None
    faults = Faults()
    reader = ObjectReader(own, "", faults)
    filters = read_filters(reader) + read_filters(ObjectReader(dict(value), "", faults))
    spec = EventSpec(read_event(reader), filters)
    measure, number = own.get("measure", "total"), own.get("property")
    return None if faults.found else TrendSeries(spec.event, spec.filters, measure, number)


def _misfit(insight: SavedInsight, series: TrendSeries, question: TrendQuestion) -> str:
    """Return why an insight cannot be a series of a question, "" when it can."""
    value, title = insight.question, f"“{insight.title}”"
    if value.get("kind") != "trend":
        return f"{title} is a {value.get('kind')}. {_ONE_NUMBER}"
    if value.get("formula"):
        return f"{title} is a formula. Name what it counts one by one, and write the formula here."
    for key, words in (("cumulative", "cumulative"), ("moving_average", "a moving average")):
        if value.get(key):
            return f"{title} is {words}. Name one that is not, and choose it for this question."
    if named_insights(value):
        return f"{title} takes its number from another insight. Name that one."
    if _taken_over(value) is None:
        return f"{title} has several events. {_ONE_NUMBER}"
    if value.get("unit", "person") != question.unit:
        return f"{title} counts {value.get('unit', 'person')}s, this question counts {question.unit}s. Choose the same."
    if not _is_about_the_same(value, {"products": question.products, "sources": question.sources}):
        return f"{title} is about other products or sources. Ask about the same ones."
    if series.measure in ("weekly_active", "monthly_active") and (question.interval == "hour" or question.cumulative):
        way = "by hour" if question.interval == "hour" else "as cumulative"
        return f"{title} counts the active of several days, which cannot be asked {way}."
    return ""


def _is_about_the_same(value: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(set(value.get(key) or ()) == set(other.get(key) or ()) for key in ("products", "sources"))


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31


def _series_of(value: Any) -> Iterator[dict[str, Any]]:
    series = value.get("series") if isinstance(value, dict) else None
    if isinstance(series, list):
        yield from (one for one in series if isinstance(one, dict))
