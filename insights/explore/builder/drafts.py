"""A draft is a question's JSON that may not be finished yet; a form's field names are paths into it ("series.0.event").

The address holds it as `?q=<JSON>&chart=<type>`; the same JSON is what the API, the command line and insights use.
"""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from insights.questions.contracts import COHORT_OPS
from portal.shell.public import is_storable

Draft = dict[str, Any]

ANY_EVENT = "(any event)"
CUSTOM_RANGE = "custom"
RANGES = {
    "-1d": "Today",
    "-7d": "7 days",
    "-14d": "14 days",
    "-30d": "30 days",
    "-90d": "90 days",
    "-12w": "12 weeks",
    "-26w": "26 weeks",
    "-12m": "12 months",
    "-3y": "3 years",
}
DEFAULT_RANGE = "-30d"
DEFAULT_RANGES = {"adoption": "-12w", "goes_with": "-90d"}
VALUELESS = ("is_set", "is_not_set")
MANY_VALUES = ("is", "is_not")
NUMBER_OPS = ("gt", "gte", "lt", "lte", "between")
MAX_TEXT = 20_000
_DEFAULTS: Draft = {
    "unit": "person",
    "week_start": "monday",
    "compare": None,
    "filters": [],
    "breakdown": [],
    "date_to": None,
    "order": "ordered",
    "exclusions": [],
    "attribution": "first",
    "view": "steps",
    "unbounded": False,
    "minimum": 1,
    "rolling": False,
    "formula": None,
    "cumulative": False,
    "moving_average": None,
    "repeats": False,
}
_EMPTY = (("filters", []), ("optional", False))  # of an event, wherever it stands
_SEGMENT = re.compile(r"[a-z_]+|\d{1,2}")
_COMMON_KEYS = {"kind", "products", "sources", "unit", "date_from", "date_to", "timezone", "week_start", "compare"}
_KIND_KEYS = {"series", "interval", "steps", "order", "window", "target", "returning", "mode", "intervals", "event"}
_TREND_KEYS = {"formula", "cumulative", "moving_average"}
_PATHS_KEYS = {"start", "end", "edges", "repeats", "session_gap"}
_FUNNEL_KEYS = {"exclusions", "attribution", "view"}
_MORE_KEYS = {"features", "days", "until", "filters", "breakdown", "unbounded", "minimum", "rolling"}
_KEYS = _COMMON_KEYS | _KIND_KEYS | _TREND_KEYS | _PATHS_KEYS | _FUNNEL_KEYS | _MORE_KEYS
_LISTS = {"series", "steps", "exclusions", "filters", "any", "all", "breakdown"}
_NUMBERS = ("days", "until", "intervals", "minimum", "after", "before", "attribution", "steps", "edges")


def start_draft(kind: str, products: list[str]) -> Draft:
    """Return an empty question of a kind."""
    return fill_kind({"kind": kind, "products": products})


def fill_kind(draft: Draft) -> Draft:
    """Return the draft with the parts that its kind needs, blank where nothing is known."""
    blank: dict[str, Draft] = {
        "trend": {"series": [{"event": "", "measure": "total"}], "interval": "day"},
        "funnel": {"steps": [{"event": ""}, {"event": ""}], "window": {"value": 14, "unit": "day"}},
        "retention": {"target": {"event": ""}, "returning": {"event": None}, "interval": "week", "intervals": 8},
        "stickiness": {"series": [{"event": ""}], "interval": "day"},
        "lifecycle": {"event": {"event": ""}, "interval": "week"},
        "goes_with": {"target": {"event": ""}, "returning": {"event": None}, "days": 7, "until": 28},
        "adoption": {"features": [], "interval": "week"},
        "paths": {"steps": 5, "edges": 50, "session_gap": {"value": 30, "unit": "minute"}},
    }
    if draft.get("kind") == "paths" and not draft.get("end"):
        blank["paths"]["start"] = {"event": ""}
    own = blank.get(draft.get("kind", ""), {})
    if draft.get("kind") != "retention":  # whose range follows from its intervals
        own["date_from"] = DEFAULT_RANGES.get(draft.get("kind", ""), DEFAULT_RANGE)
    return {**draft, **{key: draft.get(key) or value for key, value in own.items()}}


