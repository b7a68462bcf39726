"""Reading a staged folder: checks what producers must have checked, and gives each row its identity.

Works in the writer's own connection, in temporary tables that spill to disk; only narrow columns are held.
"""

import json
from pathlib import Path
from typing import Any

from insights.events.contracts import MAX_ID_LENGTH, MAX_NAME_LENGTH, MAY_BE_LEFT_OUT, STAGED
from insights.events.engine import files_of
from insights.events.models import Source
from portal.shell.public import PortalError

# JSON that the engine's VARIANT would change or choke on: integers beyond 64 bits, exponents of three digits, empty
# keys, lone surrogates; deep nesting is counted apart.
_LONG_NUMBER = r"\s*-?(?:9\d{18}|\d{20,}|[\d.]+[eE][+-]?\d{3})"
# A pattern that begins with a letter of its own is sought three times as fast as all of them in one. CASE, since the
# engine works out both sides of an AND.
_RISKY = f"""regexp_matches(properties, ':{_LONG_NUMBER}') OR regexp_matches(properties, '""\\s*:')
    OR regexp_matches(properties, '\\\\u[dD][89a-fA-F]')
    OR CASE WHEN contains(properties, '[') THEN regexp_matches(properties, '[\\[,]{_LONG_NUMBER}') ELSE false END"""
_MOST_BRACKETS = 40
_NESTED = f"""CASE WHEN contains(properties, '[') OR properties LIKE '%{{%{{%' THEN
    strlen(properties) - strlen(replace(replace(properties, '[', ''), '{{', '')) > {_MOST_BRACKETS} ELSE false END"""
# The engine's md5_number_lower gives the same number, at twice the cost.
_CONTENT_HASH = (
    "md5_number(concat(event, chr(31), distinct_id, chr(31), properties, chr(31), sent_time)) >> 64::UHUGEINT"
)
_DEEPEST = 20

FAULTS = {
    "no_event": "The row has no event name.",
    "name_too_long": f"The event's name is longer than {MAX_NAME_LENGTH} characters.",
    "no_distinct_id": "The row does not say who did it.",
    "id_unusable": f"An id is longer than {MAX_ID_LENGTH} characters or holds a zero character.",
    "no_time": "The row has no readable time.",
    "time_out_of_range": "The time is before 1970 or more than 23 hours in the future.",
    "no_identity": "The row has neither an event id nor a hash.",
}


def may_be_id(column: str) -> str:
    """Return SQL for whether a column's text can be kept as an id; NULL where there is none."""
    return f"(length({column}) <= {MAX_ID_LENGTH} AND NOT contains({column}, chr(0)))"


class BadStaging(PortalError):
    """A staged folder that does not keep to the contract: a defect of the producer, not of the data."""

    code = "bad_staging"
    status = 500
    message = "The load was prepared in a form that the event store does not know. Nothing was stored."


