"""A question said in a sentence, for pages, tiles and the API alike; pure.

Other rooms import this module beside `public`: what draws charts from answers needs its words, and no database.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

Question = dict[str, Any]

SPAN_WORDS = {"d": "day", "w": "week", "m": "month", "q": "quarter", "y": "year"}
MEASURE_WORDS = {
    "total": "events",
    "persons": "people",
    "weekly_active": "people active in 7 days",
    "monthly_active": "people active in 30 days",
    "first_time": "people for the first time",
    "per_person": "events per person",
    "sum": "sum",
    "avg": "average",
    "min": "smallest",
    "max": "largest",
    "median": "median",
    "p75": "75th percentile",
    "p90": "90th percentile",
    "p95": "95th percentile",
    "p99": "99th percentile",
}
INTERVAL_WORDS = {
    "hour": "hour",
    "day": "day",
    "week": "week",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
    "all": "whole period",
}
OPERATOR_WORDS = {
    "is": "is",
    "is_not": "is not",
    "contains": "contains",
    "not_contains": "does not contain",
    "matches": "matches (pattern)",
    "gt": "is over",
    "gte": "is at least",
    "lt": "is under",
    "lte": "is at most",
    "between": "is between",
    "is_set": "is set",
    "is_not_set": "is not set",
}
COHORT_WORDS = {"in_cohort": "in the cohort", "not_in_cohort": "not in the cohort"}


def say_month(day: date) -> str:
    """Return the month's short name: "Nov"."""
    return day.strftime("%b")


def say_day(text: str) -> str:
    """Return an ISO day, or day and time, as "21 Nov 2026"; anything else unchanged.

    >>> say_day("2024-01-01"), say_day("-30d")
    ('1 Jan 2024', '-30d')
    """
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return str(text)
    day = f"{moment.day} {say_month(moment)} {moment.year}"
    return f"{day}, {moment:%H:%M}" if len(text) > 10 else day


def say_unit(question: dict[str, Any], measure: str) -> str:
    """Return what a measure counts: "people", "accounts", "events" …; "" for a formula, which counts nothing."""
    if measure == "formula":
        return ""
    words = MEASURE_WORDS.get(measure, measure)
    if question.get("unit") == "account":
        return words.replace("people", "accounts").replace("per person", "per account")
    return words


def say_units(question: dict[str, Any]) -> str:
    """Return the plural of the question's unit."""
    return "accounts" if question.get("unit") == "account" else "people"


def say_event(spec: Question | None) -> str:
    """Return an event spec in words."""
    spec = spec or {}
    name = f"“{spec['event']}”" if spec.get("event") else "any event"
    conditions = say_filters(spec.get("filters"))
    return f"{name} where {conditions}" if conditions else name


def say_property(item: dict[str, Any]) -> str:
    """Return a property with whose it is: "plan", "the person's plan", "event name".

    >>> say_property({"property": "plan", "of": "account"}), say_property({"property": "event", "of": "field"})
    ("the account's plan", 'event name')
    """
    name, of = str(item.get("property")), item.get("of") or "event"
    if of == "cohort":
        return f"the cohort “{name}”"
    if of == "field":
        return {"event": "event name"}.get(name, name)
    return name if of == "event" else f"the {of}'s {name}"


def say_filter(item: dict[str, Any]) -> str:
    """Return one condition, or a group of them, in words.

    >>> say_filter({"property": "plan", "op": "is", "value": ["pro", "team"]})
    'plan is “pro” or “team”'
    """
    for mode, joint in (("any", " or "), ("all", " and ")):
        if mode in item:
            return f"({say_filters(item[mode], joint)})"
    op, value = item.get("op", "is"), item.get("value")
    values = [one for one in (value if isinstance(value, list) else [value]) if one not in (None, "")]
    if op in COHORT_WORDS:
        return f"{COHORT_WORDS[op]} {' or '.join(f'“{one}”' for one in values)}"
    said = (" and " if op == "between" else " or ").join(_say_value(one) for one in values)
    return f"{say_property(item)} {OPERATOR_WORDS.get(op, op)} {said}".rstrip()


def _say_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"“{value}”" if isinstance(value, str) else str(value)


def say_filters(filters: list[Any] | None, joint: str = " and ") -> str:
    """Return filters in words, "" for none."""
    return joint.join(say_filter(item) for item in filters or [])


def say_period(question: Question) -> str:
    """Return the range in words.

    >>> say_period({"date_from": "-30d"}), say_period({"date_from": "-1w"}), say_period({"date_from": "-1d"})
    ('the 30 days to today', 'the week to today', 'today')
    >>> say_period({"date_from": "2024-01-01", "date_to": "2024-01-31"})
    '1 Jan 2024 to 31 Jan 2024'
    """
    start, end = str(question.get("date_from") or ""), question.get("date_to")
    until = say_day(str(end)) if end else "today"
    if not start.startswith("-"):
        return f"{say_day(start)} to {until}"
    n, unit = start[1:-1], SPAN_WORDS.get(start[-1], "")
    if n == "1":
        return until if unit == "day" else f"the {unit} to {until}"
    return f"the {n} {unit}s to {until}"


