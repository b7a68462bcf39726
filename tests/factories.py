"""Small makers of test rows."""

import datetime as dt
import hashlib
import json
import tempfile
import uuid
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.text import slugify

from insights.cohorts.models import Cohort, CohortEdition
from insights.cohorts.packing import as_numbers
from insights.events.contracts import STAGED
from insights.events.public import (
    Account,
    Batch,
    DistinctId,
    Source,
    commit_staged,
    create_source,
    default_id_space,
    start_batch,
)
from insights.events.verify import verify_store
from insights.voice.feedback.models import Channel
from portal.people.models import Membership, Product, Team, User, Visibility
from portal.people.public import SYSTEM


def make_team(name: str) -> Team:
    return Team.objects.create(name=name, slug=slugify(name))


def make_product(name: str, team: Team, visibility: str = Visibility.COMPANY) -> Product:
    return Product.objects.create(name=name, slug=slugify(name), team=team, visibility=visibility)


def make_user(name: str, role: str, *teams: Team) -> User:
    user = User.objects.create_user(f"{name}@example.com", "a long password 1", name=name.title(), role=role)
    for team in teams:
        Membership.objects.create(user=user, team=team)
    return user


def large_file(n_bytes: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("large.csv", b"a" * n_bytes)


def make_source(product: Product, name: str = "Web", kind: str = Source.Kind.UPLOAD, **fields) -> Source:
    return create_source(actor=SYSTEM, product=product, name=name, kind=kind, **fields)


def store_events(source: Source, rows=(), *, traits=(), joins=(), rejects=(), kind="upload", **options) -> Batch:
    """Store events through the real staging and commit; returns the finished batch.

    rows: dicts with event, distinct_id, timestamp (aware datetime or ISO text) and optionally account_id, properties,
    event_id, sent_time, received_at, item_no, request_no. traits: dicts with subject, subject_id, key, value, timestamp
    (and item_no). joins: dicts with kind, distinct_id, person_id, timestamp. rejects: with raw, reason_code, reason.
    """
    batch = start_batch(source, kind, actor=SYSTEM, file_name="rows.csv")
    with tempfile.TemporaryDirectory() as folder:
        stage_events(Path(folder), rows, traits=traits, joins=joins, rejects=rejects)
        commit_staged(batch, Path(folder), **options)
    return batch


def stage_events(folder: Path, rows=(), *, traits=(), joins=(), rejects=()) -> None:
    """Write dicts as staged files, as a producer would."""
    _stage(folder, "events", [_event_row(no, row) for no, row in enumerate(rows, 1)])
    _stage(folder, "traits", [_trait_row(no, row) for no, row in enumerate(traits, 1)])
    _stage(folder, "joins", [_join_row(no, row) for no, row in enumerate(joins, 1)])
    _stage(folder, "rejects", [_reject_row(no, row) for no, row in enumerate(rejects, 1)])


def _utc(value) -> dt.datetime | None:
    if value is None:
        return None
    time = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return time.astimezone(dt.UTC).replace(tzinfo=None) if time.tzinfo else time


def _event_row(no: int, row: dict) -> dict:
    raw = json.dumps({key: str(value) for key, value in row.items() if key not in {"item_no", "request_no"}})
    properties = row.get("properties")
    return {
        "item_no": row.get("item_no", no),
        "event_id": row.get("event_id"),
        "row_hash": None if row.get("event_id") else str(uuid.UUID(hashlib.md5(raw.encode()).hexdigest())),
        "event": row.get("event"),
        "distinct_id": row.get("distinct_id"),
        "account_id": row.get("account_id"),
        "ts": _utc(row.get("timestamp")),
        "sent_time": row.get("sent_time", str(row.get("timestamp"))),
        "received_at": _utc(row.get("received_at")) or dt.datetime.now(dt.UTC).replace(tzinfo=None),
        "properties": properties if properties is None or isinstance(properties, str) else json.dumps(properties),
        "request_no": row.get("request_no"),
    }


def _trait_row(no: int, row: dict) -> dict:
    return {
        "item_no": row.get("item_no", no),
        "subject": row.get("subject", "person"),
        "subject_id": row["subject_id"],
        "key": row["key"],
        "value": json.dumps(row["value"]),
        "ts": _utc(row["timestamp"]),
    }


def _join_row(no: int, row: dict) -> dict:
    names = ("kind", "distinct_id", "person_id")
    return {"item_no": row.get("item_no", no), "ts": _utc(row["timestamp"])} | {name: row[name] for name in names}


def _reject_row(no: int, row: dict) -> dict:
    names = ("raw", "reason_code", "reason")
    return {"item_no": row.get("item_no", no), "event_time": _utc(row.get("event_time"))} | {
        name: row[name] for name in names
    }


def _stage(folder: Path, name: str, rows: list[dict]) -> None:
    if not rows:
        return
    import duckdb

    columns = ", ".join(f"unnest($c_{column}::{kind}[]) AS {column}" for column, kind in STAGED[name].items())
    params = {f"c_{column}": [row[column] for row in rows] for column in STAGED[name]}
    with duckdb.connect() as duck:
        duck.execute(f"COPY (SELECT {columns}) TO '{folder / name}-1.parquet' (FORMAT parquet)", params)


def make_cohort(product: Product, name: str, ids, unit: str = "person", **fields) -> Cohort:
    """Make a cohort of the persons or accounts with these ids, as if it had been counted just now."""
    fields = {"name": name, "slug": slugify(name), "team": product.team, "kind": "list", "is_frozen": True, **fields}
    cohort = Cohort.objects.create(unit=unit, state="ok", refreshed_at=timezone.now(), **fields)
    cohort.products.add(product)
    model, field = (Account, "account_id") if unit == "account" else (DistinctId, "distinct_id")
    space = default_id_space(product)
    rows = model.objects.filter(**{"id_space": space, f"{field}__in": list(ids)})
    numbers = as_numbers(row.no if unit == "account" else row.resolved_no for row in rows)
    edition = CohortEdition(cohort=cohort, counted_on=timezone.localdate(), counted_at=timezone.now())
    edition.set_numbers(numbers)
    edition.save()
    cohort.current = edition
    cohort.save()
    return cohort


def make_many_people(product: Product, n: int) -> Batch:
    """Store so many people as the demo's events call them, of forty accounts with plans and segments."""
    at = (timezone.now() - dt.timedelta(days=300)).isoformat()
    names = {f"user-{number + 3:05}": f"acc-{number % 40:04}" for number in range(n)}
    rows = [{"event": "opened", "distinct_id": who, "account_id": of, "timestamp": at} for who, of in names.items()]
    kinds = {"plan": ("free", "team", "business"), "segment": ("Small business", "Mid-market", "Strategic")}
    traits = [{"subject_id": who, "key": "$account", "value": of, "timestamp": at} for who, of in names.items()]
    traits += [
        {"subject": "account", "subject_id": f"acc-{no:04}", "key": key, "value": values[no % 3], "timestamp": at}
        for no in range(40)
        for key, values in kinds.items()
    ]
    return store_events(make_source(product), rows, traits=[{"item_no": 1, **trait} for trait in traits])


def make_channel(slug: str) -> Channel:
    """Return a channel; those of a fresh portal are gone once a test has emptied the tables."""
    return Channel.objects.get_or_create(slug=slug, defaults={"name": f"By {slug}"})[0]


def store_faults() -> list[str]:
    """Return what a recount of the store finds, but for files that earlier tests' rolled back rows left behind."""
    return [fault for fault in verify_store() if "no version names" not in fault]
