"""A dashboard page of twelve tiles: server time, queries and weight.

    python -m benchmarks.bench_dashboard --rows 200000 --requests 100

Answers are stored, as after a night; the page is asked through Django's own stack, signed in, warm. Prints a table and
ends with 1 when a promise is broken: p95 <= 200 ms, <= 12 queries, page as sent + compressed style and scripts
without the chart library <= 150 KiB.
"""

import argparse
import datetime as dt
import gzip
import sys
import time
from pathlib import Path

P95_PROMISED_MS, QUERIES_PROMISED, WEIGHT_PROMISED_KIB = 200, 12, 150


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _weight_kib(html: bytes) -> float:
    """Return the weight of a first load: the page as it was sent, and all of our style and its scripts compressed."""
    from django.contrib.staticfiles import finders

    styles = b"".join(path.read_bytes() for path in sorted(Path(finders.find("css/app.css")).parent.rglob("*.css")))
    names = ["app", "modules", "keys", "htmx", "menus", "net", "toasts", "fold", "theme", "dashboard-share", "chart"]
    scripts = [Path(finders.find(f"js/{name}.js")).read_bytes() for name in names]
    pieces = [styles, Path(finders.find("django_htmx/htmx-2.min.js")).read_bytes(), *scripts]
    return (len(html) + sum(len(gzip.compress(piece, 6)) for piece in pieces)) / 1024


def measure(n_rows: int, n_requests: int, folder) -> bool:
    """Fill, compute, ask and print; say whether the promises were kept."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from benchmarks.dashboard_world import make_dashboards, store_days
    from insights.dashboards.models import Tile
    from insights.dashboards.refreshing import refresh_tiles
    from tests.factories import make_product, make_source, make_team, make_user

    team = make_team("Bench")
    product = make_product("Bench", team)
    now = timezone.now()
    store_days(make_source(product, "Bench"), folder, n_rows, 180, now - dt.timedelta(hours=1), "a")
    (board,) = make_dashboards(product, 1)
    done = refresh_tiles(Tile.objects.on_duty(), now)
    assert done.n_failed == 0, done.problems
    client = Client()
    client.force_login(make_user("owner", "product_manager", team))
    times = []
    for _ in range(n_requests + 5):
        started = time.perf_counter()
        response = client.get(board.get_absolute_url())
        times.append((time.perf_counter() - started) * 1000)
    assert response.status_code == 200 and response.content.count(b'class="tile ') == 12
    with CaptureQueriesContext(connection) as queries:
        response = client.get(board.get_absolute_url(), headers={"Accept-Encoding": "gzip"})
    p50, p95 = _percentile(times[5:], 0.5), _percentile(times[5:], 0.95)
    weight = _weight_kib(response.content)
    print(f"{'what':<34}{'measured':>12}{'promised':>12}")
    print(f"{'server time, median (ms)':<34}{p50:>12.0f}{'':>12}")
    print(f"{'server time, p95 (ms)':<34}{p95:>12.0f}{P95_PROMISED_MS:>12}")
    print(f"{'SQL queries':<34}{len(queries):>12}{QUERIES_PROMISED:>12}")
    print(f"{'page alone, as sent (KiB)':<34}{len(response.content) / 1024:>12.0f}{'':>12}")
    print(f"{'first load (KiB)':<34}{weight:>12.0f}{WEIGHT_PROMISED_KIB:>12}")
    return p95 <= P95_PROMISED_MS and len(queries) <= QUERIES_PROMISED and weight <= WEIGHT_PROMISED_KIB


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000, help="events in the store")
    parser.add_argument("--requests", type=int, default=100)
    options = parser.parse_args()
    from benchmarks.dashboard_world import own_portal

    with own_portal() as folder:
        return 0 if measure(options.rows, options.requests, folder) else 1


if __name__ == "__main__":
    sys.exit(main())