def read_json(text: str) -> Draft | None:
    """Return the draft that an address holds, or None when it is not a JSON object."""
    if len(text) > MAX_TEXT:
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    is_draft = isinstance(value, dict) and isinstance(value.get("kind", "trend"), str) and is_storable(value)
    return value if is_draft else None


def shaped(draft: Draft) -> Draft:
    """Return what of a draft fields can show: an address may hold anything; what is wrong with it is told beside."""
    lists: dict[str, type] = {"products": str, "sources": str, "breakdown": dict}
    if draft.get("kind") == "funnel":
        lists["steps"] = dict
    shown = dict(draft)
    for key, of in lists.items():
        if key in shown:
            value = shown[key]
            shown[key] = [item for item in value if isinstance(item, of)] if isinstance(value, list) else []
    if not isinstance(shown.get("window"), dict):
        shown.pop("window", None)
    return shown


def read_features(text: str) -> Any:
    """Return the features that a hidden field holds as JSON; anything else stays a text, for the engine to judge."""
    found = read_json(f'{{"features": {text or "[]"}}}')
    return text if found is None else found.get("features")


def write_features(draft: Draft) -> str:
    """Return the features of a draft as JSON for a hidden field."""
    return json.dumps(draft.get("features") or [], ensure_ascii=False, separators=(",", ":"))


def compact(draft: Draft) -> Draft:
    """Return the draft without what is the default anyway."""

    def small(value: Any) -> Any:
        if isinstance(value, dict):
            found = {key: small(item) for key, item in value.items()}
            return {key: item for key, item in found.items() if (key, item) not in _EMPTY}
        return [small(item) for item in value] if isinstance(value, list) else value

    return {key: item for key, item in small(draft).items() if key not in _DEFAULTS or item != _DEFAULTS[key]}


def to_query(draft: Draft, chart: str = "") -> str:
    """Return the address's query: everything of the page's state."""
    text = json.dumps(compact(draft), ensure_ascii=False, separators=(",", ":"))
    query = f"q={quote(text, safe=':,/()')}"
    return f"{query}&chart={quote(chart)}" if chart else query


def read_fields(fields: Iterable[tuple[str, list[str]]]) -> Draft:
    """Return the draft that a form's fields describe; fields whose names are no paths are left alone."""
    draft: Draft = {}
    for name, values in fields:
        path = name.split(".")
        if path[0] in _KEYS and len(path) <= 12 and all(_SEGMENT.fullmatch(part) for part in path):
            _put(draft, path, values)
    return _tidy(draft)


def _put(draft: Draft, path: list[str], values: list[str]) -> None:
    here: Any = draft
    for place, part in enumerate(path[:-1]):
        if isinstance(here, dict):
            empty: Any = {} if not path[place + 1].isdigit() else []
            here = here.setdefault(part, empty)
        elif isinstance(here, list) and part.isdigit():
            while len(here) <= int(part):
                here.append({})
            here = here[int(part)]
        else:
            return
    if isinstance(here, dict):
        here[path[-1]] = values


def _tidy(value: Any, key: str = "") -> Any:
    """Turn the lists of texts that a form sends into the values that a question has."""
    if isinstance(value, dict):
        found = {name: _tidy(item, name) for name, item in value.items()}
        if "op" in found and ("property" in found or "of" in found):
            return _tidy_filter(found)
        return found
    if isinstance(value, list) and key in _LISTS and all(isinstance(item, dict) for item in value):
        return [_tidy(item) for item in value]
    return _tidy_leaf(value, key)


def _tidy_leaf(values: Any, key: str) -> Any:
    if not isinstance(values, list) or not all(isinstance(text, str) for text in values):
        return values
    if key == "value":
        return values
    if key == "features":
        return read_features(values[-1] if values else "")
    if key in ("products", "sources"):
        return [text for text in values if text]
    last = values[-1].strip() if values else ""
    if key == "event":
        return None if last == ANY_EVENT else last
    if key in ("unbounded", "rolling", "cumulative", "repeats", "optional"):
        return last == "1"
    if key in ("compare", "date_to", "formula"):
        return last or None
    if key == "moving_average":
        return to_number(last) if last else None
    if key == "insight":
        return to_number(last) if last else ""
    if key in _NUMBERS:
        return to_number(last)
    return last