class Staged:
    """The staged files of one batch, opened in the writer's connection."""

    def __init__(self, duck: Any, folder: Path, source: Source):
        self.duck, self.source = duck, source
        self.events = files_of(folder, "events")
        self.traits = files_of(folder, "traits")
        self.joins = files_of(folder, "joins")
        self.rejects = files_of(folder, "rejects")
        self.is_api = source.kind == Source.Kind.API
        self.has_repaired = False

    def open(self) -> None:
        """Check the columns and make `keys`: one narrow row an event, with its identity and what is wrong with it."""
        self.duck.execute(
            "CREATE TABLE keys (rid BIGINT, item_no BIGINT, ts TIMESTAMP, month DATE, has_id BOOLEAN,"
            " row_key UUID, content_hash UBIGINT, request_no BIGINT, is_risky BOOLEAN, fault VARCHAR)"
        )
        if not self.events:
            return
        request_no = self._check_columns()
        self.duck.execute(
            f"""
            INSERT INTO keys
            SELECT (file_index::BIGINT << 40) | file_row_number, item_no, ts, date_trunc('month', ts)::DATE,
                event_id IS NOT NULL,
                CASE WHEN event_id IS NULL THEN row_hash ELSE unhex(md5('id:' || event_id))::UUID END,
                CASE WHEN event_id IS NOT NULL THEN ({_CONTENT_HASH})::UBIGINT END,
                {request_no},
                {_RISKY} OR {_NESTED},
                CASE WHEN event IS NULL OR event = '' THEN 'no_event'
                     WHEN length(event) > {MAX_NAME_LENGTH} OR contains(event, chr(0)) THEN 'name_too_long'
                     WHEN distinct_id IS NULL OR distinct_id = '' THEN 'no_distinct_id'
                     WHEN NOT {may_be_id("distinct_id")} OR NOT {may_be_id("account_id")} THEN 'id_unusable'
                     WHEN ts IS NULL THEN 'no_time'
                     WHEN ts < TIMESTAMP '1970-01-01' OR ts > received_at + INTERVAL 23 HOUR THEN 'time_out_of_range'
                     WHEN event_id IS NULL AND row_hash IS NULL THEN 'no_identity' END
            FROM read_parquet($events, file_row_number = true)
            """,
            {"events": self.events},
        )
        self._repair_properties()

    def plain_sql(self) -> str:
        """Return the staged events with `rid` as a relation; names parameter $events."""
        rid = "(file_index::BIGINT << 40) | file_row_number AS rid"
        return f"(SELECT *, {rid} FROM read_parquet($events, file_row_number = true))"

    def wide_sql(self) -> str:
        """Return the staged events with `rid`, and with properties that the engine can hold, as a relation."""
        if not self.has_repaired:
            return self.plain_sql()
        return (
            "(SELECT s.* REPLACE (coalesce(r.properties, s.properties) AS properties) "
            f"FROM {self.plain_sql()} s LEFT JOIN repaired r USING (rid))"
        )

    def count(self, sql: str, params: dict | None = None) -> int:
        """Return the one number of a query."""
        return self.duck.execute(sql, params or {}).fetchone()[0] or 0

    def n_rejects(self) -> int:
        """Return how many rows the producer rejected."""
        return self.count("SELECT count(*) FROM read_parquet($files)", {"files": self.rejects}) if self.rejects else 0

    def _check_columns(self) -> str:
        described = self.duck.execute("DESCRIBE SELECT * FROM read_parquet($files)", {"files": self.events}).fetchall()
        found = {row[0]: row[1] for row in described}
        wrong = [
            f"{name} should be {kind}, is {found.get(name, 'missing')}"
            for name, kind in STAGED["events"].items()
            if name not in MAY_BE_LEFT_OUT and found.get(name) not in {kind, '"NULL"', "NULL"}
        ]
        if wrong:
            raise BadStaging(f"{BadStaging.message} ({'; '.join(wrong)})")
        return "request_no" if "request_no" in found else "NULL"

    def _repair_properties(self) -> None:
        self.duck.execute("CREATE TABLE repaired (rid BIGINT, properties VARCHAR)")
        if not self.count("SELECT count(*) FROM keys WHERE is_risky"):
            return
        risky = self.duck.cursor().execute(
            f"SELECT rid, properties FROM {self.plain_sql()} "
            "SEMI JOIN (SELECT rid FROM keys WHERE is_risky) USING (rid)",
            {"events": self.events},
        )
        while rows := risky.fetchmany(20_000):
            mended = [(rid, mend_json(text)) for rid, text in rows]
            changed = [pair for pair, row in zip(mended, rows, strict=True) if pair[1] != row[1]]
            if changed:
                self.duck.execute("INSERT INTO repaired SELECT unnest($rids), unnest($texts)", _columns(changed))
                self.has_repaired = True


def _columns(pairs: list[tuple[int, str]]) -> dict[str, list]:
    return {"rids": [pair[0] for pair in pairs], "texts": [pair[1] for pair in pairs]}


def mend_json(text: str) -> str:
    """Return a JSON object's text in a form that the engine holds without loss of meaning.

    Integers beyond 64 bits and numbers beyond a double become their own text as strings; an empty key becomes
    "(empty)"; what lies deeper than twenty levels becomes the text of its JSON; half of a surrogate pair
    becomes the mark U+FFFD.
    """
    try:
        value = json.loads(text, parse_int=_mend_int, parse_float=_mend_float, parse_constant=str)
    except RecursionError:
        return json.dumps({"(too deep)": text})
    return _without_surrogates(json.dumps(_mend_value(value, 0), ensure_ascii=False))


def _without_surrogates(text: str) -> str:
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)


def _mend_int(digits: str) -> int | str:
    value = int(digits)
    return value if -(2**63) <= value < 2**63 else digits


def _mend_float(digits: str) -> float | str:
    value = float(digits)
    return digits if value in (float("inf"), float("-inf")) else value


def _mend_value(value: Any, depth: int) -> Any:
    if isinstance(value, (dict, list)) and depth >= _DEEPEST:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return {key or "(empty)": _mend_value(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_mend_value(item, depth + 1) for item in value]
    return value
