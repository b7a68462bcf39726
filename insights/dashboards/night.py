"""The night's steps of this room: recompute tiles, check that numbers agree, check what sources promised."""

from typing import Any

from insights.dashboards.agreements import check_product
from insights.dashboards.answers import forget_unused
from insights.dashboards.freshness import find_late_sources
from insights.dashboards.models import Tile
from insights.dashboards.refreshing import refresh_tiles
from insights.events.public import Source
from portal.people.public import Product
from portal.shell.public import PortalError


def recompute_tiles(night: Any) -> None:
    """Bring every tile that is on a live dashboard up to date; what nobody uses any more is forgotten."""
    refresh_tiles(
        Tile.objects.on_duty().order_by("dashboard__slug", "y", "x"),
        night.now,
        progress=night.progress,
        problem=night.problem,
        count=lambda n_rows: night.count(rows_in=n_rows),
    )
    forget_unused(night.now)


def check_agreements(night: Any) -> None:
    """Ask the same number in different ways, product by product; say so where the ways disagree."""
    with_events = Source.objects.order_by().values("product")
    products = list(Product.objects.filter(pk__in=with_events))
    n_checks = n_faults = 0
    for number, product in enumerate(products, start=1):
        night.check_still_mine()
        try:
            checks = check_product(product, night.now)
        except PortalError as error:
            night.problem(f"{product}: could not be checked. {error.message}")
            checks = []
        for check in checks:
            n_checks += 1
            if not check.agrees:
                n_faults += 1
                night.problem(f"{product}: {check.sentence}")
        verdict = "all agree" if not n_faults else f"{n_faults} disagree"
        night.progress(
            number, len(products), f"{n_checks} checks of {number} product{'' if number == 1 else 's'}: {verdict}"
        )


def check_freshness(night: Any) -> None:
    """Name each source that has not kept its promise of new data."""
    n_promises, late = find_late_sources(night.now)
    for sentence in late:
        night.problem(sentence)
    kept = n_promises - len(late)
    words = f"{kept} of {n_promises} promises of new data are kept" if n_promises else "no source has promised a time"
    night.progress(n_promises, n_promises, words)
