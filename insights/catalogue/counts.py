"""What the catalogue asks the event store: events by day, properties by month and type, traits by type."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from insights.events.contracts import PERSON_ACCOUNT_KEY, Snapshot

MAX_ROWS = 50_000
_EXAMPLE_LENGTH = 80
_FIRST_MOMENT, _LAST_MOMENT = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_MAX_NAME_LENGTH = 200
_TYPES = {"VARCHAR": "text", "BOOLEAN": "boolean", "OBJECT": "object", "ARRAY": "list", "NULL": "empty", None: "empty"}

_DAYS = """
SELECT event_code, ts::DATE AS day, count(*) AS n_events, min(ts) AS first_ts, max(ts) AS last_ts
FROM {events}
WHERE ts >= coalesce($since, ts) AND ts < coalesce($until, TIMESTAMP '9999-01-01')
GROUP BY event_code, day
"""

# Frequent values are looked for in an eighth of the texts: enough for examples, and fast over months of events.
_EXAMPLES = f"""
approx_top_k(left(value ->> '$', {_EXAMPLE_LENGTH}), 8) FILTER (WHERE is_sampled) AS frequent,
min(left(value ->> '$', {_EXAMPLE_LENGTH})) AS least, max(left(value ->> '$', {_EXAMPLE_LENGTH})) AS greatest
"""

# Equal texts are counted first, so that each is taken apart once.
_PROPERTIES = f"""
WITH texts AS (
    SELECT event_code, date_trunc('month', ts)::DATE AS month, properties::JSON::VARCHAR AS text,
        count(*) AS n, min(ts) AS first_ts, max(ts) AS last_ts
    FROM {{events}}
    WHERE ts >= coalesce($since, ts) AND ts < coalesce($until, TIMESTAMP '9999-01-01')
    GROUP BY event_code, month, text
),
entries AS (
    SELECT event_code, month, n, first_ts, last_ts, hash(text) % 8 = 0 AS is_sampled,
        unnest(map_entries(text::JSON::MAP(VARCHAR, JSON))) AS entry
    FROM texts
),
pairs AS (SELECT * EXCLUDE (entry), entry.key AS name, entry.value AS value FROM entries)
SELECT event_code, month, name, json_type(value) AS type, sum(n)::BIGINT AS n_values,
    min(first_ts) AS first_ts, max(last_ts) AS last_ts, {_EXAMPLES}
FROM pairs
WHERE length(name) BETWEEN 1 AND {_MAX_NAME_LENGTH}
GROUP BY event_code, month, name, type
ORDER BY n_values DESC, event_code, month, name
LIMIT {MAX_ROWS}
"""

# A set-once trait is logged under a time before 1970 (see insights.capture); its distance from 1970 is when it was.
_TRAITS = f"""
SELECT subject, name, json_type(value) AS type, count(*) AS n_values,
    min(moment) AS first_ts, max(moment) AS last_ts, {_EXAMPLES}
FROM (
    SELECT subject, key AS name, value::JSON AS value, make_timestamp(abs(epoch_us(ts))) AS moment,
        hash(subject_no) % 8 = 0 AS is_sampled
    FROM {{traits}}
)
WHERE length(name) BETWEEN 1 AND {_MAX_NAME_LENGTH} AND name <> $account_key
GROUP BY subject, name, type
ORDER BY n_values DESC, subject, name
LIMIT {MAX_ROWS}
"""


@dataclass(frozen=True, slots=True)
class DayCount:
    """How often an event happened on one UTC day."""

    event: str
    day: date
    n_events: int
    first_ts: datetime
    last_ts: datetime


@dataclass(slots=True)
class ValueCount:
    """The values of one property in one event and UTC month, or of one trait of persons or accounts."""

    of: str
    name: str
    event: str = ""
    month: date | None = None
    n_values: int = 0
    types: dict[str, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)
    first_ts: datetime = _LAST_MOMENT
    last_ts: datetime = _FIRST_MOMENT

    def add(self, row: dict[str, Any]) -> None:
        """Add the values of one type."""
        kind = _TYPES.get(row["type"], "number")
        self.n_values += row["n_values"]
        self.types[kind] = self.types.get(kind, 0) + row["n_values"]
        self.first_ts = min(self.first_ts, row["first_ts"].replace(tzinfo=UTC))
        self.last_ts = max(self.last_ts, row["last_ts"].replace(tzinfo=UTC))
        found = dict.fromkeys([*self.examples, *(row["frequent"] or []), row["least"], row["greatest"]])
        self.examples = [value for value in found if value not in (None, "")][:8]


def count_days(snapshot: Snapshot, since: datetime | None, until: datetime | None) -> list[DayCount]:
    """Return events by name and UTC day between two midnights; None is open."""
    rows = snapshot.execute(_DAYS, _bounds(since, until), since=since, until=until)
    names = snapshot.names_of(sorted({row["event_code"] for row in rows.dicts()}))
    return [
        DayCount(
            names[row["event_code"]],
            row["day"],
            row["n_events"],
            row["first_ts"].replace(tzinfo=UTC),
            row["last_ts"].replace(tzinfo=UTC),
        )
        for row in rows.dicts()
    ]


def count_properties(snapshot: Snapshot, since: datetime | None, until: datetime | None) -> list[ValueCount]:
    """Return the properties of events by event name and UTC month between two midnights; None is open."""
    rows = snapshot.execute(_PROPERTIES, _bounds(since, until), since=since, until=until)
    names = snapshot.names_of(sorted({row["event_code"] for row in rows.dicts()}))
    found: dict[tuple[str, ...], ValueCount] = {}
    for row in rows.dicts():
        event, month, name = names[row["event_code"]], row["month"], row["name"]
        found.setdefault((event, month, name), ValueCount("event", name, event, month)).add(row)
    return list(found.values())


def count_traits(snapshot: Snapshot) -> list[ValueCount]:
    """Return the traits of persons and accounts, over all history."""
    rows = snapshot.execute(_TRAITS, {"account_key": PERSON_ACCOUNT_KEY})
    found: dict[tuple[str, ...], ValueCount] = {}
    for row in rows.dicts():
        found.setdefault((row["subject"], row["name"]), ValueCount(row["subject"], row["name"])).add(row)
    return list(found.values())


def _bounds(since: datetime | None, until: datetime | None) -> dict[str, datetime | None]:
    return {
        "since": since.replace(tzinfo=None) if since else None,
        "until": until.replace(tzinfo=None) if until else None,
    }
