"""Writing the store out as JSON Lines, so that no engine's file format is a trap."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from insights.events.engine import as_list, working_connection
from insights.events.manifest import files_kept, newest_version
from insights.events.models import Account, DistinctId, EventName, Part, PersonJoin, Source
from insights.events.parts import path_of

_CHUNK = 10_000


def export_events(
    sources: Sequence[Source],
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[str]:
    """Yield one JSON object a line for each event in [since, until), by source, month and part.

    Keys: event_id, source, event, distinct_id, person_id (the id that stands for the person), account_id, timestamp and
    received_at (ISO, UTC), properties.
    """
    with files_kept(), working_connection() as duck:
        parts = Part.objects.at(newest_version()).filter(kind=Part.Kind.EVENTS, source__in=sources)
        if since:
            parts = parts.filter(max_ts__gte=since)
        if until:
            parts = parts.filter(min_ts__lt=until)
        names = dict(EventName.objects.values_list("code", "name"))
        slugs = {source.pk: source.slug for source in sources}
        n_done = 0
        for part in parts.order_by("source_id", "month", "pk"):
            rows = _rows_of(duck, part, since, until)
            while chunk := rows.fetchmany(_CHUNK):
                yield from _lines(chunk, names, slugs[part.source_id])
                n_done += len(chunk)
                if progress:
                    progress(n_done)


def _rows_of(duck: Any, part: Part, since: dt.datetime | None, until: dt.datetime | None) -> Any:
    return duck.execute(
        "SELECT event_id, event_code, distinct_no, account_no, ts, received_at, properties::JSON::VARCHAR "
        "FROM read_parquet($files) WHERE ts >= $since AND ts < $until",
        {
            "files": as_list([path_of(part)]),
            "since": since.astimezone(dt.UTC).replace(tzinfo=None) if since else dt.datetime(1970, 1, 1),
            "until": until.astimezone(dt.UTC).replace(tzinfo=None) if until else dt.datetime(9999, 1, 1),
        },
    )


def _lines(chunk: list[tuple], names: dict[int, str], slug: str) -> Iterator[str]:
    numbers = {row[2] for row in chunk}
    known = DistinctId.objects.filter(no__in=numbers).values_list("no", "distinct_id", "person_no")
    ids = {no: (text, person_no) for no, text, person_no in known}
    persons = {person_no for _, person_no in ids.values() if person_no is not None}
    person_ids = dict(DistinctId.objects.filter(no__in=persons).values_list("no", "distinct_id"))
    accounts = dict(
        Account.objects.filter(no__in={row[3] for row in chunk if row[3] is not None}).values_list("no", "account_id")
    )
    for event_id, code, distinct_no, account_no, ts, received_at, properties in chunk:
        text, person_no = ids[distinct_no]
        head = {
            "event_id": event_id,
            "source": slug,
            "event": names[code],
            "distinct_id": text,
            "person_id": text if person_no is None else person_ids[person_no],
            "account_id": accounts.get(account_no),
            "timestamp": ts.isoformat() + "Z",
            "received_at": received_at.isoformat() + "Z",
        }
        # The engine's own JSON text goes out as it is: parsing it here could only change it.
        yield json.dumps(head, ensure_ascii=False)[:-1] + f', "properties": {properties or "null"}}}\n'


def export_traits(sources: Sequence[Source]) -> Iterator[str]:
    """Yield one JSON object a line for each stored trait of persons and accounts, by source and month.

    A batch keeps its latest value of a key.

    Keys: kind ("trait"), source, subject, subject_id, key, value, timestamp. A person's group is the key `$account`,
    its value the account's id.
    """
    with files_kept(), working_connection() as duck:
        parts = Part.objects.at(newest_version()).filter(kind=Part.Kind.TRAITS, source__in=sources)
        slugs = {source.pk: source.slug for source in sources}
        for part in parts.order_by("source_id", "month", "pk"):
            rows = duck.execute(
                "SELECT subject, subject_no, key, value, ts FROM read_parquet($files)",
                {"files": as_list([path_of(part)])},
            )
            while chunk := rows.fetchmany(_CHUNK):
                yield from _trait_lines(chunk, slugs[part.source_id])


def _trait_lines(chunk: list[tuple], slug: str) -> Iterator[str]:
    persons = {no for subject, no, *_ in chunk if subject == "person"}
    groups = {json.loads(value) for subject, _, key, value, _ in chunk if subject == "person" and key == "$account"}
    accounts = {no for subject, no, *_ in chunk if subject == "account"} | {no for no in groups if no is not None}
    texts = {
        "person": dict(DistinctId.objects.filter(no__in=persons).values_list("no", "distinct_id")),
        "account": dict(Account.objects.filter(no__in=accounts).values_list("no", "account_id")),
    }
    for subject, no, key, value, ts in chunk:
        said = json.loads(value) if value is not None else None
        if subject == "person" and key == "$account":
            said = texts["account"].get(said)
        line = {"kind": "trait", "source": slug, "subject": subject, "subject_id": texts[subject][no], "key": key}
        yield json.dumps({**line, "value": said, "timestamp": ts.isoformat() + "Z"}, ensure_ascii=False) + "\n"


def export_joins(sources: Sequence[Source]) -> Iterator[str]:
    """Yield one JSON object a line for each join in the sources' id spaces, refused and undone ones too, as made.

    Keys: kind ("join"), id_space, source (null for a merge by hand), join ("identify", "alias", "merge"), state,
    distinct_id, person_id, timestamp.
    """
    joins = PersonJoin.objects.filter(id_space__in={source.id_space_id for source in sources}).order_by("pk")
    for join in joins.select_related("from_id", "to_id", "batch__source", "id_space").iterator(chunk_size=_CHUNK):
        line = {
            "kind": "join",
            "id_space": join.id_space.slug,
            "source": join.batch.source.slug if join.batch else None,
            "join": join.kind,
            "state": join.state,
            "distinct_id": join.from_id.distinct_id,
            "person_id": join.to_id.distinct_id,
            "timestamp": join.ts.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z",
        }
        yield json.dumps(line, ensure_ascii=False) + "\n"
