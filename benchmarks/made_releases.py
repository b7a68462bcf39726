"""Made releases with known effects: numbers with trend, season and memory, and units of which only some adopt."""

from datetime import date, timedelta
from typing import Any

from roadmaps.outcomes.contracts import Observed, Unit

FIRST = date(2022, 1, 3)
LIFTS = (0.0, 0.05, 0.15)  # of the mean before
AFTER = {30: 4, 90: 12}  # whole weeks


def remember(rng: Any, n: int, memory: float, size: float) -> Any:
    """Return a stationary series in which each value remembers the one before."""
    import numpy as np

    steps = rng.normal(0, 1, n)
    for place in range(1, n):
        steps[place] = memory * steps[place - 1] + np.sqrt(1 - memory**2) * steps[place]
    return size * steps


def _line(rng: Any, n: int) -> Any:
    return 1000 + rng.uniform(-3, 5) * _at(n) + rng.normal(0, 60, n)


def _some_memory(rng: Any, n: int) -> Any:
    return 1000 - 2 * _at(n) + remember(rng, n, 0.5, 60)


def _much_memory(rng: Any, n: int) -> Any:
    return 1000 + remember(rng, n, 0.8, 60)


def _wandering(rng: Any, n: int) -> Any:
    return 2000 + rng.normal(0, 15, n).cumsum() + rng.normal(0, 40, n)


def _growing(rng: Any, n: int) -> Any:
    import numpy as np

    return rng.poisson(200 * np.exp(0.012 * _at(n) + remember(rng, n, 0.5, 0.04)))


def _small(rng: Any, n: int) -> Any:
    return rng.poisson(12, n)


def _rate(rng: Any, n: int) -> Any:
    import numpy as np

    n_total = rng.integers(80, 160, n)
    return rng.binomial(n_total, np.clip(0.3 + remember(rng, n, 0.6, 0.02), 0, 1)) / n_total


def _season(rng: Any, n: int) -> Any:
    import numpy as np

    wave = 150 * np.sin(2 * np.pi * _at(n) / 52.18 + rng.uniform(0, 6))
    return 1000 + wave + 2 * _at(n) + remember(rng, n, 0.4, 40)


def _at(n: int) -> Any:
    import numpy as np

    return np.arange(n, dtype=float)


# By name: what makes the values, how many weeks lie before the release, whether it is a rate.
WORLDS: dict[str, tuple[Any, tuple[int, ...], bool]] = {
    "trend and noise": (_line, (30, 56, 130), False),
    "some memory": (_some_memory, (30, 56, 130), False),
    "much memory": (_much_memory, (30, 56, 130), False),
    "wandering": (_wandering, (30, 56, 130), False),
    "growing counts": (_growing, (30, 56, 130), False),
    "small counts": (_small, (30, 56, 130), False),
    "a rate": (_rate, (30, 56, 130), True),
    "season of the year": (_season, (110, 150), False),
}


def make_release(rng: Any, world: str, days: int) -> tuple[list[Observed], date, float, bool]:
    """Return a number by week, the day of its release, the true mean effect in the weeks after, and if it is a rate.

    The effect comes at once, or grows over the weeks.
    """
    import numpy as np

    make, lengths, is_rate = WORLDS[world]
    n_before, n_after = int(rng.choice(lengths)), AFTER[days]
    values = make(rng, n_before + n_after).astype(float)
    lift = rng.choice(LIFTS) * values[:n_before].mean()
    ramp = np.ones(n_after) if rng.random() < 0.5 else np.linspace(2 / (n_after + 1), 2, n_after)
    shape = lift * ramp * n_after / ramp.sum()
    values[n_before:] += shape
    points = [
        Observed(FIRST + timedelta(weeks=place), FIRST + timedelta(weeks=place, days=6), float(value))
        for place, value in enumerate(values)
    ]
    return points, points[n_before].starts_on, float(shape.mean()), is_rate


def make_adopters(rng: Any) -> tuple[list[Unit], float]:
    """Return people of whom the busier ones adopt more often, and what adopting adds to one's count.

    Nobody sees how lively somebody really is: only counts of the weeks before, of which those for matching are others
    than those compared. Everybody's habits drift alike meanwhile, by a share.
    """
    import numpy as np

    n = int(rng.choice((300, 1000, 4000)))
    weeks, lift = 4, float(rng.choice((0.0, 0.3, 0.8)))
    lively = rng.gamma(1.5, rng.uniform(1, 3), n)
    earlier, before = rng.poisson(weeks * lively), rng.poisson(weeks * lively)
    busy = earlier + rng.poisson(3 * weeks * lively)
    is_there = (rng.random(n) < 1 - np.exp(-2 * lively)) & (busy > 0)
    leaning = rng.uniform(0, 1) * np.log(lively / lively.mean()) - 1
    adopts = rng.random(n) < 1 / (1 + np.exp(-leaning))
    after = rng.poisson(weeks * np.clip(lively * rng.uniform(0.85, 1.15) + lift * adopts, 0, None))
    units = [
        Unit(no, bool(adopts[no]), *(float(one[no]) for one in (earlier, busy, before, after)))
        for no in range(n)
        if is_there[no]
    ]
    return units, weeks * lift
