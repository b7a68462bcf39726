"""How columns become events: a checked value, kept as JSON on the source."""

from dataclasses import dataclass, field
from typing import Any

from insights.sources.contracts import ReadOptions
from insights.sources.times import format_fault, format_words

TYPES = ("text", "number", "boolean", "time")
OTHERS, NONE = "others", "none"
_ROLE_KEYS = frozenset({"who", "when", "what", "event_name", "account", "event_id", "time_format"})
_KEYS = _ROLE_KEYS | {
    "properties",
    "json_column",
    "person_traits",
    "account_traits",
    "types",
    "decimal_comma",
    "read",
}


class MappingFault(ValueError):
    """A mapping that cannot be used; `fields` names each fault by its key."""

    def __init__(self, fields: dict[str, list[str]]):
        self.fields = fields
        super().__init__("; ".join(f"{name}: {' '.join(faults)}" for name, faults in fields.items()))


@dataclass(frozen=True)
class Mapping:
    """Which column says what. A role may name several columns: the first that is filled in a row counts.

    `properties` is "others" (all columns not used otherwise), "none", or the chosen columns; `json_column` is one
    whose JSON object is spread into properties. `types` holds the columns that are not text.
    """

    who: tuple[str, ...]
    when: tuple[str, ...]
    what: tuple[str, ...] = ()
    event_name: str = ""  # "each row is an event named …"
    account: tuple[str, ...] = ()
    event_id: tuple[str, ...] = ()
    time_format: str = "iso"
    properties: str | tuple[str, ...] = OTHERS
    json_column: str = ""
    person_traits: tuple[str, ...] = ()
    account_traits: tuple[str, ...] = ()
    types: dict[str, str] = field(default_factory=dict)
    decimal_comma: bool = False
    read: ReadOptions = field(default_factory=ReadOptions)

    def roles(self) -> dict[str, tuple[str, ...]]:
        """Return the columns of each role."""
        return {
            "who": self.who,
            "when": self.when,
            "what": self.what,
            "account": self.account,
            "event_id": self.event_id,
        }

    def used(self) -> set[str]:
        """Return the columns that are something else than a property."""
        used = {name for names in self.roles().values() for name in names}
        used.update(self.person_traits, self.account_traits)
        return used | ({self.json_column} if self.json_column else set())

    def property_columns(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        """Return the columns of a file that become properties one by one."""
        if self.properties == NONE:
            return ()
        if self.properties == OTHERS:
            return tuple(name for name in columns if name not in self.used())
        return tuple(name for name in columns if name in self.properties)

    def to_json(self) -> dict[str, Any]:
        """Return the value as it is kept; empty parts are left out."""
        value: dict[str, Any] = {}
        for name in ("who", "when", "what", "account", "event_id"):
            columns = getattr(self, name)
            if columns:
                value[name] = columns[0] if len(columns) == 1 else list(columns)
        for name in ("event_name", "json_column", "decimal_comma"):
            if getattr(self, name):
                value[name] = getattr(self, name)
        for name in ("person_traits", "account_traits"):
            if getattr(self, name):
                value[name] = list(getattr(self, name))
        value["time_format"] = self.time_format
        value["properties"] = self.properties if isinstance(self.properties, str) else list(self.properties)
        if self.types:
            value["types"] = dict(self.types)
        if read := self.read.to_json():
            value["read"] = read
        return value

    def faults_for(self, columns: tuple[str, ...], *, is_json: bool) -> dict[str, list[str]]:
        """Return what keeps this mapping from reading a file with these columns, by key."""
        if is_json:  # an object may lack a key that others have
            return {}
        known, faults = set(columns), {}
        for role, names in self.roles().items():
            if names and not known.intersection(names):
                faults[role] = [f"The file has no column “{'” or “'.join(names)}”."]
        chosen = self.properties if isinstance(self.properties, tuple) else ()
        for key, names in (
            ("json_column", (self.json_column,) if self.json_column else ()),
            ("properties", chosen),
            ("person_traits", self.person_traits),
            ("account_traits", self.account_traits),
        ):
            missing = [name for name in names if name not in known]
            if missing:
                faults[key] = [f"The file has no column “{missing[0]}”."]
        return faults


def _names(value: Any) -> tuple[str, ...] | None:
    if value in (None, "", []):
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, (list, tuple)) and all(isinstance(name, str) and name for name in value):
        return tuple(dict.fromkeys(value))
    return None


