"""Made series of daily and hourly counts in which nothing happens, and the same with something planted."""

from dataclasses import dataclass, replace
from typing import Any

PLANTS = {
    "drop of 30 %": ("day", 0.7),
    "drop of 50 %": ("day", 0.5),
    "drop of 80 %": ("day", 0.2),
    "spike of +50 %": ("day", 1.5),
    "spike of +100 %": ("day", 2.0),
    "spike of +200 %": ("day", 3.0),
    "lasting -20 %": ("level", 0.8),
    "lasting -30 %": ("level", 0.7),
    "lasting -50 %": ("level", 0.5),
    "lasting +30 %": ("level", 1.3),
    "lasting +50 %": ("level", 1.5),
    "lasting +100 %": ("level", 2.0),
}
N_TESTED = 7


@dataclass(frozen=True)
class Nature:
    """What a made series is like: all drawn at random by `draw_nature`.

    level: mean of a day. weekday: seven factors. growth: share a day. size: of the negative binomial, None is Poisson
    (variance = m + m² / size). memory, sway: of a log-normal autoregression from day to day. n_days: history before the
    tested week.
    """

    level: float
    weekday: tuple[float, ...]
    growth: float
    size: float | None
    memory: float
    sway: float
    n_days: int


def draw_nature(rng: Any, level: float | None = None) -> Nature:
    """Draw what a series is like, from a tile that counts one event a day to one that counts thousands."""
    weekend = rng.choice([1.0, 0.7, 0.35, 0.1])
    weekday = [*rng.uniform(0.85, 1.15, 5), *(weekend * rng.uniform(0.85, 1.15, 2))]
    return Nature(
        level=float(level if level is not None else 10 ** rng.uniform(-0.3, 3.7)),
        weekday=tuple(float(share) for share in weekday),
        growth=float(rng.uniform(-0.004, 0.006)),
        size=[None, 200.0, 40.0, 10.0][int(rng.integers(4))],
        memory=float(rng.uniform(0, 0.7)),
        sway=float(rng.uniform(0, 0.12)),
        n_days=int(rng.integers(35, 140)),
    )


def make_series(nature: Nature, rng: Any, factors: list[float] | None = None) -> tuple[Any, Any]:
    """Return a series of counts, history and the tested week, and which of its days are marked as days off.

    Holidays cut a day to between 10 and 60 %: one in about seven weeks. In the history nobody marked them; in the
    tested week they are in the list of days off.
    factors: multiply the tested days' means.
    """
    import numpy as np

    n = nature.n_days + N_TESTED
    days = np.arange(n)
    mean = nature.level * np.array(nature.weekday)[days % 7] * (1 + nature.growth) ** (days - nature.n_days)
    mean = mean * np.exp(_drift(rng, n, nature.memory, nature.sway))
    is_holiday = rng.random(n) < 0.02
    mean = np.where(is_holiday, mean * rng.uniform(0.1, 0.6, n), mean)
    if factors:
        mean[-N_TESTED:] *= factors
    if nature.size is not None:
        mean = mean * rng.gamma(nature.size, 1 / nature.size, n)
    return rng.poisson(mean).astype(float), is_holiday & (days >= nature.n_days)


def make_hours(nature: Nature, rng: Any) -> tuple[Any, Any]:
    """Return a series of hourly counts, history and the tested week, and which of its hours lie on a day off.

    The nature's level is that of an hour: days as in `make_series`, hours by a curve with a night of its own depth, at
    weekends later and flatter; memory and sway go from hour to hour, and half as much again from day to day.
    """
    import numpy as np

    n_days = min(max(nature.n_days, 22), 49) + N_TESTED
    hours, days = np.arange(n_days * 24), np.arange(n_days).repeat(24)
    is_weekend = days % 7 >= 5
    shift = rng.uniform(-3, 3) + np.where(is_weekend, rng.uniform(0, 3), 0.0)
    night = rng.uniform(0.02, 0.7)
    curve = ((1 + np.cos(2 * np.pi * ((hours % 24) - 14 - shift) / 24)) / 2) ** rng.uniform(0.7, 2)
    curve = night + (1 - night) * curve
    mean = nature.level * curve * np.array(nature.weekday)[days % 7] * (1 + nature.growth) ** (days - n_days)
    mean = mean * np.exp(_drift(rng, n_days * 24, nature.memory, nature.sway))
    mean = mean * np.exp(_drift(rng, n_days, nature.memory, nature.sway / 2)).repeat(24)
    is_holiday = (rng.random(n_days) < 0.02).repeat(24)
    mean = np.where(is_holiday, mean * rng.uniform(0.1, 0.6, n_days).repeat(24), mean)
    if nature.size is not None:
        mean = mean * rng.gamma(nature.size, 1 / nature.size, n_days * 24)
    return rng.poisson(mean).astype(float), is_holiday & (days >= n_days - N_TESTED)


def _drift(rng: Any, n: int, memory: float, sway: float) -> Any:
    """Return a log-normal autoregression's logarithms."""
    import numpy as np

    steps = rng.normal(0, sway * (1 - memory**2) ** 0.5, n - 1)
    drift = np.zeros(n)
    for place in range(1, n):
        drift[place] = memory * drift[place - 1] + steps[place - 1]
    return drift


def plant(kind: str, share: float) -> list[float]:
    """Return the factors of a tested week in which something happens on its second day."""
    return [1.0, share, *([share] * 5 if kind == "level" else [1.0] * 5)]


def steady(nature: Nature, level: float) -> Nature:
    """Return a nature as most counts of people have it: little more noise than chance alone."""
    return replace(nature, level=level, size=None, sway=0.03, weekday=_working(nature))


def noisy(nature: Nature, level: float) -> Nature:
    """Return a nature whose days differ by a third for no reason."""
    return replace(nature, level=level, size=10.0, sway=0.1, weekday=_working(nature))


def _working(nature: Nature) -> tuple[float, ...]:
    """Return weekdays with a weekend of half the size, so that a level means the same in every series."""
    return (*nature.weekday[:5], 0.5, 0.5)
