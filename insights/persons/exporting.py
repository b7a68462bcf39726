"""All that the portal knows of one person, as a zip of JSON Lines: each room hands out its part."""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from insights.events.public import DistinctId, IdSpace, QuarantinedRow, Source, aware, open_snapshot, rows_mentioning
from insights.persons.access import get_person_ids
from insights.persons.joins import joins_of
from portal.audit.public import record
from portal.people.public import Role, allow, require
from portal.shell.public import PersonExporter, registry

allow("persons.export", Role.OPS, is_team_bound=False)

_TRAITS = """
    SELECT subject_no, key, value, ts FROM {traits}
    WHERE subject = 'person' AND subject_no IN (SELECT unnest($numbers)) ORDER BY ts, key
"""
_MONTHS = """
    SELECT date_trunc('month', first_ts) AS month, min(first_ts), max(last_ts)
    FROM {activity} WHERE distinct_no IN (SELECT unnest($numbers)) GROUP BY 1 ORDER BY 1
"""
_EVENTS = """
    SELECT ts, event_code, source_no, distinct_no, account_no, received_at, batch_no, properties::JSON::VARCHAR
    FROM {events} WHERE distinct_no IN (SELECT unnest($numbers)) AND ts >= $since AND ts <= $until ORDER BY ts
"""


def export_person(no: int, *, actor: Any) -> tuple[str, io.BytesIO]:
    """Return the name of a zip and the open file: one file a noun, and one that says what it is; kept in the trail."""
    require(actor, "persons.export")
    scope, ids = get_person_ids(actor, no)
    texts = [row.distinct_id for row in ids]
    file = io.BytesIO()  # packed as it is written: a hundred thousand events are some megabytes
    counts: dict[str, int] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for exporter in registry.all(PersonExporter):
            for name, rows in exporter.export(scope.space, texts):
                counts[name] = _write(archive, name, rows)
        about = {"person": texts, "id_space": scope.space.slug, "made_at": timezone.now(), "rows_by_file": counts}
        archive.writestr("about.json", json.dumps(about, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
    with transaction.atomic():
        record(actor, "person.exported", ids[0], note=", ".join(f"{count:,} {name}" for name, count in counts.items()))
    file.seek(0)
    return f"person-{ids[0].resolved_no}.zip", file


def _write(archive: zipfile.ZipFile, name: str, rows: Any) -> int:
    if f"{name}.jsonl" in archive.namelist():
        raise ValueError(f"Two rooms hand out a file named {name}.")
    count = 0
    with archive.open(f"{name}.jsonl", "w") as out:
        for row in rows:
            out.write(json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def export_from_store(space: IdSpace, distinct_ids: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield the ids, joins, traits, events and quarantined rows of a person."""
    ids = list(DistinctId.objects.filter(id_space=space, distinct_id__in=list(distinct_ids)).order_by("no"))
    sources = {source.pk: source.slug for source in Source.objects.filter(id_space=space)}
    yield "ids", [{"no": row.no, "distinct_id": row.distinct_id, "person_no": row.resolved_no} for row in ids]
    joins = joins_of(ids).values("kind", "state", "reason", "from_id__distinct_id", "to_id__distinct_id", "ts")
    yield "joins", list(joins)
    texts, numbers = {row.no: row.distinct_id for row in ids}, [row.no for row in ids]
    with open_snapshot(list(sources), caller="persons.export_person") as snapshot:
        found = snapshot.execute(_TRAITS, {"numbers": numbers}).tuples
        yield (
            "traits",
            [
                {"distinct_id": texts[no], "key": key, "value": _json(value), "at": aware(ts)}
                for no, key, value, ts in found
            ],
        )
        yield "events", _events(snapshot, numbers, texts, sources)
    quarantined = QuarantinedRow.objects.filter(pk__in=rows_mentioning(space, list(distinct_ids)))
    yield "quarantined-rows", list(quarantined.values("source__slug", "item_no", "reason", "raw", "state"))


def _events(
    snapshot: Any, numbers: list[int], texts: dict[int, str], sources: dict[int, str]
) -> Iterator[dict[str, Any]]:
    for _, since, until in snapshot.execute(_MONTHS, {"numbers": numbers}).tuples:
        params = {"numbers": numbers, "since": since, "until": until}
        rows = snapshot.execute(_EVENTS, params, since=since, until=until).tuples
        names = snapshot.names_of({row[1] for row in rows})
        for ts, code, source_no, no, account_no, received_at, batch_no, properties in rows:
            yield {
                "at": aware(ts),
                "event": names[code],
                "source": sources[source_no],
                "distinct_id": texts[no],
                "account_no": account_no,
                "received_at": aware(received_at),
                "load": batch_no,
                "properties": _json(properties) or {},
            }


def _json(text: str | None) -> Any:
    return json.loads(text) if text else None
