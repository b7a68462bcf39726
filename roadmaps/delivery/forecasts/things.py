"""What is forecast: initiatives and releases with what is left of them, and the paces that they may go by. Few queries.

Everything of a product is read at once, so five hundred initiatives cost as many queries as one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any
from zlib import crc32

from django.db.models import Case, Count, Max, Min, Q, Value, When
from django.db.models.functions import TruncWeek

from portal.people.public import Product
from roadmaps.delivery.forecasts.models import Forecast
from roadmaps.delivery.forecasts.monte_carlo import why_no_forecast
from roadmaps.delivery.work.public import Phase, WorkItem, local_zone
from roadmaps.planning.initiatives.public import Initiative, InitiativeVersion, Stage
from roadmaps.planning.releases.public import Release, ReleaseItem

HISTORY_WEEKS = 26
_WEEK = timedelta(days=7)
OPEN = (Stage.DISCOVERY, Stage.PROTOTYPING, Stage.BUILDING)
OUT = (Stage.LAUNCHED, Stage.MEASURING, Stage.DONE)


@dataclass
class Counts:
    """Items of an initiative: done, left (neither done nor given up), finished by week, first start, last finish."""

    n_done: int = 0
    n_left: int = 0
    weeks: dict[date, int] = field(default_factory=dict)
    begun_on: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True)
class Pace:
    """Whole weeks of the past by which a thing is forecast, and how many items come first."""

    basis: str
    weeks: tuple[int, ...]
    n_ahead: int
    seed: int


@dataclass(frozen=True)
class Planned:
    """An initiative as it was planned on a day."""

    pk: int
    stage: str
    promised_on: date | None
    ends_on: date | None


def read_counts(product: Product, before: datetime | None = None) -> tuple[dict[int | None, Counts], Counts]:
    """Return the items of each initiative of a product, those of none under None, and of all together.

    before — as they stood at that moment, by their histories; where they belong is where they belong now.
    """
    zone, found = local_zone(), defaultdict(Counts)
    every = Counts()
    items = WorkItem.objects.filter(tracker__product=product).order_by()
    done, dropped = Q(phase=Phase.DONE), Q(phase=Phase.DROPPED)
    if before is not None:
        items = items.filter(opened_at__lt=before)
        done, dropped = done & Q(finished_at__lt=before), dropped & Q(dropped_at__lt=before)
    stood = Case(When(done, then=Value("done")), When(dropped, then=Value("dropped")), default=Value("left"))
    rows = items.annotate(stood=stood).values("initiative", "stood")
    for row in rows.annotate(n=Count("pk"), first=Min("started_at"), last=Max("finished_at")):
        one, n = found[row["initiative"]], row["n"]
        if row["stood"] == "done":
            one.n_done += n
            one.ended_on = row["last"].astimezone(zone).date() if row["last"] else one.ended_on
        elif row["stood"] == "left":
            one.n_left += n
        if row["first"] is not None and (before is None or row["first"] < before):
            first = row["first"].astimezone(zone).date()
            one.begun_on = min(one.begun_on or first, first)
    by_week = items.filter(done, finished_at__isnull=False).annotate(week=TruncWeek("finished_at", tzinfo=zone))
    for row in by_week.values("initiative", "week").annotate(n=Count("pk")):
        week = row["week"].date()
        found[row["initiative"]].weeks[week] = row["n"]
        every.weeks[week] = every.weeks.get(week, 0) + row["n"]
    return dict(found), every


def read_planned(product: Product, at: datetime | None = None) -> list[Planned]:
    """Return the initiatives of a product in the roadmap's order, as they are or as they were at a moment."""
    rows: Any = Initiative.objects.filter(product=product).order_by("position", "pk")
    names = ("pk", "stage", "promised_on", "ends_on")
    if at is not None:
        rows = InitiativeVersion.objects.at(at).filter(product=product, initiative__isnull=False)
        rows, names = rows.order_by("position", "number"), ("initiative_id", *names[1:])
    return [Planned(*row) for row in rows.values_list(*names)]


