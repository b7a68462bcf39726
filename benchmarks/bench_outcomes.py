"""How often the 95 % intervals of measured effects hold the effect that was planted, in releases that are made.

The first lines are 200 releases of all worlds in turn, measured at 30 and at 90 days, and 200 with adopters: each must
be in 90 to 99 %. Then each world alone. Exit code 1 where one of the first is out of that.
Run: python benchmarks/bench_outcomes.py [releases] [releases of each world]
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from made_releases import WORLDS, make_adopters, make_release  # noqa: E402 - after the path is set

from roadmaps.outcomes.adopters import measure_adopters  # noqa: E402
from roadmaps.outcomes.before_after import measure_before_after  # noqa: E402

LEAST, MOST = 90.0, 99.0


def one_release(task: tuple[str, int, int]) -> tuple[bool, float]:
    """Return whether the interval of a made release holds its effect, and how wide it is as a share of the number."""
    import numpy as np

    world, days, seed = task
    rng = np.random.default_rng([seed, days, sorted(WORLDS).index(world)])
    points, released_on, effect, is_rate = make_release(rng, world, days)
    found = measure_before_after(points, released_on=released_on, days=days, is_rate=is_rate)
    return found.low <= effect <= found.high, (found.high - found.low) / points[0].value


def one_adoption(seed: int) -> tuple[bool, float]:
    """Return whether the interval holds what adopting adds, and how wide it is as a share of what adopters do."""
    import numpy as np

    units, effect = make_adopters(np.random.default_rng([seed, 7]))
    found = measure_adopters(units)
    return found.low <= effect <= found.high, (found.high - found.low) / found.expected


def tell(name: str, found: list[tuple[bool, float]]) -> bool:
    """Print the coverage of some releases; say whether it is where it should be."""
    share = 100 * sum(is_held for is_held, _ in found) / len(found)
    width = sorted(width for _, width in found)[len(found) // 2]
    print(f"{name:38}{len(found):6}{share:10.1f} %{100 * width:10.0f} %", flush=True)
    return LEAST <= share <= MOST


def main(n_releases: int, n_each: int) -> int:
    """Print coverage, all worlds in turn and each alone; return 1 where the former is not as it should be."""
    started, names = time.monotonic(), list(WORLDS)
    print(f"{'':38}{'made':>6}{'covered':>12}{'width':>12}")
    with ProcessPoolExecutor(2) as pool:
        is_good = True
        for days in (30, 90):
            tasks = [(names[seed % len(names)], days, seed) for seed in range(n_releases)]
            is_good &= tell(f"all worlds, {days} days", list(pool.map(one_release, tasks, chunksize=10)))
        is_good &= tell("adopters and their matches", list(pool.map(one_adoption, range(n_releases), chunksize=10)))
        for world in names if n_each else []:
            for days in (30, 90):
                tasks = [(world, days, 10_000 + seed) for seed in range(n_each)]
                tell(f"  {world}, {days} days", list(pool.map(one_release, tasks, chunksize=10)))
    print(f"{time.monotonic() - started:.0f} s")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main(*(int(text) for text in (*sys.argv[1:3], *("200", "100")[len(sys.argv) - 1 :]))))
