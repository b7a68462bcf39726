"""Reading of event specs, filters and breakdowns."""

import math
from typing import Any

from insights.questions.contracts import COHORT_OPS, OPS, Breakdown, EventSpec, Filter, FilterGroup, Filters, Scalar
from insights.questions.reading import Faults, ObjectReader, kind_of

_OWNERS = ("event", "person", "account")
_MAX_DEPTH = 5
_MAX_VALUES = 1000
_MAX_COHORTS = 20


def read_filters(reader: ObjectReader, key: str = "filters", depth: int = 0) -> Filters:
    """Read a list of filters, nested groups included."""
    return reader.items(key, lambda value, path: _read_filter(value, path, reader.faults, depth))


def read_event(reader: ObjectReader) -> str | None:
    """Read an event's name; null means any event."""
    if reader.has("event") and reader.take("event") is None:
        return None
    if not reader.has("event"):
        reader.known.add("event")
        if reader.is_object:
            reader.fault("event", "Name an event, or give null for any event.")
        return None
    return reader.text("event")


def read_event_spec(value: Any, path: str, faults: Faults) -> EventSpec:
    """Read `{"event": …, "filters": […]}`."""
    reader = ObjectReader(value, path, faults)
    spec = EventSpec(read_event(reader), read_filters(reader))
    reader.finish()
    return spec


def read_breakdown(reader: ObjectReader, most: int) -> tuple[Breakdown, ...]:
    """Read the breakdown: none, one or, up to `most`, several properties."""
    value = reader.value.get("breakdown")
    if isinstance(value, list) and len(value) > most:
        reader.known.add("breakdown")
        only = "one property" if most == 1 else f"{most} properties"
        reader.fault("breakdown", f"This kind of question is broken down by {only} at most. Name fewer.")
        return ()
    found: list[Breakdown] = []

    def read(item: Any, path: str) -> Breakdown:
        inner = ObjectReader(item, path, reader.faults)
        of = inner.choice("of", (*_OWNERS, "field", "cohort"), "event")
        name = inner.choice("property", ("event", "source"), "event") if of == "field" else inner.text("property")
        inner.finish()
        if name and Breakdown(name, of) in found:
            inner.fault("property", "This is named twice. Leave one out.")
        found.append(Breakdown(name, of))
        return found[-1]

    return reader.items("breakdown", read, most=most)


def _read_filter(value: Any, path: str, faults: Faults, depth: int) -> Filter | FilterGroup:
    reader = ObjectReader(value, path, faults)
    for mode in ("any", "all"):
        if reader.has(mode):
            if depth >= _MAX_DEPTH:
                reader.fault(mode, f"Filters nest {_MAX_DEPTH} deep at most.")
                return FilterGroup(mode, ())
            group = FilterGroup(mode, read_filters(reader, mode, depth + 1))
            if not group.filters and isinstance(reader.value[mode], list) and not reader.value[mode]:
                reader.fault(mode, "This list is empty. Add a filter or leave the group out.")
            reader.finish()
            return group
    op = reader.choice("op", (*OPS, *COHORT_OPS), "is")
    if op in COHORT_OPS:
        return _read_cohort_filter(reader, op)
    name = reader.text("property")
    of = reader.choice("of", _OWNERS, "event")
    found = Filter(name, of, op, _read_value(reader, op))
    reader.finish()
    return found


def _read_cohort_filter(reader: ObjectReader, op: str) -> Filter:
    """Read `{"op": "in_cohort", "value": name or list of names}`; a name is a cohort's slug or number."""
    if reader.take("property") not in (None, "", "cohort"):
        reader.fault("property", f"“{op}” is not about a property. Leave it out, and name the cohort in “value”.")
    of = reader.choice("of", ("cohort", *_OWNERS), "cohort")
    value = reader.take("value")
    names = value if isinstance(value, list) else [value]
    if not 1 <= len(names) <= _MAX_COHORTS or not all(_is_name(name) for name in names):
        reader.fault("value", f"Name the cohort by its slug, or 1 to {_MAX_COHORTS} of them in a list.")
        names = []
    reader.finish()
    return Filter("cohort", "cohort" if of == "event" else of, op, tuple(dict.fromkeys(str(name) for name in names)))


def _is_name(value: Any) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        return value > 0
    return isinstance(value, str) and 0 < len(value) <= 200


def _read_value(reader: ObjectReader, op: str) -> tuple[Scalar, ...] | Scalar | None:
    value = reader.take("value")
    if op in ("is_set", "is_not_set"):
        if value is not None:
            reader.fault("value", f"“{op}” takes no value. Leave it out.")
        return None
    if value is None:
        reader.fault("value", "This is missing.")
        return None
    if op in ("is", "is_not"):
        values = value if isinstance(value, list) else [value]
        if not 1 <= len(values) <= _MAX_VALUES:
            reader.fault("value", f"Give 1 to {_MAX_VALUES} values.")
        return tuple(_scalar(reader, item) for item in values)
    if op in ("contains", "not_contains", "matches"):
        if not isinstance(value, str) or not value:
            reader.fault("value", "This must be a text that is not empty.")
            return ""
        if op == "matches":
            _check_pattern(reader, value)
        return value
    if op == "between":
        if not isinstance(value, list) or len(value) != 2:
            reader.fault("value", "Give two values, the lower and the upper one.")
            return None
        low, high = (_comparable(reader, item) for item in value)
        if isinstance(low, str) != isinstance(high, str):
            reader.fault("value", "Both values must be numbers, or both texts.")
        return (low, high)
    return _comparable(reader, value)


def _is_finite(value: Any) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


def _scalar(reader: ObjectReader, value: Any) -> Scalar:
    if not isinstance(value, (str, int, float, bool)) or not _is_finite(value):
        reader.fault("value", f"A value must be a text, a number, true or false, not {kind_of(value)}.")
        return ""
    return value


def _comparable(reader: ObjectReader, value: Any) -> Scalar:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or not _is_finite(value):
        reader.fault("value", f"This must be a number, or a text such as a date, not {kind_of(value)}.")
        return 0
    return value


def _check_pattern(reader: ObjectReader, pattern: str) -> None:
    import duckdb  # the engine's own RE2 decides; loaded only for such a filter

    with duckdb.connect(":memory:", config={"threads": 1}) as engine:
        try:
            engine.execute("select regexp_matches('', $pattern)", {"pattern": pattern})
        except duckdb.Error:
            reader.fault("value", "This is not a regular expression that RE2 can read.")
