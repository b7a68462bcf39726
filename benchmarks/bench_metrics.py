"""A night's refresh of metrics' values: the first time, once more with nothing new, and after one new day.

    python -m benchmarks.bench_metrics --rows 10000000 --metrics 200

Metrics of all kinds, by day, week and month, each with thirteen months of values; they differ by event and filter. The
step is that of the night. Prints a table; ends with 1 when a night with a new day takes more than its share, 10 minutes
for 200 metrics on 10 M events, or anything fails.
"""

import argparse
import datetime as dt
import sys
import time
from types import SimpleNamespace

NIGHT_PROMISED_S = 600
_DAYS = 360
_INTERVALS = ("day", "week", "month")


def make_questions(n: int) -> list[tuple[dict, int | None]]:
    """Return so many different questions with one number a period, and a retention's column."""
    found = []
    for number in range(n):
        spec, other = {"event": f"event {number % 20}"}, {"event": f"event {(number + 1) % 20}"}
        plan = ("free", "pro", "team")[number // 20 % 3]
        trend = {"kind": "trend", "filters": [{"property": "plan", "op": "is", "value": plan}]}
        kinds: list[tuple[dict, int | None]] = [
            ({**trend, "series": [{**spec, "measure": "persons"}]}, None),
            ({**trend, "series": [{**spec, "measure": "total"}]}, None),
            ({**trend, "series": [{**spec, "measure": "persons"}, {**other, "measure": "persons"}],
              "formula": "100 * B / A"}, None),
            ({**trend, "series": [{"event": None, "measure": "weekly_active"}]}, None),
            ({"kind": "funnel", "steps": [spec, other]}, None),
            ({"kind": "retention", "target": spec, "returning": spec}, 1),
            ({**trend, "series": [{**spec, "measure": "first_time"}]}, None),
        ]  # fmt: skip
        question, column = kinds[number % len(kinds)]
        found.append(({**question, "interval": _INTERVALS[number // 7 % 3]}, column))
    return found


def make_metrics(product, n: int, now: dt.datetime) -> None:
    """Make the metrics, through the action that pages use."""
    from insights.metrics.actions import create_metric
    from insights.metrics.forming import read_definition
    from portal.people.public import SYSTEM

    for number, (question, column) in enumerate(make_questions(n)):
        definition = read_definition(question, product=product, actor=SYSTEM, now=now, column=column)
        create_metric(definition, product=product, name=f"Metric {number}", actor=SYSTEM)


def _night(now: dt.datetime) -> tuple[float, str, int]:
    """Do the night's step; return seconds, what it said at the end, and how many failed."""
    import time_machine
    from django.core.cache import cache

    from insights.metrics.night import refresh_metrics

    said, problems = [""], []
    night = SimpleNamespace(now=now, progress=lambda done, total, note: said.append(note), problem=problems.append)
    cache.clear()
    started = time.perf_counter()
    with time_machine.travel(now):
        refresh_metrics(night)
    for sentence in problems[:3]:
        print(f"  {sentence}")
    return time.perf_counter() - started, said[-1], len(problems)


def measure(n_rows: int, n_metrics: int, folder) -> bool:
    """Fill, work through three nights and print; say whether the promise was kept."""
    from benchmarks.dashboard_world import store_days
    from tests.factories import make_product, make_source, make_team

    product = make_product("Bench", make_team("Bench"))
    source = make_source(product, "Bench")
    midnight = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    two_in_the_morning = dt.timedelta(hours=2)
    first, second = (midnight - dt.timedelta(days=back) for back in (2, 1))
    store_days(source, folder, n_rows, _DAYS, first, "history")
    make_metrics(product, n_metrics, first)
    took, failed = [], 0
    print(f"{'night':<36}{'seconds':>10}  what it did")
    for name, now in (
        ("all values for the first time", first + two_in_the_morning),
        ("the same night again, nothing new", first + 2 * two_in_the_morning),
        ("one new day", second + two_in_the_morning),
    ):
        if name == "one new day":
            store_days(source, folder, n_rows // _DAYS, 1, second, "new day")
        took_s, said, n_failed = _night(now)
        print(f"{name:<36}{took_s:>10.1f}  {said}", flush=True)
        took.append(took_s)
        failed += n_failed
    print(f"a night with a new day {took[-1]:.0f} s, {1000 * took[-1] / n_metrics:.0f} ms a metric", end="")
    print(f" (promised {NIGHT_PROMISED_S} s for 200 metrics on 10 M events); {failed} failed")
    return took[-1] <= NIGHT_PROMISED_S and not failed


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000, help="events of the first year")
    parser.add_argument("--metrics", type=int, default=200)
    options = parser.parse_args()
    from benchmarks.dashboard_world import own_portal

    with own_portal() as folder:
        return 0 if measure(options.rows, options.metrics, folder) else 1


if __name__ == "__main__":
    sys.exit(main())