def say_span(n: Any, unit: str) -> str:
    """Return a length of time: "1 day", "14 days"."""
    return f"{n} {unit}{'' if n == 1 else 's'}"


def _series(question: Question, spec: Question) -> str:
    if "insight" in spec:
        return f"the number of saved insight {spec['insight']}"
    measure, event = spec.get("measure", "total"), say_event(spec)
    if measure == "total":
        return f"number of events {event if spec.get('event') else event.replace('any event', 'of any name', 1)}"
    if spec.get("property"):
        return f"{say_unit(question, measure)} of {spec['property']} in {event}"
    units = say_units(question)
    words = {
        "persons": f"{units} who did {event}",
        "first_time": f"{units} who did {event} for the first time",
        "weekly_active": f"{units} who did {event} in the 7 days before",
        "monthly_active": f"{units} who did {event} in the 30 days before",
    }
    return words.get(measure, f"{say_unit(question, measure)}, {event}")


def _trend(question: Question) -> str:
    interval = question.get("interval", "day")
    every = "in one number" if interval == "all" else f"by {INTERVAL_WORDS.get(interval, interval)}"
    said = [_series(question, spec) for spec in question.get("series") or []]
    if question.get("formula"):
        letters = _letters(question["formula"])
        named = [f"{chr(65 + place)} is {text}" for place, text in enumerate(said) if chr(65 + place) in letters]
        said = [f"{question['formula']}, where {'; '.join(named)}"]
    return ", ".join(["; ".join(said), every, *say_ways(question)])


def say_ways(question: Question) -> list[str]:
    """Return what becomes of a trend's buckets: "cumulative", "moving average over 7 days".

    >>> say_ways({"moving_average": 7, "interval": "week"})
    ['moving average over 7 weeks']
    """
    found = ["cumulative"] if question.get("cumulative") else []
    if question.get("moving_average"):
        span = say_span(question["moving_average"], question.get("interval", "day"))
        found.append(f"moving average over {span}")
    return found


def _letters(formula: str) -> set[str]:
    """Return the letters of the series that a formula names."""
    return {letter for letter in formula.upper() if "A" <= letter <= "Z"}


def _funnel(question: Question) -> str:
    window = question.get("window") or {"value": 14, "unit": "day"}
    ways = {"strict": "directly after one another", "any": "in any order"}
    how = ways.get(question.get("order", ""), "in this order")
    steps = ", then ".join(say_event(step) + _OPTIONALLY[bool(step.get("optional"))] for step in _steps(question))
    within = f"within {say_span(window['value'], window['unit'])}"
    without = "".join(f", and {_exclusion(question, item)}" for item in question.get("exclusions") or [])
    return (
        f"{_VIEWS.get(question.get('view', ''), '')}{say_units(question)} who did {steps}, {how}, {within}{without}"
        + (f", by {question.get('interval', 'day')}" if question.get("view") == "trend" else "")
    )


_OPTIONALLY = {True: " (optional)", False: ""}


def _steps(question: Question) -> list[Question]:
    given = question.get("steps")
    return [step for step in given if isinstance(step, dict)] if isinstance(given, list) else []


def required_numbers(question: Question) -> list[int]:
    """Return the numbers of a funnel's steps, as the answer shows them, that are not optional.

    >>> required_numbers({"steps": [{}, {"optional": True}, {}]}), required_numbers({"order": "any", "steps": [{}]})
    ([1, 3], [1])
    """
    steps = _steps(question)
    if question.get("order") == "any":
        steps.sort(key=lambda step: bool(step.get("optional")))
    return [number for number, step in enumerate(steps, 1) if not step.get("optional")]


_VIEWS = {"trend": "conversion over time of ", "histogram": "time from the first step to the last of "}


def _attribution(question: Question) -> str:
    """Return whose value a broken-down funnel goes by, "" for that of the first step."""
    touch = question.get("attribution") or "first"
    if question.get("kind") != "funnel" or touch == "first":
        return ""
    return {"last": " as at the last step reached", "all": ", the same at every step"}.get(
        touch, f" as at step {touch}"
    )


def _exclusion(question: Question, item: Question) -> str:
    before = item.get("before") or len(question.get("steps") or [])
    return f"without {say_event(item)} between steps {item.get('after') or 1} and {before}"


