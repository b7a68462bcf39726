"""How often "unlike its own past" alerts falsely, and how much of what is planted it finds, and when.

Null: dashboard-weeks of 12 tiles x 7 days on series in which nothing happens: Poisson and negative binomial counts from
one to thousands a day, weekdays, growth, memory from day to day, holidays; and dashboard-weeks of hours, with days and
nights, from one in five hours to hundreds an hour. Planted: a drop, a spike or a lasting shift begins on the second day
of the tested week; the delay counts days from there, 0 is the same day.
Run: python benchmarks/bench_alerts.py [dashboard-weeks] [planted series of each kind and level] [those of hours]
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from made_series import N_TESTED, PLANTS, draw_nature, make_hours, make_series, noisy, plant, steady  # noqa: E402 - after the path is set

from insights.alerts.contracts import Condition, Point  # noqa: E402
from insights.alerts.detection import judge_series  # noqa: E402

TILES = 12
COLUMNS = {
    "10 a day": (steady, 10),
    "100 a day": (steady, 100),
    "1000 a day": (steady, 1000),
    "1000, noisy": (noisy, 1000),
}


def judge(nature, rng, factors=None, sense="normal"):
    """Return the verdicts of a made series' tested week."""
    values, is_off = make_series(nature, rng, factors)
    points = [Point(str(place), value, is_off=bool(is_off[place])) for place, value in enumerate(values)]
    return judge_series(points, Condition("unlike", sense=sense), "day", first=nature.n_days)


def null_week(seed: int) -> int:
    """Return how many alerts a dashboard of 12 tiles raises in a week in which nothing happens."""
    import numpy as np

    rng = np.random.default_rng([seed, 1])
    return sum(len(judge(draw_nature(rng), rng).occurrences) for _ in range(TILES))


def null_week_of_hours(seed: int) -> int:
    """Return how many alerts a dashboard of 12 tiles by the hour raises in a week in which nothing happens."""
    import numpy as np

    rng, n_false = np.random.default_rng([seed, 3]), 0
    for _ in range(TILES):
        values, is_off = make_hours(draw_nature(rng, 10 ** rng.uniform(-0.7, 2.7)), rng)
        points = [Point(str(place), value, is_off=bool(is_off[place])) for place, value in enumerate(values)]
        found = judge_series(points, Condition("unlike"), "hour", first=len(points) - N_TESTED * 24)
        n_false += len(found.occurrences)
    return n_false


def planted(task: tuple[str, str, int]) -> tuple[bool, int]:
    """Return whether a planted change was found, and after how many days."""
    import numpy as np

    name, column, seed = task
    make, level = COLUMNS[column]
    rng = np.random.default_rng([seed, level, 2])
    kind, share = PLANTS[name]
    found = judge(make(draw_nature(rng), level), rng, plant(kind, share))
    side = "down" if share < 1 else "up"
    days = [place - 1 for place, one in enumerate(found.verdicts) if one.is_breach and one.side == side and place >= 1]
    in_time = [day for day in days if kind == "level" or day == 0]
    return bool(in_time), min(in_time, default=-1)


def tell_false(name: str, false: list[int], n_buckets: int) -> None:
    """Print how many false alerts there were."""
    n, share = len(false), 100 * sum(false) / len(false)
    print(f"null, {name}: {n} dashboard-weeks, {n * TILES * n_buckets:,} buckets judged")
    print(f"  false alerts: {sum(false)} = {share:.2f} in 100 dashboard-weeks (at most 1)", flush=True)


def main(n_weeks: int, n_planted: int, n_weeks_of_hours: int) -> None:
    """Print false alerts in 100 dashboard-weeks, then what was found of each kind of change."""
    started = time.monotonic()
    with ProcessPoolExecutor(2) as pool:
        if n_weeks:
            tell_false("days", list(pool.map(null_week, range(n_weeks), chunksize=10)), 7)
        if n_weeks_of_hours:
            tell_false("hours", list(pool.map(null_week_of_hours, range(n_weeks_of_hours), chunksize=2)), 168)
        if not n_planted:
            return
        print(f"\nplanted, {n_planted} series each: found, and mean delay in days")
        print(f"{'':16}" + "".join(f"{column:>16}" for column in COLUMNS))
        for name in PLANTS:
            cells = []
            for column in COLUMNS:
                answers = list(pool.map(planted, [(name, column, seed) for seed in range(n_planted)], chunksize=10))
                delays = [delay for is_found, delay in answers if is_found]
                mean = f", {sum(delays) / len(delays):.1f} d" if delays else ""
                cells.append(f"{100 * len(delays) / n_planted:.0f} %{mean}")
            print(f"{name:16}" + "".join(f"{cell:>16}" for cell in cells))
    print(f"\n{time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main(*(int(text) for text in (*sys.argv[1:4], *("1000", "100", "300")[len(sys.argv) - 1 :])))