def _tidy_filter(row: Draft) -> Draft:
    given = row.pop("value", [])
    values = [text for text in (given if isinstance(given, list) else [given]) if text != ""]
    if row.get("of") == "cohort":
        op = row["op"] if row["op"] in COHORT_OPS else COHORT_OPS[0]
        return {"property": "cohort", "of": "cohort", "op": op, "value": values}
    if row["op"] in COHORT_OPS:  # another owner was chosen: of a cohort nothing is kept
        return {"property": "", "of": row.get("of", "event"), "op": "is", "value": []}
    if row["op"] in VALUELESS:
        return row
    if row["op"] in MANY_VALUES:
        return {**row, "value": values}
    if row["op"] == "between":
        return {**row, "value": [to_number(text) for text in values[:2]]}
    first = values[0] if values else ""
    return {**row, "value": to_number(first) if row["op"] in NUMBER_OPS else first}


def renumber_steps(draft: Draft, place: Callable[[int], int]) -> None:
    """Let what names steps by their numbers speak of the steps that are left."""
    rows, n_steps = draft.get("exclusions"), len(draft.get("steps") or [])
    if isinstance(draft.get("attribution"), int):
        step = place(draft["attribution"])
        draft["attribution"] = step if 1 <= step <= n_steps else "first"
    if not isinstance(rows, list):
        return
    found = []
    for row in rows if n_steps > 1 else []:
        if isinstance(row, dict):
            row = {**row, **{key: place(row[key]) for key in ("after", "before") if isinstance(row.get(key), int)}}
            if not 1 <= row.get("after", 1) < row.get("before", n_steps) <= n_steps:
                row = {key: value for key, value in row.items() if key not in ("after", "before")}
        found.append(row)
    draft["exclusions"] = found


def to_number(text: str) -> Any:
    """Return the number that a text writes, else the text, for the engine to judge."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        return text
    return number if number == number and abs(number) != float("inf") else text


def turn_paths(draft: Draft, point: str) -> Draft:
    """Return the draft of paths with its event at the end that the form's choice names: "start" or "end"."""
    other = {"start": "end", "end": "start"}.get(point, "")
    if draft.get("kind") != "paths" or other not in draft:
        return draft
    return {**{key: value for key, value in draft.items() if key not in (point, other)}, point: draft[other]}


def finish_form(draft: Draft, range_choice: str, *, today: str, month_ago: str, zone: str) -> Draft:
    """Return a form's draft with its helper fields folded in: the range's preset, the breakdown's short names.

    `zone` is the workspace's time zone, which a question need not name.
    """
    draft = dict(draft)
    if draft.get("timezone") in ("", zone):
        del draft["timezone"]
    if not range_choice:
        draft.pop("date_from", None)
        draft.pop("date_to", None)
    elif range_choice != CUSTOM_RANGE:
        draft["date_from"], draft["date_to"] = range_choice, None
    else:
        if not re.match(r"\d{4}-", str(draft.get("date_from") or "")):
            draft["date_from"] = month_ago
        draft["date_to"] = None if draft.get("kind") == "retention" else draft.get("date_to") or today
    if draft.get("kind") == "funnel" and draft.get("view") != "trend":
        draft.pop("interval", None)  # what it had before another view was chosen
    for key in ("window", "session_gap"):
        span = draft.get(key)
        if isinstance(span, dict):
            value = span.get("value")
            draft[key] = {**span, "value": to_number(value[-1]) if isinstance(value, list) and value else value}
    breakdown = []
    for item in draft.pop("breakdown", None) or []:
        owner, _, field = str(item.get("of", "event")).partition(":")
        name = field or item.get("property", "")
        if name or owner != "event":
            breakdown.append({"property": name, "of": owner})
    # Whose property it is may be said before its name: such a row waits, and is not asked.
    kept = [item for item in breakdown if item["property"] or item["of"] != "event"]
    return fill_kind({**draft, "breakdown": kept} if kept else draft)