def _retention(question: Question) -> str:
    first = "for the first time " if question.get("mode") == "first_time" else ""
    least = question.get("minimum", 1)
    times = f" at least {least} times" if isinstance(least, int) and least > 1 else ""
    interval = question.get("interval", "day")
    when = f"in a later {interval} or after it" if question.get("unbounded") else f"in later {interval}s"
    if question.get("rolling"):
        when += ", counted from each one's own start"
    return (
        f"of the {say_units(question)} who {first}did {say_event(question.get('target'))}, how many did "
        f"{say_event(question.get('returning'))}{times} {when}"
    )


def _stickiness(question: Question) -> str:
    events = "; ".join(say_event(spec) for spec in question.get("series") or [])
    return f"{say_units(question)} by the number of {question.get('interval', 'day')}s on which they did {events}"


def _lifecycle(question: Question) -> str:
    interval = question.get("interval", "week")
    units, event = say_units(question), say_event(question.get("event"))
    return f"{units} new, returning, resurrecting and dormant by {event}, by {interval}"


def _paths(question: Question) -> str:
    gap = question.get("session_gap") or {"value": 30, "unit": "minute"}
    point, way = (question.get("end"), "before") if question.get("end") else (question.get("start"), "after")
    steps, repeats = question.get("steps", 5), ", repeats one by one" if question.get("repeats") else ""
    silence = say_span(gap["value"], gap["unit"])
    return (
        f"paths of {say_units(question)} {way} {say_event(point)}, {steps} steps{repeats}, until {silence} of silence"
    )


def _adoption(question: Question) -> str:
    features = question.get("features")
    names = [str(one.get("name")) for one in features or [] if isinstance(one, dict)]
    shown = ", ".join(f"“{name}”" for name in names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"how many of the active {say_units(question)} use {shown}{more}, by {question.get('interval', 'week')}"


def _goes_with(question: Question) -> str:
    days, until = question.get("days", 7), question.get("until", 28)
    return (
        f"which events of the first {say_span(days, 'day')} after {say_event(question.get('target'))} go with doing "
        f"{say_event(question.get('returning'))} later, up to day {until}, for {say_units(question)}"
    )


_MOST_NAMED = 5
_SAY: dict[str, Callable[[Question], str]] = {
    "trend": _trend,
    "funnel": _funnel,
    "retention": _retention,
    "stickiness": _stickiness,
    "lifecycle": _lifecycle,
    "paths": _paths,
    "adoption": _adoption,
    "goes_with": _goes_with,
}


def title_question(question: Question) -> str:
    """Return a short title for a question that has none.

    >>> title_question({"kind": "funnel", "steps": [{"event": "signed up"}, {"event": "invited"}]})
    'Signed up → invited'
    >>> title_question({"kind": "lifecycle", "event": {"event": None}})
    'Lifecycle: any event'
    >>> title_question({"kind": "trend", "series": [{"event": "paid"}, {"event": "opened"}], "formula": "A / B"})
    'A / B: paid, opened'
    """
    kind = str(question.get("kind", ""))
    if kind not in _SAY:
        return ""
    if kind == "paths":
        point, way = (question.get("end"), "before") if question.get("end") else (question.get("start"), "after")
        return f"Paths {way} {(point or {}).get('event') or 'any event'}"
    if kind == "adoption":
        return "Adoption of features"
    if kind == "goes_with":
        later = (question.get("returning") or {}).get("event")
        return f"What goes with {f'“{later}”' if later else 'coming back'}"
    specs = question.get("steps") or question.get("series") or [question.get("target") or question.get("event") or {}]
    formula = str(question.get("formula") or "")
    if formula:
        specs = [spec for place, spec in enumerate(specs) if chr(65 + place) in _letters(formula)]
    names = [f"insight {spec['insight']}" if "insight" in spec else spec.get("event") or "any event" for spec in specs]
    title = " → ".join(names) if kind == "funnel" else ", ".join(dict.fromkeys(names))
    if formula:
        title = f"{formula}: {title}"
    if question.get("breakdown"):
        title += " by " + ", ".join(say_property(item) for item in question["breakdown"])
    title += {"trend": ", over time", "histogram": ", time to convert"}.get(str(question.get("view")), "")
    return title[0].upper() + title[1:] if kind in ("trend", "funnel") else f"{kind.capitalize()}: {title}"


def say_question(question: Question) -> str:
    """Return the whole question, given as JSON, in one sentence; "" for a kind that does not exist."""
    kind = str(question.get("kind", ""))
    if kind not in _SAY:
        return ""
    text = _SAY[kind](question)
    filters = say_filters(question.get("filters"))
    if filters:
        text += f"; only where {filters}"
    if question.get("breakdown"):
        text += "; broken down by " + ", ".join(say_property(item) for item in question["breakdown"])
        text += _attribution(question)
    if question.get("compare"):
        text += "; compared with the " + ("year before" if question["compare"] == "year" else "period before")
    if question.get("date_from"):
        text += f"; {say_period(question)}"
    if question.get("timezone"):
        text += f" ({question['timezone']})"
    return text[0].upper() + text[1:] + "."
