"""Reading the store into the catalogue: days and months that changed since the last reading are counted anew.

Counts of a day or a month are deleted and refilled whole, so a reading that died, or ran twice, leaves no wrong number.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from insights.catalogue.actions import describe_property
from insights.catalogue.counts import DayCount, ValueCount, count_days, count_properties, count_traits
from insights.catalogue.models import CatalogueEvent, CatalogueProperty, EventDay, PropertyUse, Reading, Status
from insights.catalogue.person_ids import find_person_ids
from insights.catalogue.personal import sounds_personal
from insights.events.public import Change, Source, open_snapshot
from portal.operations.public import enqueue_on_commit
from portal.people.public import SYSTEM

MAX_NAMES = 2000  # property names of a source; more come from keys that are values, such as ids
_REST_FACTOR = 20  # between two readings lies at least this many times the duration of the last
_LEAST_REST_S = 30


@dataclass(frozen=True)
class Span:
    """The times that changed: whole days from `since` up to, not including, `until`; None is all of history."""

    since: datetime | None
    until: datetime | None

    @property
    def months(self) -> "Span":
        """Return the whole months around this span."""
        if self.since is None or self.until is None:
            return self
        last = (self.until - timedelta(days=1)).replace(day=1)
        return Span(self.since.replace(day=1), (last + timedelta(days=32)).replace(day=1))


def is_resting(reading: Reading, now: datetime) -> bool:
    """Say whether the last reading is so recent that the next commit may wait for a later one."""
    if reading.read_at is None:
        return False
    rest = timedelta(seconds=max(_LEAST_REST_S, reading.took_s * _REST_FACTOR))
    return now < reading.read_at + rest


def announce_commit(source_id: int, *, at_once: bool = False) -> None:
    """Have the catalogue read a source once the surrounding transaction commits, unless it did a moment ago.

    `at_once` is for what a person waits for, such as a load: then it is read in any case.
    """
    reading = Reading.objects.filter(source=source_id).first()
    if at_once or reading is None or not is_resting(reading, timezone.now()):
        enqueue_on_commit("catalogue.refresh_catalogue", source_id=source_id, at_once=at_once)


def read_after_commit(source_id: int) -> bool:
    """Read a source unless it was read a moment ago; `catch_up` comes back to it."""
    reading = Reading.objects.filter(source=source_id).first()
    if reading is not None and is_resting(reading, timezone.now()):
        return False
    return read_source(source_id)


def catch_up(is_full: bool = False) -> list[int]:
    """Read every source that the catalogue is behind with; return those that brought something new."""
    newest = dict(Change.objects.values_list("source").annotate(newest=Max("version")).order_by("source"))
    read = dict(Reading.objects.values_list("source", "version"))
    behind = [source_id for source_id, version in newest.items() if is_full or read.get(source_id, 0) < version]
    if is_full:
        return [source_id for source_id in behind if read_source(source_id, is_full=True)]
    return [source_id for source_id in behind if read_after_commit(source_id)]


@transaction.atomic
def read_source(source_id: int, *, is_full: bool = False) -> bool:
    """Bring the catalogue up to date with one source; False when there was nothing new or another worker is at it."""
    started = time.monotonic()
    Reading.objects.get_or_create(source_id=source_id)
    reading = Reading.objects.select_for_update(skip_locked=True).filter(source_id=source_id).first()
    if reading is None:
        return False
    source = Source.objects.select_related("product").get(pk=source_id)
    with open_snapshot([source_id], caller="insights.catalogue.reading") as snapshot:
        changes = list(Change.objects.filter(source=source, version__gt=reading.version, version__lte=snapshot.version))
        span = Span(None, None) if is_full else _span_of(changes)
        if span is None and not any(change.kind == Change.Kind.TRAITS for change in changes):
            Reading.objects.filter(pk=reading.pk).update(version=snapshot.version, read_at=timezone.now())
            return False
        is_first = reading.version == 0
        n_left_out = reading.n_names_left_out
        if span is not None:
            events = _write_days(source, span, count_days(snapshot, span.since, span.until), is_first)
            values = count_properties(snapshot, span.months.since, span.months.until)
            n_left_out = _write_properties(source, span.months, values, events, is_first)
            _mark_person_ids(source, values)
        if is_full or any(change.kind == Change.Kind.TRAITS for change in changes):
            traits = count_traits(snapshot)
            _write_traits(source, traits, is_first)
            _mark_person_ids(source, traits)
        version = snapshot.version
    _sum_up(source)
    took_s = time.monotonic() - started
    Reading.objects.filter(pk=reading.pk).update(
        version=version, read_at=timezone.now(), took_s=took_s, n_names_left_out=n_left_out
    )
    return True


def _span_of(changes: Iterable[Change]) -> Span | None:
    spans = [(change.min_ts, change.max_ts) for change in changes if change.kind == Change.Kind.EVENTS]
    if not spans:
        return None
    if any(since is None or until is None for since, until in spans):
        return Span(None, None)
    first, last = min(since for since, _ in spans).date(), max(until for _, until in spans).date()
    return Span(_midnight(first), _midnight(last + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _ensure_events(source: Source, names: set[str], is_first: bool) -> dict[str, CatalogueEvent]:
    known = CatalogueEvent.objects.filter(product=source.product).values_list("name", flat=True)
    fresh = [
        CatalogueEvent(product=source.product, name=name, status=_first_status(name, is_first))
        for name in sorted(names.difference(known))
    ]
    CatalogueEvent.objects.bulk_create(fresh, ignore_conflicts=True)
    return {event.name: event for event in CatalogueEvent.objects.filter(product=source.product, name__in=names)}


def _first_status(name: str, is_first: bool) -> str:
    return Status.EXPECTED if is_first or name.startswith("$") else Status.UNEXPECTED


def _write_days(source: Source, span: Span, counts: list[DayCount], is_first: bool) -> dict[str, CatalogueEvent]:
    events = _ensure_events(source, {count.event for count in counts}, is_first)
    old = EventDay.objects.filter(source=source)
    if span.since is not None and span.until is not None:
        old = old.filter(day__gte=span.since.date(), day__lt=span.until.date())
    old.delete()
    EventDay.objects.bulk_create(
        [
            EventDay(
                event=events[count.event],
                source=source,
                day=count.day,
                n_events=count.n_events,
                first_ts=count.first_ts,
                last_ts=count.last_ts,
            )
            for count in counts
        ],
        batch_size=5000,
    )
    return events


def _ensure_properties(source: Source, of: str, names: set[str], is_first: bool) -> dict[str, CatalogueProperty]:
    mine = CatalogueProperty.objects.filter(product=source.product, of=of)
    fresh = [
        CatalogueProperty(
            product=source.product,
            of=of,
            name=name,
            status=_first_status(name, is_first),
            is_personal=sounds_personal(of, name),
        )
        for name in sorted(names.difference(mine.values_list("name", flat=True)))
    ]
    CatalogueProperty.objects.bulk_create(fresh, ignore_conflicts=True)
    return {prop.name: prop for prop in mine.filter(name__in=names)}


def _most_used(values: list[ValueCount]) -> tuple[set[str], int]:
    totals: dict[str, int] = {}
    for value in values:
        totals[value.name] = totals.get(value.name, 0) + value.n_values
    kept = sorted(totals, key=lambda name: (-totals[name], name))[:MAX_NAMES]
    return set(kept), len(totals) - len(kept)


def _write_properties(
    source: Source, span: Span, values: list[ValueCount], events: dict[str, CatalogueEvent], is_first: bool
) -> int:
    names, n_left_out = _most_used(values)
    properties = _ensure_properties(source, "event", names, is_first)
    events = events | _ensure_events(source, {value.event for value in values}.difference(events), is_first)
    old = PropertyUse.objects.filter(source=source, month__isnull=False)
    if span.since is not None and span.until is not None:
        old = old.filter(month__gte=span.since.date(), month__lt=span.until.date())
    old.delete()
    uses = [_use(source, properties[value.name], value, events[value.event]) for value in values if value.name in names]
    PropertyUse.objects.bulk_create(uses, batch_size=2000)
    return n_left_out


def _write_traits(source: Source, values: list[ValueCount], is_first: bool) -> None:
    PropertyUse.objects.filter(source=source, month=None).delete()
    for of in ("person", "account"):
        mine = [value for value in values if value.of == of]
        names, _ = _most_used(mine)
        properties = _ensure_properties(source, of, names, is_first)
        uses = [_use(source, properties[value.name], value, None) for value in mine if value.name in names]
        PropertyUse.objects.bulk_create(uses, batch_size=2000)


def _mark_person_ids(source: Source, values: list[ValueCount]) -> None:
    """Take properties whose values are ids of persons for personal, unless somebody has said otherwise."""
    open_ones = CatalogueProperty.objects.filter(product=source.product, is_personal=False, is_settled=False)
    unsettled = {(prop.of, prop.name): prop for prop in open_ones}
    asked = [value for value in values if (value.of, value.name) in unsettled]
    for key in sorted(find_person_ids(source, asked)):
        describe_property(unsettled[key], actor=SYSTEM, is_personal=True)


def _use(source: Source, prop: CatalogueProperty, value: ValueCount, event: CatalogueEvent | None) -> PropertyUse:
    return PropertyUse(
        property=prop,
        source=source,
        event=event,
        month=value.month,
        n_values=value.n_values,
        types=value.types,
        examples=[] if prop.is_personal else value.examples,
        first_ts=value.first_ts,
        last_ts=value.last_ts,
    )


def _sum_up(source: Source) -> None:
    """Add up the product's entries from their days and uses; entries nobody wrote about go with their last event."""
    sums = [
        ("insights_catalogue_catalogueevent", "n_events", "insights_catalogue_eventday", "event_id", "n_events"),
        (
            "insights_catalogue_catalogueproperty",
            "n_values",
            "insights_catalogue_propertyuse",
            "property_id",
            "n_values",
        ),
    ]
    with connection.cursor() as cursor:
        for table, total, rows, key, count in sums:
            cursor.execute(
                f"""
                UPDATE {table} AS entry
                SET {total} = coalesce(seen.n, 0), first_seen_at = seen.first_ts, last_seen_at = seen.last_ts
                FROM {table} AS same LEFT JOIN (
                    SELECT {key} AS id, sum({count}) AS n, min(first_ts) AS first_ts, max(last_ts) AS last_ts
                    FROM {rows} GROUP BY {key}
                ) AS seen ON seen.id = same.id
                WHERE entry.id = same.id AND entry.product_id = %s
                """,
                [source.product_id],
            )
    for model in (CatalogueProperty, CatalogueEvent):
        gone = model.objects.filter(product=source.product, first_seen_at=None, description="", owner=None)
        gone.exclude(status=Status.RETIRED).delete()
