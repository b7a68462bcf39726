"""Questions in plain words, for titles and tiles."""

from insights.questions.contracts import EventSpec, Filter, FilterGroup, Filters, Question

_OPS = {
    "is": "is",
    "is_not": "is not",
    "contains": "contains",
    "not_contains": "does not contain",
    "matches": "matches",
    "gt": "is over",
    "gte": "is at least",
    "lt": "is under",
    "lte": "is at most",
    "between": "is between",
    "is_set": "is set",
    "is_not_set": "is not set",
}
_SPANS = {"d": "days", "w": "weeks", "m": "months", "q": "quarters", "y": "years"}


def units_of(question: Question) -> str:
    """Return the plural of what is counted."""
    return "accounts" if question.unit == "account" else "people"


def say_spec(spec: EventSpec) -> str:
    """Return an event spec in words."""
    return spec.name + (f" where {say_filters(spec.filters)}" if spec.filters else "")


def say_filters(filters: Filters) -> str:
    """Return filters that must all hold, in words."""
    return " and ".join(_say_filter(item) for item in filters)


def _say_filter(item: Filter | FilterGroup) -> str:
    if isinstance(item, FilterGroup):
        return "(" + f" {'or' if item.mode == 'any' else 'and'} ".join(_say_filter(one) for one in item.filters) + ")"
    owner = {"event": "", "person": "person's ", "account": "account's "}[item.of]
    values = item.value if isinstance(item.value, tuple) else (() if item.value is None else (item.value,))
    joined = (" and " if item.op == "between" else " or ").join(str(value) for value in values)
    return f"{owner}{item.property} {_OPS[item.op]} {joined}".rstrip()


def say_range(question: Question) -> str:
    """Return the range in words: “last 30 days”, or its first and last day."""
    text = question.date_from
    if text.startswith("-") and question.date_to is None:
        n, letter = text[1:-1], text[-1]
        return f"last {n} {_SPANS[letter]}" if n != "1" else f"last {_SPANS[letter][:-1]}"
    if text.startswith("-"):
        return f"{text[1:-1]} {_SPANS[text[-1]]} to {question.date_to}"
    return f"{text} to {question.date_to or 'today'}"


def say_extras(question: Question) -> str:
    """Return breakdown, filters and comparison in words, each after a comma."""
    parts = []
    if question.breakdown:
        parts.append(f"by {question.breakdown[0].property}")
    if question.filters:
        parts.append(f"where {say_filters(question.filters)}")
    if question.compare:
        parts.append("against " + ("the period before" if question.compare == "previous" else "the year before"))
    return "".join(f", {part}" for part in parts)


def capitalised(sentence: str) -> str:
    """Return the sentence with a capital first letter, the rest untouched."""
    return sentence[:1].upper() + sentence[1:]
