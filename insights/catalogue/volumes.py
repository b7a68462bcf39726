"""Daily volumes of events for the pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max, Sum

from insights.catalogue.models import CatalogueEvent, EventDay
from insights.catalogue.sparkline import sparkline_points

SPARK_DAYS = 60


@dataclass(frozen=True)
class EventRow:
    """An event of the list: the entry, its line, and how many came in the days that it covers."""

    event: CatalogueEvent
    points: str
    n_recent: int


def newest_by_product(product_ids: Iterable[int]) -> dict[int, datetime]:
    """Return the time of each product's newest event, whatever its name."""
    rows = CatalogueEvent.objects.filter(product__in=set(product_ids)).values_list("product")
    return {product: newest for product, newest in rows.annotate(newest=Max("last_seen_at")).order_by() if newest}


def list_event_rows(events: Sequence[CatalogueEvent]) -> list[EventRow]:
    """Return the rows of a page of events; two queries, however many there are."""
    newest = newest_by_product(event.product_id for event in events)
    until = {product: time.date() for product, time in newest.items()}
    volumes = _volumes(events, until)
    return [EventRow(event, sparkline_points(volumes[event.pk]), sum(volumes[event.pk])) for event in events]


def _volumes(events: Sequence[CatalogueEvent], until: dict[int, date]) -> dict[int, list[int]]:
    found = {event.pk: [0] * SPARK_DAYS for event in events}
    if not until:
        return found
    since = min(until.values()) - timedelta(days=SPARK_DAYS - 1)
    ends = {event.pk: until.get(event.product_id) for event in events}
    rows = EventDay.objects.filter(event__in=found, day__gte=since).values_list("event", "day")
    for event_id, day, n_events in rows.annotate(n=Sum("n_events")).order_by():
        place = SPARK_DAYS - 1 - (ends[event_id] - day).days
        if 0 <= place < SPARK_DAYS:
            found[event_id][place] = n_events
    return found


def daily_volume(event: CatalogueEvent, n_days: int = 365) -> list[tuple[date, int]]:
    """Return an event's days up to its last one, at most so many, with zeros for the days between."""
    if event.last_seen_at is None:
        return []
    counts = dict(event.days.values_list("day").annotate(n=Sum("n_events")).order_by())
    last = event.last_seen_at.date()
    first = max(min(counts), last - timedelta(days=n_days - 1))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [(day, counts.get(day, 0)) for day in days]
