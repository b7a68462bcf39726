"""Making forecasts: at night for every product with work, or for one when somebody asks; a day has one answer."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from portal.audit.public import record
from portal.operations.public import enqueue_on_commit
from portal.people.public import Product, require
from roadmaps.delivery.forecasts.models import Backtest, Forecast
from roadmaps.delivery.forecasts.monte_carlo import Trials, backtest, last_day_of, why_no_forecast
from roadmaps.delivery.forecasts.things import OPEN, Pace, ProductWork, releases_of, seed_of
from roadmaps.delivery.work.public import Tracker, WorkItem, local_today, throughput_of
from roadmaps.planning.releases.public import Release

NEXT_ITEMS = 20
_BACKTEST_WEEKS = 156
_BATCH = 1_000
_KEPT = ["basis", "n_weeks", "n_done", "n_left", "n_ahead", "p50", "p85", "p95", "promised_on", "why_none", "seed"]


class Simulations:
    """The trials of each pace, made once: things that share a pace share its trials."""

    def __init__(self) -> None:
        self._made: dict[tuple[tuple[int, ...], int], Trials] = {}

    def weeks(self, pace: Pace, n_items: int) -> dict[int, int | None]:
        """Return the first week of each percent."""
        key = (pace.weeks, pace.seed)
        if pace.basis == Forecast.Basis.OWN:  # nobody shares it
            return Trials(pace.weeks, pace.seed).first_weeks(n_items)
        if key not in self._made:
            self._made[key] = Trials(pace.weeks, pace.seed)
        return self._made[key].first_weeks(n_items)


def make_forecasts(product: Product, *, today: date, looks_back: bool = False) -> int:
    """Make the forecasts of a product's open initiatives and planned releases; return how many there are.

    Run again on the same day, it puts the same in their place. What came of forecasts of the past is noted as well.
    looks_back — as that day would have made them, of initiatives alone; days must be made one after the other.
    """
    work = ProductWork(product, today, looks_back=looks_back)
    made, simulations = [], Simulations()
    for one in work.initiatives:
        n_done, n_left = work.total([one.pk])
        if one.stage in OPEN and n_left:
            promised = one.promised_on or one.ends_on
            pace = work.pace_of([one.pk], f"initiative:{one.pk}")
            made.append(_forecast(work, pace, simulations, (n_done, n_left), promised, initiative_id=one.pk))
    releases = [] if looks_back else releases_of(product)
    for release, ids in releases:
        n_done, n_left = work.total(ids)
        if release.state == Release.State.PLANNED and n_left:
            pace = work.pace_of(ids, f"release:{release.pk}")
            made.append(_forecast(work, pace, simulations, (n_done, n_left), release.planned_on, release=release))
    with transaction.atomic():
        _lock(product)
        _write(product, made, today)
        if not looks_back:
            _settle(product, work, releases)
    return len(made)


def _forecast(
    work: ProductWork, pace: Pace, simulations: Simulations, n: tuple[int, int], promised: date | None, **thing: Any
) -> Forecast:
    n_done, n_left = n
    made = Forecast(product=work.product, made_on=work.today, basis=pace.basis, seed=pace.seed, **thing)
    made.n_weeks, made.n_done, made.n_left, made.n_ahead = len(pace.weeks), n_done, n_left, pace.n_ahead
    made.promised_on, made.why_none = promised, why_no_forecast(pace.weeks)
    if not made.why_none:
        weeks = simulations.weeks(pace, n_left + pace.n_ahead)
        made.p50, made.p85, made.p95 = (last_day_of(weeks[percent], work.today) for percent in (50, 85, 95))
    return made


def _lock(product: Product) -> None:
    """Let one at a time write the forecasts of a product."""
    list(Product.objects.select_for_update(no_key=True, of=["self"]).filter(pk=product.pk).values_list("pk"))


def _write(product: Product, made: Sequence[Forecast], today: date) -> None:
    """Put the day's forecasts in place; what is forecast no more keeps its last one, which is the newest no more."""
    Forecast.objects.filter(product=product, is_newest=True).update(is_newest=False)
    for name in ("initiative", "release"):
        own = [one for one in made if getattr(one, f"{name}_id")]
        Forecast.objects.bulk_create(
            own,
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=[name, "made_on"],
            update_fields=[*_KEPT, "is_newest"],
        )
    # A day's forecast of something that is done since, or holds no work any more, was of nothing.
    kept = Q(initiative__in=[one.initiative_id for one in made if one.initiative_id])
    kept |= Q(release__in=[one.release_id for one in made if one.release_id])
    Forecast.objects.filter(product=product, made_on=today).exclude(kept).delete()


def _settle(product: Product, work: ProductWork, releases: Iterable[tuple[Release, list[int]]]) -> None:
    """Note what came of each thing that was forecast; where work was added again, it has not come yet."""
    of_initiatives = Forecast.objects.filter(product=product, initiative__isnull=False).order_by()
    noted = dict(of_initiatives.values_list("initiative").annotate(Max("finished_on")))
    open_ones = set(of_initiatives.filter(finished_on=None).values_list("initiative", flat=True))
    for pk, finished_on in work.finishes().items():
        if pk in noted and (noted[pk] != finished_on or (finished_on is not None and pk in open_ones)):
            Forecast.objects.filter(initiative=pk).update(finished_on=finished_on)
    for release, _ in releases:
        Forecast.objects.filter(release=release).update(finished_on=release.released_on)


def make_backtest(product: Product, *, today: date) -> Backtest | None:
    """Say what forecasts of the next twenty items would have been worth; None where there is too little of a past."""
    items = WorkItem.objects.filter(tracker__product=product)
    weeks = [week.n_done for week in throughput_of(items, today=today, n_weeks=_BACKTEST_WEEKS)]
    found = backtest(weeks, NEXT_ITEMS, seed_of(f"backtest:{product.pk}", today), n_history=26)
    if not found.n:
        Backtest.objects.filter(product=product).delete()
        return None
    hits = {f"n_by_p{percent}": count for percent, count in found.hits.items()}
    fields = {"made_on": today, "n_items": NEXT_ITEMS, "n_weeks": len(weeks), "n_forecasts": found.n, **hits}
    return Backtest.objects.update_or_create(product=product, defaults=fields)[0]


def products_with_work() -> list[Product]:
    """Return the products that have a tracker."""
    return list(Product.objects.filter(pk__in=Tracker.objects.order_by().values("product")).order_by("pk"))


def make_at_night(night: Any) -> None:
    """The night's step: forecasts of every product with work, and what they would have been worth."""
    products = products_with_work()
    for n, product in enumerate(products, 1):
        make_forecasts(product, today=local_today())
        make_backtest(product, today=local_today())
        night.progress(n, len(products), "products")


@transaction.atomic
def ask_forecasts(product: Product, *, actor: Any) -> None:
    """Have a worker make a product's forecasts now, before the night does."""
    require(actor, "forecasts.make", product)
    record(actor, "product.forecasts_asked", product)
    enqueue_on_commit("delivery.make_forecasts", product_id=product.pk)
