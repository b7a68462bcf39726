"""From a RawTable and a mapping to the store's staging files: events, traits and rejects, all in sets."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from insights.events.contracts import MAX_ID_LENGTH, MAX_NAME_LENGTH
from insights.sources.cells import Cells
from insights.sources.contracts import RawTable
from insights.sources.mapping import Mapping
from insights.sources.times import offset_steps

MAX_PROPERTIES_BYTES = 32 * 1024
MAX_EVENT_BYTES = 40 * 1024
MAX_FUTURE = dt.timedelta(hours=23)
# A longer dictionary costs more to fill than it saves in a file that is read three times and thrown away.
_MOST_TEXTS = 2_000

# The engine's parser takes a comma before a bracket, and "nan" and "inf" in any case, signed or written out. Patterns
# that begin with a letter of their own are quick to seek, one for all of them takes twice as long.
_NOT_FINITE = "[-+]?(?:[iI][nN]|[nN][aA])"
_ODD = rf"""regexp_matches(raw, ',\s*(?:[}}\]]|{_NOT_FINITE})') OR regexp_matches(raw, ':\s*{_NOT_FINITE}')
    OR regexp_matches(raw, '\[\s*{_NOT_FINITE}')"""

_REASONS = {
    "not_an_object": "'The line is no JSON object.'",
    "bad_json": "'This is no valid JSON.'",
    "no_person": "'The row does not say who did it.'",
    "no_time": "'The row does not say when it happened.'",
    "bad_time": "'“' || left(sent_time, 60) || '” is not a time in the format of this mapping.'",
    "in_the_future": "'The time ' || left(sent_time, 60) || ' is more than 23 hours in the future.'",
    "too_early": "'The time ' || left(sent_time, 60) || ' is before ' || $earliest::DATE || ', the first day allowed.'",
    "no_name": "'The row does not say what happened: the event''s name is empty.'",
    "name_too_long": f"'The event''s name has more than {MAX_NAME_LENGTH} characters.'",
    "id_too_long": f"'An id of the row has more than {MAX_ID_LENGTH} characters.'",
    "nul_character": "'An id or a name of the row holds a NUL character.'",
    "properties_too_large": "'The properties take more than 32 KiB.'",
    "event_too_large": "'The event takes more than 40 KiB.'",
}


@dataclass(frozen=True)
class Rules:
    """What a source says beyond its mapping: its zone, its first day, and the time of the load (aware, UTC)."""

    zone: str
    earliest: dt.date
    now: dt.datetime

    @property
    def now_utc(self) -> dt.datetime:
        """Return the time of the load as naive UTC."""
        return self.now.astimezone(dt.UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Staged:
    """What lies in the staging folder; n_rows = n_events + n_rejects."""

    folder: Path
    n_events: int
    n_rejects: int

    @property
    def n_rows(self) -> int:
        """Return how many rows were read."""
        return self.n_events + self.n_rejects


class Stager:
    """Judges the rows of one table by a mapping."""

    def __init__(self, connection, table: RawTable, mapping: Mapping, rules: Rules):
        self.connection, self.table, self.mapping, self.rules = connection, table, mapping, rules
        self.cells = Cells(table, mapping)
        self._has_odd = False
        self._judged = self._build()

    def _build(self) -> str:
        cells, mapping = self.cells, self.mapping
        what = cells.bind("event_name", mapping.event_name) if mapping.event_name else cells.first_filled(mapping.what)
        sent_time = cells.first_filled(mapping.when)
        who, account = cells.first_filled(mapping.who), cells.first_filled(mapping.account)
        event_id = cells.first_filled(mapping.event_id)
        utc, local = cells.time_parts()
        property_sources = cells.property_sources()
        # A column is made once in an inner select where it is named twice further out: the engine works out an
        # expression as often as it is written.
        known = f"""SELECT *, {what} AS event, {sent_time} AS sent_time, {who} AS distinct_id, {account} AS account_id,
            {event_id} AS event_id, {property_sources} FROM ({cells.rows_sql()})"""
        timed = f"SELECT *, {utc} AS utc_ts, {local} AS local_ts, {cells.spread()} AS spread FROM ({known})"
        self._timed = timed
        ts = cells.shifted(self._steps())
        cells.bind("latest", self.rules.now_utc + MAX_FUTURE)
        cells.bind("earliest", dt.datetime.combine(self.rules.earliest, dt.time()))
        cells.bind("received_at", self.rules.now_utc)
        whole = f"SELECT *, {ts} AS ts, {cells.properties()} AS whole_properties FROM ({timed})"
        filled = (
            f"SELECT *, CASE WHEN whole_properties <> '{{}}' THEN whole_properties END AS properties FROM ({whole})"
        )
        return f"SELECT *, {self._reason_code()} AS reason_code FROM ({filled})"

    def _steps(self) -> list[tuple[dt.datetime, int]]:
        """Return the zone's offsets over the local times of the file."""
        zone = ZoneInfo(self.rules.zone)
        start = dt.datetime(1970, 1, 1)
        if self.rules.zone == "UTC":
            return [(start, 0)]
        sql = f"SELECT min(local_ts), max(local_ts) FROM ({self._timed}) WHERE local_ts BETWEEN $from AND $until"
        until = self.rules.now_utc + dt.timedelta(days=3)
        low, high = self.connection.execute(sql, self._params(sql, **{"from": start, "until": until})).fetchone()
        # Outside the span a time is rejected anyway, so its offset does not matter.
        return offset_steps(zone, low or start, high or start)

    def _reason_code(self) -> str:
        no_object = "WHEN item IS NULL THEN 'not_an_object'" if self.table.is_json else ""
        ids = "(distinct_id, account_id, event_id)"
        lengths = " OR ".join(f"length({name}) > {MAX_ID_LENGTH}" for name in ids.strip("()").split(", "))
        nul = " OR ".join(f"contains({name}, chr(0))" for name in ("event", "distinct_id", "account_id", "event_id"))
        return f"""CASE {no_object}
            WHEN distinct_id IS NULL THEN 'no_person'
            WHEN sent_time IS NULL THEN 'no_time'
            WHEN ts IS NULL THEN 'bad_time'
            WHEN ts > $latest THEN 'in_the_future'
            WHEN ts < $earliest THEN 'too_early'
            WHEN event IS NULL THEN 'no_name'
            WHEN length(event) > {MAX_NAME_LENGTH} THEN 'name_too_long'
            WHEN {lengths} THEN 'id_too_long'
            WHEN {nul} THEN 'nul_character'
            WHEN strlen(properties) > {MAX_PROPERTIES_BYTES} THEN 'properties_too_large'
            WHEN coalesce(strlen(properties), 0) + strlen(event) + strlen(distinct_id)
                + coalesce(strlen(account_id), 0) + coalesce(strlen(event_id), 0) > {MAX_EVENT_BYTES}
                THEN 'event_too_large'
            END"""

    def _params(self, sql: str, **more) -> dict:
        """Return the parameters that a statement names; DuckDB refuses others."""
        return {name: value for name, value in {**self.cells.params, **more}.items() if _names(sql, name)}

    def _run(self, sql: str, **more):
        return self.connection.execute(sql, self._params(sql, **more))

    def write(self, folder: Path) -> Staged:
        """Write the staging files of all rows."""
        judged = folder / "judged.parquet"
        self._find_odd_json()
        # One pass judges every row; a filter here would make the engine work out each expression twice.
        n_rows = self._run(
            f"""COPY (SELECT item_no, event_id, CASE WHEN event_id IS NULL THEN {self.cells.row_hash()} END AS row_hash,
                event, distinct_id, account_id, ts, sent_time, $received_at::TIMESTAMP AS received_at, properties,
                {self._final_code()} AS reason_code FROM ({self._judged}))
                TO $target (FORMAT parquet, COMPRESSION lz4_raw, DICTIONARY_SIZE_LIMIT {_MOST_TEXTS})""",
            target=str(judged),
        ).fetchone()[0]
        n_rejects = self._run("SELECT count(reason_code) FROM read_parquet($judged)", judged=str(judged)).fetchone()[0]
        self._write_traits(folder)
        if n_rejects:
            self._split(judged, folder)
        else:
            judged.rename(folder / "events-0.parquet")
        if self.table.rejects:
            self._copy_unread(folder)
        return Staged(folder, n_rows - n_rejects, n_rejects + self.table.n_rejects)

    def _final_code(self) -> str:
        odd = "WHEN item_no IN (SELECT item_no FROM bad_items) THEN 'bad_json'" if self._has_odd else ""
        return f"CASE {odd} ELSE reason_code END" if odd else "reason_code"

    def _find_odd_json(self) -> None:
        """Note the items that the engine's parser takes for JSON but a strict one does not, such as nan or "1,]"."""
        self._has_odd = False
        if not self.table.is_json:
            return
        self.connection.execute("CREATE OR REPLACE TEMP TABLE bad_items (item_no BIGINT)")
        found = self._run(f"SELECT {self.table.line_sql}, raw FROM raw_rows WHERE ({_ODD}) AND json_valid(raw)")
        bad: list[int] = []
        while rows := found.fetchmany(10_000):
            bad += [item_no for item_no, raw in rows if not _is_strict_json(raw)]
        if bad:
            self._has_odd = True
            self.connection.execute("INSERT INTO bad_items SELECT unnest($bad)", {"bad": bad})

    def _split(self, judged: Path, folder: Path) -> None:
        """Part the judged rows into events and rejects; a reject carries its text and a sentence."""
        self._run(
            """COPY (SELECT * EXCLUDE (reason_code) FROM read_parquet($judged) WHERE reason_code IS NULL)
            TO $target (FORMAT parquet, COMPRESSION lz4_raw)""",
            judged=str(judged),
            target=str(folder / "events-0.parquet"),
        )
        self._run(
            f"""COPY (SELECT item_no, replace({self.cells.raw_text()}, chr(0), '\\x00') AS raw, reason_code,
                {_sentence()} AS reason, ts AS event_time
                FROM (SELECT item_no, reason_code, sent_time, ts FROM read_parquet($judged)
                      WHERE reason_code IS NOT NULL)
                JOIN ({self.cells.source_sql()}) USING (item_no))
                TO $target (FORMAT parquet)""",
            judged=str(judged),
            target=str(folder / "rejects-0.parquet"),
        )
        judged.unlink()

    def _copy_unread(self, folder: Path) -> None:
        self._run(
            """COPY (SELECT item_no, raw, reason_code, reason, NULL::TIMESTAMP AS event_time FROM read_parquet($unread))
            TO $target (FORMAT parquet)""",
            unread=str(self.table.rejects),
            target=str(folder / "rejects-1.parquet"),
        )

    def _write_traits(self, folder: Path) -> None:
        parts = [
            self._trait_rows(n, subject, column)
            for n, (subject, column) in enumerate(
                [("person", column) for column in self.mapping.person_traits]
                + [("account", column) for column in self.mapping.account_traits]
            )
        ]
        if not parts:
            return
        # Only the latest value of a key counts, so only that one leaves the file.
        self._run(
            f"""COPY (SELECT arg_max(item_no, (ts, item_no)) AS item_no, subject, subject_id, key,
                arg_max(value, (ts, item_no)) AS value, max(ts) AS ts
                FROM ({" UNION ALL ".join(parts)}) GROUP BY subject, subject_id, key)
                TO $target (FORMAT parquet, COMPRESSION lz4_raw)""",
            target=str(folder / "traits-0.parquet"),
        )

    def _trait_rows(self, n: int, subject: str, column: str) -> str:
        key = self.cells.bind(f"trait_{n}", column.rpartition(".")[2] if self.table.is_json else column)
        owner = "distinct_id" if subject == "person" else "account_id"
        value = self.cells.json_value(column)
        rows = f"""SELECT item_no, '{subject}' AS subject, {owner} AS subject_id, {key} AS key, {value} AS value, ts
            FROM ({self._judged}) WHERE {self._final_code()} IS NULL AND {owner} IS NOT NULL
            AND {value} IS NOT NULL"""
        if not self.table.is_json:
            return rows
        # An object of traits (Segment's `traits`) counts key by key.
        return f"""SELECT item_no, subject, subject_id, coalesce(inner_key, key) AS key,
            CASE WHEN inner_key IS NULL THEN value ELSE json_extract(value,
                '/' || replace(replace(inner_key, '~', '~0'), '/', '~1'))::VARCHAR END AS value, ts
            FROM (SELECT *, unnest(CASE WHEN json_type(value) = 'OBJECT' THEN json_keys(value) ELSE [NULL] END)
                AS inner_key FROM ({rows}))"""

    def preview(self, limit: int = 20) -> list[dict]:
        """Return the first rows as they would be taken: the event's fields, and what is wrong with each."""
        self._find_odd_json()
        found = self._run(
            f"""SELECT *, {_sentence()} AS reason FROM (
                SELECT item_no, event, distinct_id, account_id, ts, sent_time, event_id, properties,
                {self._final_code()} AS reason_code FROM ({self._judged}) ORDER BY item_no LIMIT {int(limit)})"""
        )
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def raw_of(self, item_nos: Sequence[int]) -> dict[int, str]:
        """Return the text of some rows by their place."""
        sql = f"""SELECT item_no, {self.cells.raw_text()} FROM ({self.cells.source_sql()})
            WHERE item_no IN (SELECT unnest($wanted))"""
        return dict(self._run(sql, wanted=list(item_nos)).fetchall())


def _sentence() -> str:
    """Return SQL for the sentence of a reason code."""
    cases = " ".join(f"WHEN '{code}' THEN {text}" for code, text in _REASONS.items())
    return f"CASE reason_code {cases} END"


def _names(sql: str, name: str) -> bool:
    at = sql.find(f"${name}")
    while at >= 0:
        end = at + len(name) + 1
        if end == len(sql) or not (sql[end].isalnum() or sql[end] == "_"):
            return True
        at = sql.find(f"${name}", end)
    return False


def _is_strict_json(raw: str) -> bool:
    def refuse(word: str) -> None:
        raise ValueError(word)

    try:
        return isinstance(json.loads(raw, parse_constant=refuse), dict)
    except (ValueError, RecursionError):
        return False
