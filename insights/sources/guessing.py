"""Guessing a mapping from column names and the values of the first rows; every guess is shown and can be changed."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from insights.sources.contracts import RawTable
from insights.sources.mapping import Mapping, standard_mapping
from insights.sources.times import PATTERNS

_NAMES = {
    "who": [
        "distinct_id",
        "user_id",
        "userid",
        "person_id",
        "customer_id",
        "customerid",
        "member_id",
        "visitor_id",
        "user",
        "uid",
        "actor_id",
        "contact_id",
        "anonymous_id",
        "anonymousid",
        "device_id",
        "client_id",
        "user_pseudo_id",
        "session_id",
        "email",
    ],
    "when": [
        "timestamp",
        "originaltimestamp",
        "event_timestamp",
        "event_time",
        "occurred_at",
        "time",
        "created_at",
        "datetime",
        "date_time",
        "happened_at",
        "ts",
        "at",
        "when",
        "date",
        "day",
        "event_date",
    ],
    "what": ["event", "event_name", "eventname", "event_type", "action", "activity", "name", "type"],
    "account": [
        "account_id",
        "accountid",
        "group_id",
        "groupid",
        "company_id",
        "workspace_id",
        "organization_id",
        "organisation_id",
        "org_id",
        "tenant_id",
        "account",
        "company",
    ],
    "event_id": [
        "event_id",
        "eventid",
        "insert_id",
        "$insert_id",
        "messageid",
        "message_id",
        "uuid",
        "idempotency_key",
    ],
}
_WHO_ENDINGS = ("user_id", "_user", "customer", "customer_id", "member", "member_id", "person_id", "student_id")
_ISO = re.compile(r"\d{4}-\d\d?-\d\d?([T ]\d\d?:\d\d(:\d\d(\.\d+)?)?)?\s*(Z|UTC|[+-]\d\d:?(\d\d)?)?", re.IGNORECASE)
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?")
_COMMA_NUMBER = re.compile(r"-?\d{1,3}(\.\d{3})*,\d+|-?\d+,\d+")
_BOOLEANS = {"true", "false", "yes", "no", "t", "f", "y", "n"}
_SHORTEST_TIME = 6  # 1/2/24
_EMPTY = {"", "none", "null", "nan", "n/a", "-"}
_ID_NAME = re.compile(r"(^|[_ .$])(id|ids|uuid|key|code|zip|phone)$|Id$|ID$")
_MONEY_NAME = re.compile(r"amount|price|revenue|order|invoice|purchase", re.IGNORECASE)
_PRESETS = (
    ("PostHog export", {"event", "distinct_id", "properties", "timestamp"}),
    ("Segment", {"type", "userId", "messageId"}),
    ("Amplitude export", {"event_type", "event_time", "amplitude_id"}),
    ("Mixpanel export", {"event", "properties", "properties.distinct_id", "properties.time"}),
    ("GA4 export", {"event_name", "event_timestamp", "user_pseudo_id"}),
)


@dataclass(frozen=True)
class Guess:
    """A mapping as far as it can be told, as JSON, and the name of the export it was recognised as."""

    mapping: dict[str, Any]
    preset: str = ""


def sample_values(connection: Any, table: RawTable, limit: int = 500) -> dict[str, list[str]]:
    """Return the first values of each column, as text; of objects those of each key."""
    if table.is_json:
        from insights.sources.cells import Cells

        cells = Cells(table, Mapping(who=(), when=()))
        texts = ", ".join(cells.text(name) for name in table.columns) or "NULL"
        found = connection.execute(f"SELECT {texts} FROM ({cells.rows_sql()}) LIMIT {int(limit)}", cells.params)
        rows = found.fetchall()
    else:
        names = ", ".join(f"c{n}" for n in range(len(table.columns)))
        found = connection.execute(f"SELECT {names} FROM raw_rows LIMIT {int(limit)}")
        rows = found.fetchall()
    return {
        name: ["" if n >= len(row) or row[n] is None else row[n] for row in rows]
        for n, name in enumerate(table.columns)
    }


def guess_mapping(table: RawTable, values: dict[str, list[str]]) -> Guess:
    """Guess which column is what; parts that cannot be told are left out."""
    standard = standard_mapping(table.columns)
    if standard:
        guess = standard.to_json()
        guess["time_format"] = guess_time_format(values.get("timestamp", [])) or "iso"
        guess["types"] = guess_types(values, standard.used(), table)
        return Guess(_without_empty(guess), _preset(table.columns))
    preset = _preset(table.columns)
    roles = _preset_roles(preset, table.columns) or _roles(table.columns, values)
    guess = dict(roles)
    when = roles.get("when")
    guess["time_format"] = guess_time_format(values.get(when if isinstance(when, str) else when[0], [])) if when else ""
    guess["time_format"] = guess["time_format"] or "iso"
    guess["json_column"] = roles.get("json_column") or _json_column(table, values, set(_flat(roles.values())))
    if not preset and not roles.get("what") and any(_MONEY_NAME.search(name) for name in table.columns):
        guess["event_name"] = "purchase"
    used = set(_flat(roles.values())) | {guess["json_column"]}
    guess["types"] = guess_types(values, used, table)
    guess["decimal_comma"] = bool(guess["types"]) and any(
        _share(values[name], _COMMA_NUMBER) > 0.5 for name, kind in guess["types"].items() if kind == "number"
    )
    return Guess(_without_empty(guess), preset)


def _without_empty(guess: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in guess.items() if value not in ("", [], {}, None, False)}


def _flat(values: Iterable[Any]) -> list[str]:
    return [name for value in values for name in ([value] if isinstance(value, str) else value)]


def _preset(columns: Sequence[str]) -> str:
    return next((name for name, needed in _PRESETS if needed <= set(columns)), "")


def _preset_roles(preset: str, columns: Sequence[str]) -> dict[str, Any] | None:
    known = set(columns)

    def first_known(*names: str) -> list[str]:
        return [name for name in names if name in known]

    if preset == "Segment":
        roles = {
            "who": first_known("userId", "anonymousId"),
            "when": first_known("timestamp", "originalTimestamp", "sentAt", "receivedAt"),
            "what": first_known("event", "name", "type"),
            "event_id": "messageId",
            "person_traits": first_known("traits"),
        }
    elif preset == "Amplitude export":
        event_id = first_known("insert_id", "$insert_id", "_insert_id", "uuid")
        roles = {"who": first_known("user_id", "device_id"), "when": "event_time", "what": "event_type"}
        roles["event_id"] = event_id[-1:]
        return {**roles, "json_column": "event_properties" if "event_properties" in known else ""}
    elif preset == "Mixpanel export":
        roles = {"who": "properties.distinct_id", "when": "properties.time", "what": "event"}
        roles["event_id"] = first_known("properties.$insert_id")
        return {**roles, "json_column": "properties"}
    elif preset == "GA4 export":
        roles = {"who": first_known("user_id", "user_pseudo_id"), "when": "event_timestamp", "what": "event_name"}
        return roles
    else:
        return None
    return {**roles, "json_column": "properties" if "properties" in known else ""}


def _roles(columns: Sequence[str], values: dict[str, list[str]]) -> dict[str, str]:
    roles: dict[str, str] = {}
    for role in ("when", "who", "what", "account", "event_id"):
        best, best_score = "", 0.0
        for column in columns:
            if column in roles.values():
                continue
            score = _score(role, column, values.get(column, []))
            if score > best_score:
                best, best_score = column, score
        if best:
            roles[role] = best
    return roles


def _filled(values: Sequence[str]) -> list[str]:
    return [value for value in values if value.strip().lower() not in _EMPTY]


def _score(role: str, column: str, values: Sequence[str]) -> float:
    """Score a column for a role: its name's place in the list of usual names, weighed by what its values look like."""
    names = _NAMES[role]
    plain = re.sub(r"[\s\-]+", "_", column.rpartition(".")[2].strip().lower())
    by_name = 1 - names.index(plain) / (len(names) + 5) if plain in names else 0.0
    if role == "who" and not by_name and plain.endswith(_WHO_ENDINGS):
        by_name = 0.5
    filled = _filled(values)
    if values and len(filled) < len(values) * (0.5 if role in ("who", "when", "what") else 0.01):
        return 0.0
    if role == "when":
        readable = bool(guess_time_format(values))
        return (by_name + 0.2) if readable else 0.0
    if role == "event_id":
        return by_name if len(set(filled)) == len(filled) else 0.0
    if role == "what" and filled and len(set(filled)) > max(20, len(filled) * 0.6):
        return 0.0
    return by_name


