"""The night's forecasts of 500 initiatives with 50,000 items of work, and the pages that show them.

    python -m benchmarks.bench_forecasts --items 50000 --initiatives 500 --requests 20

Items of two years, half of them done with their history; each belongs to an initiative. Prints a table; ends with 1
when the night's step takes more than a minute, or a page more than its p95 <= 200 ms or 12 queries. Starts its own
PostgreSQL and Valkey in a temporary folder.
"""

import argparse
import datetime as dt
import random
import sys
import time
from typing import Any

NIGHT_PROMISED_S = 60


def make_initiatives(product: Any, n: int) -> list[Any]:
    """Make initiatives that are being built."""
    from roadmaps.planning.initiatives.models import Initiative

    rows = (
        Initiative(product=product, team=product.team, title=f"Initiative {no}", stage="building", position=no)
        for no in range(n)
    )
    return Initiative.objects.bulk_create(rows)


def make_items(product: Any, initiatives: list[Any], n_items: int) -> Any:
    """Make items that belong to initiatives in turn; return their tracker."""
    from portal.people.public import SYSTEM
    from roadmaps.delivery.work.actions import create_tracker
    from roadmaps.delivery.work.contracts import Change, GivenItem
    from roadmaps.delivery.work.models import WorkItem
    from roadmaps.delivery.work.writing import write_items

    dice, now = random.Random(1), dt.datetime.now(dt.UTC)
    tracker = create_tracker(product=product, name="Bench", actor=SYSTEM)
    given = []
    for n in range(n_items):
        end = now - dt.timedelta(days=dice.randint(1, 700))
        begun = end - dt.timedelta(days=1 + dice.expovariate(0.2))
        status = "Done" if n % 2 else "In Progress" if n % 40 == 0 else "To Do"
        said = {"title": f"Item {n}", "opened_at": begun, "changed_at": end, "status": status, "sent_started_at": begun}
        moves = (Change(begun, "To Do", "In Progress"), Change(end, "In Progress", "Done")) if n % 2 else ()
        given.append(GivenItem(f"B-{n}", said, "", moves))
    started = time.perf_counter()
    for start in range(0, n_items, 2_000):
        write_items(tracker, given[start : start + 2_000])
    print(f"items written: {n_items / (time.perf_counter() - started):,.0f} a second")
    for place, initiative in enumerate(initiatives):
        keys = [f"B-{n}" for n in range(place, n_items, len(initiatives))]
        WorkItem.objects.filter(tracker=tracker, key__in=keys).update(initiative=initiative)
    return tracker


def measure(n_items: int, n_initiatives: int, n_requests: int) -> bool:
    """Fill, forecast and ask the pages; print, and say whether the promises were kept."""
    from django.db import connection
    from django.urls import reverse

    from benchmarks.asked_pages import ask_pages
    from roadmaps.delivery.forecasts.making import make_backtest, make_forecasts
    from roadmaps.delivery.work.public import local_today
    from tests.factories import make_product, make_team, make_user

    team = make_team("Bench")
    product, user = make_product("Bench", team), make_user("bench", "product_manager", team)
    tracker = make_items(product, make_initiatives(product, n_initiatives), n_items)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    started = time.perf_counter()
    n_made = make_forecasts(product, today=local_today())
    make_backtest(product, today=local_today())
    night_s = time.perf_counter() - started
    print(f"night: {n_made} forecasts and a backtest in {night_s:.1f} s (promised {NIGHT_PROMISED_S} s)", flush=True)
    flow, items = reverse("work:flow"), reverse("work:item-list")
    addresses = {
        "flow": lambda turn: f"{flow}?product={product.slug}",
        "flow of two years": lambda turn: f"{flow}?product={product.slug}&weeks=104",
        "items": lambda turn: items,
        "items, page by page": lambda turn: f"{items}?page={turn + 1}",
        "items in work, the oldest first": lambda turn: f"{items}?phase=doing&sort=started",
        "items by words": lambda turn: f"{items}?q=item+{turn}7",
        "tracker": lambda turn: tracker.get_absolute_url(),
        "forecasts": lambda turn: reverse("forecasts:forecast-list"),
        "forecasts that will be missed": lambda turn: f"{reverse('forecasts:forecast-list')}?looks=missed",
        "how often they were right": lambda turn: reverse("forecasts:coverage"),
        "asked freely": lambda turn: f"{reverse('forecasts:ask')}?product={product.slug}&n={turn + 20}&weeks=26",
    }
    title = f"{n_items:,} items, {n_initiatives:,} initiatives"
    return ask_pages(user, title, addresses, n_requests) and night_s <= NIGHT_PROMISED_S


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--initiatives", type=int, default=500)
    parser.add_argument("--requests", type=int, default=20)
    options = parser.parse_args()
    from benchmarks.dashboard_world import own_portal

    with own_portal():
        return 0 if measure(options.items, options.initiatives, options.requests) else 1


if __name__ == "__main__":
    sys.exit(main())
