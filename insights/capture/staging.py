"""From requests of the inbox to the staged files that the event store takes."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from insights.capture.contracts import ParsedEvent, Rules, UnfitItem
from insights.capture.inbox import parse_item, rules_for, unpack
from insights.capture.payloads.wire import to_json

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Times travel as microseconds since 1970. A row without an id is known by its text; one without a time of its own by
# when it was received too, or two visits a day apart would be one. The request is part of neither: it may be resent.
_TABLES = {
    "events": (
        {
            **{"item_no": "BIGINT", "request_no": "BIGINT", "event_id": "VARCHAR", "hashed": "VARCHAR"},
            **{"event": "VARCHAR", "distinct_id": "VARCHAR", "account_id": "VARCHAR", "ts_us": "BIGINT"},
            **{"sent_time": "VARCHAR", "received_us": "BIGINT", "properties": "VARCHAR"},
        },
        "item_no, request_no, event_id, md5(hashed)::UUID AS row_hash, event, distinct_id, account_id, "
        "make_timestamp(ts_us) AS ts, sent_time, make_timestamp(received_us) AS received_at, properties",
    ),
    "traits": (
        {
            **{"item_no": "BIGINT", "subject": "VARCHAR", "subject_id": "VARCHAR", "key": "VARCHAR"},
            **{"value": "VARCHAR", "ts_us": "BIGINT"},
        },
        "item_no, subject, subject_id, key, value, make_timestamp(ts_us) AS ts",
    ),
    "joins": (
        {
            **{"item_no": "BIGINT", "kind": "VARCHAR", "distinct_id": "VARCHAR", "person_id": "VARCHAR"},
            "ts_us": "BIGINT",
        },
        "item_no, kind, distinct_id, person_id, make_timestamp(ts_us) AS ts",
    ),
    "rejects": (
        {
            **{"item_no": "BIGINT", "raw": "VARCHAR", "reason_code": "VARCHAR", "reason": "VARCHAR"},
            "ts_us": "BIGINT",
        },
        "item_no, raw, reason_code, reason, make_timestamp(ts_us) AS event_time",
    ),
}


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _read(raw: str) -> Any:
    try:
        return json.loads(raw)
    except ValueError as error:  # only a text that a person corrected can be no JSON here
        raise UnfitItem("bad_json", "The text is not JSON.") from error


class StagedRequests:
    """The items of some requests, numbered from 1, written to a folder as the event store wants them."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.raws: list[str] = []
        self._lines: dict[str, IO[str]] = {}

    def __enter__(self) -> "StagedRequests":
        """Begin."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close what is open."""
        for lines in self._lines.values():
            lines.close()

    def add(self, request: Any, *, refusal: tuple[str, str] | None = None) -> None:
        """Add a request of the inbox; with a refusal (code, reason) none of its items becomes an event."""
        header, raws = unpack(bytes(request.body))
        rules = rules_for(request.source, request.received_at)
        for raw in raws:
            self.raws.append(raw)
            item_no = len(self.raws)
            try:
                if refusal:
                    raise UnfitItem(*refusal)
                item = _read(raw)
                event = parse_item(raw, item, header, rules)
            except UnfitItem as unfit:
                at = _micros(unfit.at) if unfit.at else None
                self._write("rejects", item_no=item_no, raw=raw, reason_code=unfit.code, reason=unfit.reason, ts_us=at)
            else:
                self._add_event(item_no, request.pk, event, item, rules)

    def _add_event(self, item_no: int, request_no: int, event: ParsedEvent, item: Any, rules: Rules) -> None:
        hashed = None
        if event.event_id is None:
            hashed = to_json(item, is_sorted=True)
            if not event.sent_time:
                hashed += f" received {rules.received_at.isoformat()}"
        at = _micros(event.at)
        self._write(
            "events",
            item_no=item_no,
            request_no=request_no,
            event_id=event.event_id,
            hashed=hashed,
            event=event.name,
            distinct_id=event.distinct_id,
            account_id=event.account_id,
            ts_us=at,
            sent_time=event.sent_time,
            received_us=_micros(rules.received_at),
            properties=event.properties,
        )
        for trait in event.traits:
            self._write(
                "traits",
                item_no=item_no,
                subject=trait.subject,
                subject_id=trait.subject_id,
                key=trait.key,
                value=trait.value,
                ts_us=_micros(trait.at),
            )
        if event.join:
            join = event.join
            self._write(
                "joins",
                item_no=item_no,
                kind=join.kind,
                distinct_id=join.distinct_id,
                person_id=join.person_id,
                ts_us=at,
            )

    def _write(self, table: str, **row: Any) -> None:
        if table not in self._lines:
            self._lines[table] = (self.folder / f"{table}.jsonl").open("w", encoding="utf-8")
        self._lines[table].write(to_json(row) + "\n")

    def finish(self) -> None:
        """Turn the lines into Parquet files."""
        import duckdb  # 0.2 s, and a process that forks after using it would hang

        with duckdb.connect(config={"threads": 2, "memory_limit": "500MB"}) as duck:
            for table, lines in self._lines.items():
                lines.close()
                columns, select = _TABLES[table]
                named = ", ".join(f"{name}: '{kind}'" for name, kind in columns.items())
                source, target = self.folder / f"{table}.jsonl", self.folder / f"{table}-1.parquet"
                duck.execute(
                    f"COPY (SELECT {select} FROM read_json($source, format = 'newline_delimited', "
                    f"maximum_object_size = 33554432, columns = {{{named}}})) TO {_quoted(target)} (FORMAT parquet)",
                    {"source": str(source)},
                )
                source.unlink()

    def raw_of(self, item_nos: Sequence[int]) -> dict[int, str]:
        """Return the text of items as sent."""
        return {number: self.raws[number - 1] for number in item_nos}


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
