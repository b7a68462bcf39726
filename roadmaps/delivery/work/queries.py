"""Reads of how work flows: throughput, cycle times, what is in work and how old it is, what is larger than usual."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from portal.people.public import Product
from roadmaps.delivery.work.contracts import CycleTimes, Week
from roadmaps.delivery.work.flow import cycle_days, cycle_times, largest_usual, weekly_throughput
from roadmaps.delivery.work.models import Phase, TrackerStatus, WorkItem

WINDOW_WEEKS = 26
MOST_SHOWN = 50


def local_zone() -> ZoneInfo:
    """Return the zone of days and weeks of work: the workspace's."""
    return ZoneInfo(settings.WORKSPACE_TIME_ZONE)


def finished_by_week(items: Any) -> dict[date, int]:
    """Return how many of some items were finished in each local week, by its first day."""
    done = items.filter(phase=Phase.DONE, finished_at__isnull=False).order_by()
    rows = done.annotate(week=TruncWeek("finished_at", tzinfo=local_zone())).values("week").annotate(n=Count("pk"))
    return {row["week"].date(): row["n"] for row in rows}


def throughput_of(items: Any, *, today: date, n_weeks: int | None = None) -> list[Week]:
    """Return the whole weeks of some items' throughput, weeks without work included, the oldest first."""
    return weekly_throughput(finished_by_week(items), today=today, n_weeks=n_weeks)


@dataclass(frozen=True)
class DoneItem:
    """A finished item of which a start is known: how many days it took; backwards where it ended before it began."""

    pk: int
    key: str
    title: str
    finished_on: date
    days: int
    is_backwards: bool


@dataclass(frozen=True)
class OpenItem:
    """An item in work: since when, how many days until today, and whether that is longer than usual."""

    item: WorkItem
    age: int | None
    is_old: bool


@dataclass(frozen=True)
class Flow:
    """How the work of a product, a tracker or a type of items flows."""

    weeks: list[Week]
    done: list[DoneItem]
    times: CycleTimes
    n_without_start: int
    n_backwards: int
    n_in_work: int
    n_left: int
    oldest: list[OpenItem]
    n_old: int
    size_limit: float | None
    n_sizes: int
    large: list[WorkItem]
    n_large: int
    n_unmapped: int
    since: date

    @property
    def per_week(self) -> float | None:
        """Return the mean of items a week, over whole weeks of the window."""
        return sum(week.n_done for week in self.weeks) / len(self.weeks) if self.weeks else None


def items_of_product(user: Any, product: Product) -> Any:
    """Return the items of a product's trackers that a user may read."""
    return WorkItem.objects.visible_to(user).filter(tracker__product=product)


def read_flow(items: Any, *, today: date, n_weeks: int = WINDOW_WEEKS) -> Flow:
    """Return the flow of some items over the last whole weeks and this one."""
    zone = local_zone()
    since = today - timedelta(days=today.weekday(), weeks=n_weeks)
    begins = datetime(since.year, since.month, since.day, tzinfo=zone)
    ended = items.filter(phase=Phase.DONE, finished_at__gte=begins)
    rows = ended.order_by("-finished_at").values_list("pk", "key", "title", "started_at", "finished_at", "estimate")
    rows = list(rows)
    done = [_done(row, zone) for row in rows if row[3] is not None]
    times = cycle_times([one.days for one in done])
    sizes = [row[5] for row in rows if row[5] is not None]
    limit = largest_usual(sizes)
    in_work = items.in_work()
    oldest, n_old = _ages(in_work, times.p85, today, zone)
    left = items.left()
    large = left.filter(estimate__gt=limit) if limit is not None else items.none()
    counts = items.aggregate(
        in_work=Count("pk", filter=Q(phase=Phase.DOING)),
        left=Count("pk", filter=~Q(phase__in=[Phase.DONE, Phase.DROPPED])),
        unmapped=Count("pk", filter=Q(phase="") & ~Q(status="")),
        large=Count("pk", filter=~Q(phase__in=[Phase.DONE, Phase.DROPPED]) & Q(estimate__gt=limit))
        if limit is not None
        else Count("pk", filter=Q(pk=None)),
    )
    return Flow(
        weeks=throughput_of(items, today=today, n_weeks=n_weeks),
        done=done,
        times=times,
        n_without_start=len(rows) - len(done),
        n_backwards=sum(one.is_backwards for one in done),
        n_in_work=counts["in_work"],
        n_left=counts["left"],
        oldest=oldest,
        n_old=n_old,
        size_limit=limit,
        n_sizes=len(sizes),
        large=list(large.of_rows().order_by("-estimate", "pk")[:MOST_SHOWN]),
        n_large=counts["large"],
        n_unmapped=counts["unmapped"],
        since=since,
    )


def _done(row: tuple[Any, ...], zone: ZoneInfo) -> DoneItem:
    pk, key, title, started_at, finished_at, _ = row
    started_on, finished_on = (at.astimezone(zone).date() for at in (started_at, finished_at))
    return DoneItem(pk, key, title, finished_on, cycle_days(started_on, finished_on), finished_at < started_at)


def _ages(in_work: Any, limit: int | None, today: date, zone: ZoneInfo) -> tuple[list[OpenItem], int]:
    """Return the oldest items in work, and how many of all are in work for longer than 85 % of what was finished."""
    shown = in_work.of_rows().order_by(F("started_at").asc(nulls_last=True), "pk")[:MOST_SHOWN]
    oldest = [open_item(item, limit, today, zone) for item in shown]
    if limit is None:
        return oldest, 0
    last = today - timedelta(days=limit)  # begun on this day, an item is limit + 1 days old
    before = datetime(last.year, last.month, last.day, tzinfo=zone) + timedelta(days=1)
    return oldest, in_work.filter(started_at__lt=before).count()


def open_item(item: WorkItem, limit: int | None, today: date, zone: ZoneInfo) -> OpenItem:
    """Return an item in work with its age: days from its start to today, both counted."""
    if item.started_at is None:
        return OpenItem(item, None, False)
    age = cycle_days(item.started_at.astimezone(zone).date(), today)
    return OpenItem(item, age, limit is not None and age > limit)


def unmapped_statuses(tracker_ids: Iterable[int]) -> dict[int, int]:
    """Return how many statuses of trackers nobody and nothing knows the meaning of."""
    rows = TrackerStatus.objects.filter(tracker__in=tracker_ids, phase="").values("tracker").annotate(n=Count("pk"))
    return {row["tracker"]: row["n"] for row in rows.order_by()}


def local_today() -> date:
    """Return the day that it is in the workspace's zone."""
    return timezone.now().astimezone(local_zone()).date()
