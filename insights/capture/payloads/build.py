"""From the fields of an item, whatever the dialect, to an event row within the limits."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from insights.capture.contracts import (
    MAX_DEPTH,
    MAX_EVENT_ID_LENGTH,
    MAX_ID_LENGTH,
    MAX_NAME_LENGTH,
    MAX_PROPERTIES_BYTES,
    Join,
    TraitValue,
    UnfitItem,
)
from insights.capture.payloads.wire import to_json

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Ids that clients send by mistake; a join through one of them would make strangers one person.
NOBODYS_IDS = frozenset(
    [
        *("", "0", "-1", "anonymous", "distinct_id", "distinctid", "email", "false", "guest", "id", "nan", "nil"),
        *("none", "not_authenticated", "null", "true", "undefined", "unknown", "[object object]"),
    ]
)


def read_id(value: Any, what: str) -> str:
    """Return an id as text, "" when there is none; numbers are written out."""
    if value is None or value is False or value is True:
        return ""
    if isinstance(value, (int, float)):
        value = str(value)
    if not isinstance(value, str):
        raise UnfitItem("bad_id", f"The {what} must be text or a number.")
    value = value.strip()
    if len(value) > MAX_ID_LENGTH:
        raise UnfitItem("id_too_long", f"The {what} is longer than {MAX_ID_LENGTH} characters.")
    return value


def read_name(value: Any) -> str:
    """Return an event's name."""
    if not isinstance(value, str) or not value.strip():
        raise UnfitItem("no_event_name", "The event has no name.")
    name = value.strip()
    if len(name) > MAX_NAME_LENGTH:
        raise UnfitItem("name_too_long", f"The event's name is longer than {MAX_NAME_LENGTH} characters.")
    return name


def read_event_id(value: Any) -> str | None:
    """Return the sender's id of an item as written, or None; it is unique within its source."""
    if value is None or value == "":
        return None
    if not isinstance(value, (str, int)) or len(str(value)) > MAX_EVENT_ID_LENGTH:
        raise UnfitItem(
            "bad_event_id", f"The id of the event must be text of at most {MAX_EVENT_ID_LENGTH} characters."
        )
    return str(value)


def read_object(value: Any, what: str) -> dict[str, Any]:
    """Return a JSON object; nothing is an empty one."""
    if value is None or value == "" or value == []:
        return {}
    if not isinstance(value, dict):
        raise UnfitItem("not_an_object", f"The {what} must be a JSON object.")
    return value


def require_distinct_id(value: str) -> str:
    """Return the id of who did it, or refuse."""
    if not value:
        raise UnfitItem("no_distinct_id", "The event does not say who did it.")
    return value


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level:
        depth += 1
        level = [
            inner
            for item in level
            for inner in (item.values() if isinstance(item, dict) else item)
            if isinstance(inner, (dict, list))
        ]
    return depth


def write_properties(properties: Mapping[str, Any]) -> str:
    """Return properties as JSON text within the limits of size and depth."""
    if not properties:
        return "{}"
    text = to_json(properties)
    if len(text) * 4 > MAX_PROPERTIES_BYTES and len(text.encode()) > MAX_PROPERTIES_BYTES:
        raise UnfitItem("properties_too_large", f"The properties are larger than {MAX_PROPERTIES_BYTES:,} bytes.")
    if text.count("{") + text.count("[") > MAX_DEPTH and _depth(properties) > MAX_DEPTH:
        raise UnfitItem("too_deep", f"The properties are nested more than {MAX_DEPTH} levels deep.")
    return text


def set_once_time(at: datetime) -> datetime:
    """Return the time under which a set-once trait is logged: as long before 1970 as it happened after.

    The trait log says that the latest value of a key wins. Among mirrored times the earliest event is the latest, and
    any ordinary value is later still: the first set-once wins, a set beats it, in whichever order they arrive.
    >>> set_once_time(datetime(1970, 1, 2, tzinfo=UTC)).isoformat()
    '1969-12-30T23:59:59.999999+00:00'
    """
    return EPOCH - (at - EPOCH) - _MICROSECOND


def traits_of(subject: str, subject_id: str, values: Mapping[str, Any], at: datetime) -> tuple[TraitValue, ...]:
    """Return trait rows of a person or an account; they share the limits of properties."""
    write_properties(values)
    return tuple(TraitValue(subject, subject_id, key, to_json(value), at) for key, value in values.items() if key)


def join_of(kind: str, distinct_id: str, person_id: str) -> tuple[Join | None, str]:
    """Return the join of two ids, or none with a note that says why not."""
    if not distinct_id or not person_id or distinct_id == person_id:
        return None, ""
    for value in (distinct_id, person_id):
        if value.lower() in NOBODYS_IDS:
            return None, f"The ids were not joined: {value!r} names nobody in particular."
    return Join(kind, distinct_id, person_id), ""
