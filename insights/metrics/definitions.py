"""Reading a definition: which questions yield one number a period, and how each is asked. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from insights.metrics.contracts import INTERVALS, Definition
from insights.questions.public import RetentionQuestion, TrendQuestion, floor_day, step_day
from portal.shell.public import BadInput

MONTHS_STORED = 13
_MOST_ROWS = 62  # of one retention question
_DATES = ("date_from", "date_to", "intervals", "compare")
_LETTERS = {"day": "d", "week": "w", "month": "m", "quarter": "q", "year": "y"}

KINDS = ("trend", "funnel", "retention")
_NO_NUMBER = "This kind of question has no single number a period. Ask a trend, a funnel or a retention."
_WHY_NOT = {
    "stickiness": "Stickiness has a number for each number of days, not for each period. Ask a trend, such as people.",
    "lifecycle": "A lifecycle has four numbers a period. Ask a trend of one of them, such as first-time people.",
    "paths": "Paths have no number a period. Ask a funnel or a trend.",
}


def prepare_question(value: dict[str, Any], *, interval: str = "", column: int | None = None) -> dict[str, Any]:
    """Return a question's JSON turned into one that has a number a period; what cannot be turned is left as it is.

    `interval` is the period's length, "" for the question's own; `column` is a retention's.
    """
    asked = {name: one for name, one in value.items() if name not in _DATES}
    kind = asked.get("kind")
    if kind == "funnel":
        asked["view"] = "trend"
    own = asked.get("interval") if isinstance(asked.get("interval"), str) else ""
    asked["interval"] = interval or own or "week"
    asked["date_from"] = f"-1{_LETTERS.get(asked['interval'], 'd')}"
    if kind == "retention":
        asked["intervals"] = min((column or 1) + 1, _MOST_ROWS)
    return asked


def refuse_unfit(question: Any, column: int | None) -> None:
    """Refuse a parsed question that does not yield one number a period, naming each reason by its field."""
    faults: dict[str, list[str]] = {}
    if question.kind not in KINDS:
        faults["question.kind"] = [_WHY_NOT.get(question.kind, _NO_NUMBER)]
    elif question.interval not in INTERVALS:
        faults["question.interval"] = ["A metric has one number a day, week, month, quarter or year. Choose one."]
    if getattr(question, "breakdown", ()):
        faults["question.breakdown"] = ["A metric is one number a period. Leave the breakdown out."]
    faults |= _refuse_trend(question) if isinstance(question, TrendQuestion) else {}
    faults |= _refuse_retention(question, column)
    if faults:
        raise BadInput("This question does not yield one number a period.", fields=faults)


def _refuse_trend(question: TrendQuestion) -> dict[str, list[str]]:
    faults = {}
    if len(question.series) > 1 and question.formula is None:
        n = len(question.series)
        faults["question.series"] = [f"This question has {n} series. Keep one, or put them together by a formula."]
    if question.cumulative:
        words = "A running total depends on the day on which it begins. Leave “cumulative” out."
        faults["question.cumulative"] = [words]
    return faults


def _refuse_retention(question: Any, column: int | None) -> dict[str, list[str]]:
    if not isinstance(question, RetentionQuestion):
        return {"column": ["Only retention has a column. Leave it out."]} if column is not None else {}
    faults = {}
    if column is None or not 1 <= column < _MOST_ROWS:
        words = f"Say after how many periods people come back, from 1 to {_MOST_ROWS - 1}."
        faults["column"] = [words]
    if question.unbounded:
        words = "“At any later time” never closes: its past would change every day. Choose a single later period."
        faults["question.unbounded"] = [words]
    return faults


def keep_definition(question: Any, *, column: int | None, unit: str, direction: str) -> Definition:
    """Return the definition of a parsed question: in full, without its dates."""
    value = {name: one for name, one in question.to_json().items() if name not in (*_DATES, "breakdown")}
    return Definition(value, column, unit, direction)


def first_day(definition: Definition, today: date, months: int = MONTHS_STORED) -> date:
    """Return the first day of the first period that is stored: so many months up to today's, in whole periods."""
    start = step_day(floor_day(today, "month", "monday"), "month", 1 - months)
    return floor_day(start, definition.interval, week_start_of(definition))


def week_start_of(definition: Definition) -> str:
    """Return the first day of the week that the question counts by."""
    return str(definition.question.get("week_start") or "monday")


def questions_for(definition: Definition, since: date, today: date) -> Iterator[dict[str, Any]]:
    """Yield the questions whose answers together hold every period from that of `since` to today's.

    A retention question has few rows, so a long range takes several; every other definition takes one.
    """
    question = {**definition.question, "date_from": since.isoformat()}
    if definition.kind != "retention":
        yield question
        return
    column = definition.column or 1
    start = floor_day(since, definition.interval, week_start_of(definition))
    while start <= today:
        rows = 1
        while rows < _MOST_ROWS - column and step_day(start, definition.interval, rows) <= today:
            rows += 1
        yield {**question, "date_from": start.isoformat(), "intervals": rows + column}
        start = step_day(start, definition.interval, rows)


def last_day(starts_on: date, interval: str) -> date:
    """Return the last day of the period that begins on a day."""
    return step_day(starts_on, interval) - timedelta(days=1)
