"""What a series' own past leads one to expect of its next bucket. Pure; knows no Django.

The series is put on a scale on which its noise is even (the square root for counts), split into season, level and rest
by a robust decomposition (STL, for hours MSTL), and the next bucket is expected at the level of the last usable
buckets plus its season. The band is as wide as the series' own errors of just that forecast were, measured robustly:
an outage or a holiday in the past neither moves nor widens it much. See decision 0017.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from insights.alerts.contracts import LEAST_HISTORY, MOST_HISTORY, SEASONS, Band, Point

# Half the width of the bands in robust standard deviations of the one-bucket forecast, by sense: `far` tells at once,
# `off` when the bucket before was off to the same side too; what has been told goes on until it is inside of `back`.
# Measured by benchmarks/bench_alerts.py.
WIDTHS = {"calm": (7.0, 5.0, 2.5), "normal": (5.5, 3.8, 2.0), "keen": (4.2, 3.0, 2.0)}
_WIDER = {"hour": 1.25}  # a day has 24 chances of a false alert by the hour
_LEVEL_OF = 7  # buckets whose median is the level
_FORGET_AFTER = {"hour": 72, "day": 14, "week": 6}  # buckets after which a lasting shift is the new level
_LEAST_FACTOR = 0.15  # of a season of counts, so that nearly empty weekends divide nothing by zero
_POISSON_SCALE = 0.5  # of a count, on the scale of square roots
_LEAST_SHARE = 0.02  # of other numbers: nothing is known more exactly than to 2 % of its level


class Past:
    """A fitted past: season and errors of forecasts; gives the band of the buckets that follow.

    Parameters: points — the past, oldest first, one a bucket without gaps; interval — "hour", "day", "week";
    is_count — values are counts or sums that cannot be negative.
    """

    def __init__(self, points: Sequence[Point], interval: str, *, is_count: bool) -> None:
        import numpy as np

        kept = list(points)[-MOST_HISTORY[interval] :]
        # A series begins with its first number; nothing was counted before the first count.
        while kept and (not kept[0].is_usable or (is_count and not kept[0].value)):
            kept.pop(0)
        self.interval, self.is_count = interval, is_count
        self.n_history = len(kept)
        values = np.array([_number(point) for point in kept], dtype=float)
        self._usable = np.isfinite(values)
        self._is_breach = [point.is_breach for point in kept]
        self._y = _stretch(np.where(self._usable, values, 0.0), is_count)
        self._y[~self._usable] = np.nan
        self.n_usable = int(self._usable.sum())
        if self.is_enough:
            self._fit()

    @property
    def is_enough(self) -> bool:
        """Say whether there is enough of it."""
        return self.n_usable >= LEAST_HISTORY[self.interval]

    def _fit(self) -> None:
        import numpy as np

        cycle = max(SEASONS[self.interval], default=1)
        filled = _fill(self._y, cycle)
        self._season = _season_of(filled, SEASONS[self.interval])
        if self.is_count:  # a weekend is a share of a working day: it shrinks and grows with the level
            usual = max(float(np.median(filled - self._season)), 1e-9)
            self._season = np.maximum(1 + self._season / usual, _LEAST_FACTOR)
        levels = self._without_season(self._y, self._season)[self._usable]
        errors = self._forecast_errors(levels)
        self._drift = float(np.median(errors))
        n_cycles = len(filled) / cycle
        # The season was fitted to these very buckets: their errors are a little too small, the next one's is not.
        inflation = ((1 + 1 / n_cycles) / max(1 - 1 / n_cycles, 0.5)) ** 0.5
        self._scale = max(_robust_scale(errors - self._drift) * inflation, self._floor(levels))

    def _without_season(self, values: Any, season: Any) -> Any:
        return values / season if self.is_count else values - season

    def _with_season(self, level: Any, season: Any) -> Any:
        return level * season if self.is_count else level + season

    def _forecast_errors(self, levels: Any) -> Any:
        """Return by how much each usable bucket missed what the median level of those before it says."""
        import numpy as np

        windows = np.lib.stride_tricks.sliding_window_view(levels[:-1], _LEVEL_OF)
        seasons = self._season[self._usable][_LEVEL_OF:]
        said = self._with_season(np.median(windows, axis=1), seasons)
        return self._y[self._usable][_LEVEL_OF:] - said

    def _floor(self, levels: Any) -> float:
        import numpy as np

        return _POISSON_SCALE if self.is_count else float(abs(np.median(levels))) * _LEAST_SHARE or 1e-9

    def expect(self, later: Sequence[Point], sense: str, n_total: int | None = None) -> tuple[Band, Band, Band]:
        """Return the bands far, off and back (see `WIDTHS`) of the bucket that follows the past and `later`.

        `later` are the buckets between the past and the one that is asked about.
        n_total: of how many the asked rate is a share; few of them say less than the past's many.
        """
        import numpy as np

        place = len(self._y) + len(later)
        middle = self._with_season(float(np.median(self._levels(later))), self._season_at(place)) + self._drift
        scale = self._scale
        if n_total is not None and not self.is_count:
            share = min(max(middle, 0.0), 1.0)
            scale = max(scale, (max(share * (1 - share), 0.01) / max(n_total, 1)) ** 0.5)
        bands = [
            Band(
                _shrink(middle, self.is_count),
                _shrink(middle - width * scale, self.is_count),
                _shrink(middle + width * scale, self.is_count),
            )
            for width in (times * _WIDER.get(self.interval, 1.0) for times in WIDTHS[sense])
        ]
        return bands[0], bands[1], bands[2]

    def _season_at(self, place: int) -> float:
        cycle = max(SEASONS[self.interval], default=0)
        if not cycle:
            return float(self.is_count)
        while place >= len(self._season):
            place -= cycle
        return float(self._season[place])

    def _levels(self, later: Sequence[Point]) -> list[float]:
        """Return what the last usable buckets are without their season.

        Breaches do not count, so that an outage does not become the usual; after two weeks of them it does.
        """
        levels = self._without_season(self._y, self._season)
        known = [(float(levels[place]), self._is_breach[place]) for place in range(len(levels)) if self._usable[place]]
        for number, point in enumerate(later):
            if point.is_usable:
                value = float(_stretch([_number(point)], self.is_count)[0])
                season = self._season_at(len(levels) + number)
                known.append((self._without_season(value, season), point.is_breach))
        usual = _forget([is_breach for _, is_breach in known], _FORGET_AFTER[self.interval])
        return [value for (value, _), is_usual in zip(known, usual, strict=True) if is_usual][-_LEVEL_OF:]


def _forget(breaches: Sequence[bool], n_lasting: int) -> list[bool]:
    """Say which buckets the level follows: those without a breach, and lasting runs of breaches.

    >>> _forget([False, True, False, True, True], 2)
    [True, False, True, True, True]
    """
    found: list[bool] = []
    for is_breach, run in groupby(breaches):
        n_run = len(list(run))
        found += [not is_breach or n_run >= n_lasting] * n_run
    return found


def _number(point: Point) -> float:
    return float("nan") if not point.is_usable or point.value is None else float(point.value)


def _stretch(values: Any, is_count: bool) -> Any:
    """Put counts on a scale on which their noise does not grow with them (Anscombe 1948): sqrt(x + 3/8)."""
    import numpy as np

    numbers = np.array(values, dtype=float)
    return np.sqrt(np.maximum(numbers, 0.0) + 0.375) if is_count else numbers


def _shrink(value: float, is_count: bool) -> float:
    """Undo `_stretch` for one number."""
    return max(max(value, 0.0) ** 2 - 0.375, 0.0) if is_count else value


def _fill(values: Any, cycle: int) -> Any:
    """Return values with gaps filled from the same place of the cycles around, for the decomposition alone."""
    import numpy as np

    filled = values.copy()
    n = len(filled)
    for place in np.flatnonzero(np.isnan(values)):
        around = [place + step * cycle for step in (-3, -2, -1, 1, 2, 3)]
        known = [values[other] for other in around if 0 <= other < n and not np.isnan(values[other])]
        filled[place] = np.median(known) if known else np.nanmedian(values)
    return filled


def _season_of(values: Any, cycles: tuple[int, ...]) -> Any:
    """Return the season of each bucket by a robust decomposition; zeros where there is none."""
    import numpy as np

    if not cycles:
        return np.zeros(len(values))
    from statsmodels.tsa.seasonal import MSTL, STL  # 2 s to import: only where a worker needs it

    options = {"robust": True, "seasonal_deg": 0}
    if len(cycles) == 1:
        fit = STL(values, period=cycles[0], seasonal=35, trend_jump=3, low_pass_jump=3, **options).fit(
            inner_iter=1, outer_iter=6
        )
        return np.asarray(fit.seasonal)
    quick = {**options, "trend_jump": 24, "low_pass_jump": 12, "inner_iter": 1, "outer_iter": 4}
    fit = MSTL(values, periods=cycles, windows=(35, 35), stl_kwargs=quick).fit()
    return np.asarray(fit.seasonal).sum(axis=1)


def _robust_scale(errors: Any) -> float:
    """Return the standard deviation of errors by Qn, which a quarter of outliers hardly moves.

    Source: Rousseeuw and Croux (1993), J. Am. Stat. Assoc. 88, 1273-1283; statsmodels.
    """
    from statsmodels.robust.scale import qn_scale

    return float(qn_scale(errors))
