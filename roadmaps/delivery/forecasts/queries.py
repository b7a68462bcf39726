"""Reads of forecasts: the newest of things, how they drifted, and how often they were right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q

from insights.questions.public import wilson_interval
from portal.people.public import Product
from roadmaps.delivery.forecasts.contracts import PERCENTS, Coverage, Dates
from roadmaps.delivery.forecasts.models import Backtest, Forecast

DRIFT = timedelta(weeks=4)


def newest_forecasts(initiative_ids: Iterable[int]) -> dict[int, Dates]:
    """Return the newest forecasts of initiatives, by their ids; those without one are absent. One query."""
    rows = Forecast.objects.newest().filter(initiative__in=list(initiative_ids))
    return {one.initiative_id: dates_of(one) for one in rows}


def newest_of_releases(release_ids: Iterable[int]) -> dict[int, Dates]:
    """Return the newest forecasts of releases, by their ids. One query."""
    rows = Forecast.objects.newest().filter(release__in=list(release_ids))
    return {one.release_id: dates_of(one) for one in rows}


def dates_of(forecast: Forecast) -> Dates:
    """Return a forecast as other rooms read it."""
    names = ("made_on", "p50", "p85", "p95", "n_left", "n_done", "n_ahead", "why_none")
    return Dates(**{name: getattr(forecast, name) for name in names})


def past_forecasts(initiative_ids: Iterable[int], on: date) -> dict[int, Dates]:
    """Return the newest forecasts of initiatives that were made on or before a day, by their ids. One query."""
    rows = Forecast.objects.filter(initiative__in=list(initiative_ids), made_on__lte=on)
    newest = rows.order_by("initiative_id", "-made_on").distinct("initiative_id")
    return {one.initiative_id: dates_of(one) for one in newest}


def with_drift(forecasts: Sequence[Forecast]) -> None:
    """Give each forecast by how many days its P85 moved in the last four weeks, as `drift`; None: nothing was said."""
    ids = [one.initiative_id for one in forecasts if one.initiative_id]
    releases = [one.release_id for one in forecasts if one.release_id]
    newest = max((one.made_on for one in forecasts), default=date.min)
    if not forecasts:
        return
    rows = Forecast.objects.filter(Q(initiative__in=ids) | Q(release__in=releases), made_on__lte=newest - DRIFT)
    before = {}
    for one in rows.order_by("initiative_id", "release_id", "-made_on").distinct("initiative_id", "release_id"):
        before[(one.initiative_id, one.release_id)] = one.p85
    for one in forecasts:
        was = before.get((one.initiative_id, one.release_id))
        one.drift = (one.p85 - was).days if one.p85 and was else None


def verdict_of(forecast: Forecast) -> str:
    """Return how a promise looks: "kept", "open" or "missed" likely; "" where nothing is promised or nothing said."""
    promised = forecast.promised_on
    if promised is None or forecast.why_none:
        return ""
    if forecast.p85 is not None and promised >= forecast.p85:
        return "kept"
    return "open" if forecast.p50 is not None and promised >= forecast.p50 else "missed"


@dataclass(frozen=True)
class CoverageRow:
    """How often actual dates fell on or before each percentile: shares with their Wilson 95 % intervals."""

    name: str
    n: int
    n_things: int
    shares: list[tuple[int, int, float | None, float | None, float | None]]

    @property
    def percents(self) -> list[dict[str, int | None]]:
        """Return its shares in whole percent, as pages show them."""
        found = []
        for _, _, *numbers in self.shares:
            share, low, high = (None if one is None else round(100 * one) for one in numbers)
            found.append({"percent": share, "low": low, "high": high})
        return found

    @property
    def is_honest(self) -> bool | None:
        """Say whether 85 % or more came by their P85; None where the interval holds 85 % and chance may decide."""
        _, _, share, low, high = self.shares[1]
        if share is None or low is None or high is None or low <= 0.85 <= high:
            return None
        return share >= 0.85


def read_coverage(products: Sequence[Product]) -> list[CoverageRow]:
    """Return the coverage of all past forecasts of which it is known what came, and of each of some products'."""
    hits = {f"by_p{percent}": Count("pk", filter=_hit(percent)) for percent in PERCENTS}
    rows = (
        Forecast.objects.judged()
        .order_by()
        .values("product")
        .annotate(
            n=Count("pk"),
            initiatives=Count("initiative", distinct=True),
            releases=Count("release", distinct=True),
            **hits,
        )
    )
    found = {row["product"]: row for row in rows}
    every = [_row("All products", list(found.values()))]
    return every + [_row(product.name, [found[product.pk]]) for product in products if product.pk in found]


def _hit(percent: int) -> Q:
    return Q(**{f"p{percent}": None}) | Q(**{f"p{percent}__gte": F("finished_on")})


def _row(name: str, rows: Sequence[dict[str, Any]]) -> CoverageRow:
    n = sum(row["n"] for row in rows)
    things = sum(row["initiatives"] + row["releases"] for row in rows)
    counts = {percent: sum(row[f"by_p{percent}"] for row in rows) for percent in PERCENTS}
    return CoverageRow(name, n, things, shares_of(Coverage(n, counts)))


def shares_of(found: Coverage) -> list[tuple[int, int, float | None, float | None, float | None]]:
    """Return (percent, hits, share, low, high) of each percentile; nothing is said of fewer than five."""
    rows: list[tuple[int, int, float | None, float | None, float | None]] = []
    for percent, hits in found.hits.items():
        if found.n < 5:
            rows.append((percent, hits, None, None, None))
            continue
        low, high = wilson_interval(hits, found.n)
        rows.append((percent, hits, hits / found.n, low, high))
    return rows


def coverage_of(backtest: Backtest) -> CoverageRow:
    """Return a backtest as a row of coverage."""
    hits = {50: backtest.n_by_p50, 85: backtest.n_by_p85, 95: backtest.n_by_p95}
    return CoverageRow(backtest.product.name, backtest.n_forecasts, 0, shares_of(Coverage(backtest.n_forecasts, hits)))