def guess_time_format(values: Sequence[str]) -> str:
    """Return the time format that reads all of the filled values, or nothing.

    >>> guess_time_format(["2024-01-31", "2024-02-01 10:00"]), guess_time_format(["31.01.2024"])
    ('iso', '%d.%m.%Y')
    >>> guess_time_format(["1700000000"]), guess_time_format(["1700000000123"]), guess_time_format(["20240131"])
    ('epoch_s', 'epoch_ms', '%Y%m%d')
    """
    filled = _filled(values)[:200]
    if not filled:
        return ""
    if sum(bool(_ISO.fullmatch(value.strip())) for value in filled) >= 0.9 * len(filled):
        return "iso"
    epoch = _epoch(filled)
    if epoch:
        return epoch
    few = filled[:: max(1, len(filled) // 5)]  # of a pattern that reads nine in ten, one of these is read
    if max(map(len, few)) < _SHORTEST_TIME:
        return ""
    for pattern in PATTERNS:
        if not any(_parses(value, pattern) for value in few):
            continue
        if sum(_parses(value, pattern) for value in filled) >= 0.9 * len(filled):
            return pattern
    return ""


def _epoch(filled: Sequence[str]) -> str:
    try:
        numbers = [float(value) for value in filled]
    except ValueError:
        return ""
    for name, unit in (("epoch_s", 1.0), ("epoch_ms", 1e3), ("epoch_us", 1e6)):
        # Between 1990 and 2100: everything else is rather a date without separators or a plain number.
        if all(6.3e8 * unit <= number <= 4.1e9 * unit for number in numbers):
            return name
    return ""


def _parses(value: str, pattern: str) -> bool:
    try:
        dt.datetime.strptime(value.strip(), pattern)
    except ValueError:
        return False
    return True


def _share(values: Sequence[str], pattern: re.Pattern[str]) -> float:
    filled = _filled(values)
    return sum(bool(pattern.fullmatch(value.strip())) for value in filled) / len(filled) if filled else 0.0


def guess_types(values: dict[str, list[str]], used: set[str], table: RawTable) -> dict[str, str]:
    """Return the columns that are not text: a number keeps its digits as written, an id stays text."""
    if table.is_json:  # JSON says its types itself
        return {}
    types = {}
    for name, cells in values.items():
        filled = _filled(cells)
        if name in used or not filled:
            continue
        if table.types.get(name):
            types[name] = table.types[name]
        elif all(value.strip().lower() in _BOOLEANS for value in filled):
            types[name] = "boolean"
        elif not _ID_NAME.search(name) and (_share(cells, _NUMBER) == 1.0 or _share(cells, _COMMA_NUMBER) > 0.9):
            types[name] = "number" if max(len(value) for value in filled) <= 15 else "text"
    return {name: kind for name, kind in types.items() if kind != "text"}


def _json_column(table: RawTable, values: dict[str, list[str]], used: set[str]) -> str:
    """Return the one text column whose cells are JSON objects."""
    for name in ("properties", "event_properties", "event_data", "payload", "data", *table.columns):
        if name in used or name not in values:
            continue
        if table.is_json and name != "properties":
            continue
        filled = [value for value in values[name] if value.strip() not in ("", "{}")]
        if filled and all(_is_object(value) for value in filled[:50]):
            return name
    return ""


def _is_object(value: str) -> bool:
    if not value.lstrip().startswith("{"):
        return False
    try:
        return isinstance(json.loads(value), dict)
    except (ValueError, RecursionError):
        return False