def whole_weeks(weeks: Mapping[date, int], today: date, since: date | None = None) -> tuple[int, ...]:
    """Return the last whole weeks of a throughput, zeros included, from its first one or from when work began."""
    end = today - timedelta(days=today.weekday())
    begins = [week for week in weeks if week < end]
    if since is not None and since < end:
        begins.append(since - timedelta(days=since.weekday()))
    if not begins:
        return ()
    first = max(min(begins), end - HISTORY_WEEKS * _WEEK)
    return tuple(weeks.get(first + step * _WEEK, 0) for step in range((end - first) // _WEEK))


def seed_of(name: str, today: date) -> int:
    """Return the seed of a thing on a day: the same whenever it is asked."""
    return crc32(f"{name}:{today.isoformat()}".encode())


class ProductWork:
    """A product's initiatives in the roadmap's order with their items, and the paces of its work."""

    def __init__(self, product: Product, today: date, *, looks_back: bool = False):
        self.product, self.today = product, today
        begins = datetime(today.year, today.month, today.day, tzinfo=local_zone()) if looks_back else None
        self.counts, every = read_counts(product, begins)
        self.initiatives = read_planned(product, begins)
        self._place, self._left_before = self._queue()
        placed: dict[date, int] = defaultdict(int)
        for pk, counts in self.counts.items():
            for week, n in counts.weeks.items() if pk is not None else ():
                placed[week] += n
        self.roadmap_weeks, self.every_weeks = whole_weeks(placed, today), whole_weeks(every.weeks, today)

    def _queue(self) -> tuple[dict[int, int], list[int]]:
        """Return the places of open initiatives in the queue for shared work, and how many items are left before each.

        Those being built come first.
        """
        open_ones = [one for one in self.initiatives if one.stage in OPEN]
        order = [one.pk for one in sorted(open_ones, key=lambda one: one.stage != Stage.BUILDING)]
        left = (self.counts[pk].n_left if pk in self.counts else 0 for pk in order)
        return {pk: place for place, pk in enumerate(order)}, list(accumulate(left, initial=0))

    def pace_of(self, ids: Sequence[int], name: str) -> Pace:
        """Return by which pace initiatives are forecast: their own where they have enough of a past."""
        own: dict[date, int] = defaultdict(int)
        begins = []
        for pk in ids:
            counts = self.counts.get(pk, Counts())
            begins += [counts.begun_on] if counts.begun_on else []
            for week, n in counts.weeks.items():
                own[week] += n
        weeks = whole_weeks(own, self.today, min(begins, default=None))
        if not why_no_forecast(weeks):
            return Pace(Forecast.Basis.OWN, weeks, 0, seed_of(name, self.today))
        shared, basis = self.roadmap_weeks, Forecast.Basis.ROADMAP
        if why_no_forecast(shared):
            shared, basis = self.every_weeks, Forecast.Basis.PRODUCT
        return Pace(basis, shared, self._ahead(set(ids)), seed_of(f"product:{self.product.pk}", self.today))

    def _ahead(self, ids: set[int]) -> int:
        """Return how many items of other initiatives are left before the last of these gets its turn."""
        place = max((self._place[pk] for pk in ids if pk in self._place), default=0)
        own = sum(self.counts[pk].n_left for pk in ids if pk in self.counts and self._place.get(pk, place) < place)
        return self._left_before[place] - own

    def total(self, ids: Iterable[int]) -> tuple[int, int]:
        """Return how many items of initiatives are done and left."""
        rows = [self.counts.get(pk, Counts()) for pk in ids]
        return sum(row.n_done for row in rows), sum(row.n_left for row in rows)

    def finishes(self) -> dict[int, date | None]:
        """Return when the work of each initiative was done: the day it was launched, else of its last item; or None."""
        launched = launches([one.pk for one in self.initiatives if one.stage in OUT])
        found: dict[int, date | None] = {}
        for one in self.initiatives:
            counts = self.counts.get(one.pk, Counts())
            is_done = counts.n_done > 0 and counts.n_left == 0
            found[one.pk] = counts.ended_on if is_done else launched.get(one.pk)
        return found


def launches(ids: Sequence[int]) -> dict[int, date]:
    """Return the day on which initiatives were first out, by their history."""
    zone = local_zone()
    rows = InitiativeVersion.objects.filter(initiative__in=ids, stage__in=OUT).order_by()
    found = rows.values("initiative").annotate(at=Min("valid_from")).values_list("initiative", "at")
    return {pk: at.astimezone(zone).date() for pk, at in found}


def releases_of(product: Product) -> list[tuple[Release, list[int]]]:
    """Return the releases of a product that are planned or out, each with its initiatives."""
    inside: dict[int, list[int]] = defaultdict(list)
    for release, initiative in ReleaseItem.objects.filter(release__product=product).values_list(
        "release", "initiative"
    ):
        inside[release].append(initiative)
    rows: Any = Release.objects.filter(product=product, pk__in=inside).exclude(state=Release.State.CANCELLED)
    return [(release, inside[release.pk]) for release in rows]