def parse_mapping(value: Any) -> Mapping:
    """Return the mapping that a JSON value says, or raise MappingFault with every fault by its key."""
    if not isinstance(value, dict):
        raise MappingFault({"mapping": ["A mapping is an object such as {“who”: “user_id”, “when”: “time”, …}."]})
    faults: dict[str, list[str]] = {key: ["A mapping has no such key."] for key in value.keys() - _KEYS}
    parts: dict[str, Any] = {}
    for key in ("who", "when", "what", "account", "event_id", "person_traits", "account_traits"):
        names = _names(value.get(key))
        if names is None:
            faults[key] = ["Name one column, or a list of columns."]
        parts[key] = names or ()
    for key, sentence in (("who", "Say which column tells who did it."), ("when", "Say which column tells when.")):
        if not parts[key] and key not in faults:
            faults[key] = [sentence]
    parts["event_name"] = str(value.get("event_name") or "").strip()
    if bool(parts["what"]) == bool(parts["event_name"]) and "what" not in faults:
        faults["what"] = ["Say either which column holds the event's name, or how every row's event is named."]
    if len(parts["event_name"]) > 200:
        faults["event_name"] = ["A name may have 200 characters."]
    parts["time_format"] = value.get("time_format") or "iso"
    fault = format_fault(str(parts["time_format"]))
    if fault:
        faults["time_format"] = [fault]
    parts["properties"] = _properties(value.get("properties", OTHERS), faults)
    parts["json_column"] = str(value.get("json_column") or "")
    parts["types"] = _types(value.get("types"), faults)
    parts["decimal_comma"] = value.get("decimal_comma") is True
    if fault := ReadOptions.fault_in(value.get("read")):
        faults["read"] = [fault]
    if faults:
        raise MappingFault(faults)
    return Mapping(**parts, read=ReadOptions.from_json(value.get("read")))


def _properties(value: Any, faults: dict[str, list[str]]) -> str | tuple[str, ...]:
    if value in (OTHERS, NONE):
        return value
    names = _names(value) if not isinstance(value, str) else None
    if names is None:
        faults["properties"] = ["Use “others”, “none” or a list of columns."]
    return names or NONE


def _types(value: Any, faults: dict[str, list[str]]) -> dict[str, str]:
    if not value:
        return {}
    if not isinstance(value, dict) or any(kind not in TYPES for kind in value.values()):
        faults["types"] = [f"Give each column one of: {', '.join(TYPES)}."]
        return {}
    return {str(name): kind for name, kind in value.items() if kind != "text"}


def standard_mapping(columns: tuple[str, ...], read: ReadOptions | None = None) -> Mapping | None:
    """Return the mapping of a file whose columns carry the standard names, which needs no choice; else None."""
    if not {"event", "distinct_id", "timestamp"} <= set(columns):
        return None
    return Mapping(
        who=("distinct_id",),
        when=("timestamp",),
        what=("event",),
        account=("account_id",) if "account_id" in columns else (),
        event_id=("event_id",) if "event_id" in columns else (),
        json_column="properties" if "properties" in columns else "",
        read=read or ReadOptions(),
    )


def parse_map_words(text: str) -> dict[str, Any]:
    """Read the command line's `who=col,when=col,what=col,…`; "a|b" names two columns, the first filled one counts.

    >>> parse_map_words("who=user_id|device,when=at")
    {'who': ['user_id', 'device'], 'when': 'at'}
    """
    value: dict[str, Any] = {}
    for word in filter(None, (part.strip() for part in text.split(","))):
        key, mark, name = word.partition("=")
        if not mark or not name:
            raise MappingFault({"map": [f"“{word}” is not of the form who=column."]})
        value[key.strip()] = name.split("|") if "|" in name else name
    return value


_WORDS = {
    "who": "Who did it",
    "when": "When it happened",
    "time_format": "Times written as",
    "what": "The event's name",
    "event_name": "Each row is an event named",
    "account": "Account",
    "event_id": "The event's own id",
    "json_column": "Object of properties",
    "properties": "Properties",
    "person_traits": "Traits of the person",
    "account_traits": "Traits of the account",
    "types": "Not text",
    "decimal_comma": "Numbers written as",
    "read": "Files written with",
}
_SAID = {OTHERS: "every other column", NONE: "none"}


def describe_mapping(value: dict[str, Any]) -> list[tuple[str, str]]:
    """Return a kept mapping as (label, words), for a person.

    >>> describe_mapping({"who": ["user", "device"], "time_format": "%d.%m.%Y", "read": {"has_header": False}})
    [('Who did it', 'user, else device'), ('Times written as', '31.01.2026'), ('Files written with', 'no header')]
    """
    found = []
    for key, label in _WORDS.items():
        part = value.get(key)
        if part in (None, "", [], {}, False):
            continue
        if key == "time_format":
            words = format_words(str(part))
        elif key == "decimal_comma":
            words = "1.234,5"
        elif key == "read":
            words = ", ".join(_read_words(part))
        elif isinstance(part, dict):
            words = ", ".join(f"{name} ({kind})" for name, kind in part.items())
        elif isinstance(part, list):
            words = (", else " if key in ("who", "when", "what", "account", "event_id") else ", ").join(part)
        else:
            words = _SAID.get(part, str(part)) if key == "properties" else str(part)
        found.append((label, words))
    return found


def _read_words(read: dict[str, Any]) -> list[str]:
    separator = "tab" if read.get("separator") == "\t" else read.get("separator")
    header = {True: "a header", False: "no header", None: ""}[read.get("has_header")]
    parts = [read.get("encoding"), separator and f"{separator} between cells"]
    return [words for words in (*parts, read.get("quote") and f"{read['quote']} round texts", header) if words]
