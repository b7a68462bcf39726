"""What a cohort means, in words; knows no database."""

from typing import Any

from insights.questions.words import say_day, say_event, say_filter, say_property, say_question, say_span


def say_definition(kind: str, definition: dict[str, Any], units: str) -> str:
    """Return who belongs to a cohort, in a sentence."""
    if kind == "list":
        return f"The {units} of a list of ids that was uploaded."
    if kind == "number":
        question = {**definition.get("question", {}), "compare": None}
        return f"The {units} behind a number ({say_cell(definition.get('cell') or {}, question)}) of: " + say_question(
            question
        )
    words = say_rule(definition.get("rule") or {})
    if units == "accounts":
        words = words.replace("are of an account whose", "are ones whose")
    return f"{units.capitalize()} who {words}."


def say_cell(cell: dict[str, Any], question: dict[str, Any]) -> str:
    """Return which number of an answer is meant.

    >>> say_cell({"step": 2, "dropped": True}, {"kind": "funnel"})
    'who did not get to step 2'
    >>> say_cell({"series": 0, "label": "2024-01-01"}, {"kind": "trend", "interval": "day"})
    '1 Jan 2024'
    >>> say_cell({"feature": 0, "others": True}, {"kind": "adoption", "features": [{"name": "Reports"}]})
    'active without “Reports”'
    """
    parts = _say_place(cell, question)
    breakdown = cell.get("breakdown")
    if isinstance(breakdown, list):
        parts.append(" and ".join(map(str, breakdown)))
    return ", ".join(parts) or "all of them"


def _say_place(cell: dict[str, Any], question: dict[str, Any]) -> list[str]:
    kind, interval = question.get("kind"), str(question.get("interval") or "day")
    label = say_day(str(cell["label"])) if "label" in cell else ""
    if kind == "stickiness":
        return [f"in {say_span(cell.get('label', 1), 'different ' + interval)}"]
    if kind == "retention":
        row = f"began {say_day(str(cell.get('row')))}"
        return [row, f"{interval} {cell['column']}"] if cell.get("column") else [row]
    if kind == "lifecycle":
        return [str(cell.get("part") or "new"), label]
    if kind == "paths":
        step = cell.get("step") or 1
        if "event" in cell:
            stop = ["paths end here"] if cell.get("ended") else []
            return [f"{step}. {cell['event'] or 'other'}", *stop]
        return [f"from {step}. {cell.get('from_event') or 'other'} to {step + 1}. {cell.get('to_event') or 'other'}"]
    if kind == "adoption" and "feature" in cell:
        name = question["features"][cell["feature"]]["name"]
        return [f"active without “{name}”" if cell.get("others") else f"used “{name}”", *filter(None, [label])]
    if kind == "goes_with":
        done = f"{'did not do' if cell.get('others') else 'did'} “{cell.get('event')}” in the first days"
        return [*([done] if cell.get("event") else []), *(["did it later"] if cell.get("later") else [])]
    found = [label] if label and interval != "all" else []
    if kind == "funnel":
        step = cell.get("step") or 1
        found.append(f"who did not get to step {step}" if cell.get("dropped") else f"who got to step {step}")
    return found


def say_rule(item: dict[str, Any]) -> str:
    """Return a rule in words.

    >>> say_rule({"all": [{"did": True, "event": "paid", "at_least": 2, "last_days": 30},
    ...                   {"not": {"op": "in_cohort", "value": ["staff"]}}]})
    'did “paid” at least 2 times in the last 30 days and not (are in the cohort “staff”)'
    """
    for mode, joint in (("any", " or "), ("all", " and ")):
        if mode in item:
            parts = [_inner(one) for one in item[mode]]
            return joint.join(parts)
    if "not" in item:
        return f"not ({say_rule(item['not'])})"
    if "event" in item or "did" in item:
        return _say_did(item)
    return f"are {say_filter(item)}" if item.get("op") in ("in_cohort", "not_in_cohort") else _say_trait(item)


def _say_trait(item: dict[str, Any]) -> str:
    """Say what somebody has.

    >>> _say_trait({"property": "plan", "op": "is", "of": "account", "value": "pro"})
    'are of an account whose plan is “pro”'
    >>> _say_trait({"property": "plan", "op": "is", "of": "person", "value": "pro"})
    'have a plan that is “pro”'
    """
    name, op = item["property"], item.get("op")
    condition = say_filter(item).removeprefix(say_property(item)).strip()
    if item.get("of") == "account":
        return f"are of an account whose {name} {condition}"
    if op in ("is_set", "is_not_set"):
        return f"have {'a' if op == 'is_set' else 'no'} {name}"
    return f"have a {name} that {condition}"


def _inner(item: dict[str, Any]) -> str:
    is_group = any(mode in item for mode in ("any", "all"))
    return f"({say_rule(item)})" if is_group else say_rule(item)


def _say_did(item: dict[str, Any]) -> str:
    least = item.get("at_least") or 1
    did = "did" if item.get("did", True) else "did not do"
    times = f" at least {say_span(least, 'time')}" if least != 1 else ""
    when = ""
    if item.get("last_days"):
        days = item["last_days"]
        when = " today" if days == 1 else f" in the last {say_span(days, 'day')}"
    elif item.get("date_from"):
        when = f" from {say_day(str(item['date_from']))} to {say_day(str(item.get('date_to')))}"
    else:
        when = " ever" if did == "did not do" else " at any time"
    return f"{did} {say_event(item)}{times}{when}"
