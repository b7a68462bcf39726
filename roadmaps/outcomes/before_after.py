"""What a number would have been without a release, from its own past: trend, season and memory taken out. Pure.

The past is a line with the season of the year (two pairs of waves, where two whole years are there), plus what
wanders: a Gaussian process of memory rho and share kappa, plus noise. How much memory there is nobody knows, so all
pairs of a grid count, each as likely as the past makes it (the restricted likelihood, Harville 1974); numbers that
are always above 0 also count as growing by shares (Box & Cox 1964). What would have been is drawn from all of these
together, period by period (Rasmussen & Williams 2006, ch. 2; multivariate t, for the noise is not known either), and
the effect is what was minus what was drawn. So nothing is assumed of how an effect comes and goes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from roadmaps.outcomes.contracts import Effect, Expected, Observed

if TYPE_CHECKING:
    import numpy as np

FEWEST_BEFORE = 12
MOST_BEFORE = 160
N_DRAWS = 4_000
YEAR_DAYS = 365.25
_WEEK = 7
_MOST_SHOWN = 40  # periods before the release that a chart shows
_MEMORIES = (0.3, 0.6, 0.8, 0.9, 0.95, 0.98, 0.995, 0.999)
_SHARES = (0.25, 0.5, 0.75, 0.9, 0.97, 1.0)
_LONG, _FAVOUR = 0.95, 4.0  # numbers of products wander: long memories count so many times as much
_LEAST_WEIGHT = 1e-3
_EDGES = (0.025, 0.5, 0.975)


@dataclass(frozen=True)
class _Fit:
    """One guess of how the past came about, and what would have followed: a multivariate t."""

    weight: float
    is_log: bool
    mean: Any
    root: Any
    freedom: int


def measure_before_after(
    points: Sequence[Observed],
    *,
    released_on: date,
    days: int,
    least: float = 0.0,
    is_rate: bool = False,
    seed: int = 1,
) -> Effect:
    """Return the effect of a release on a number, in the periods that lie wholly in so many days from its day on.

    Parameters: points — whole periods, oldest first, one missing where it has no value; the period in which the release
    lies counts for neither side. least — the small end of the bet, signed. Days count as whole weeks from the release.
    Returns: the mean effect of these periods with its 95 % interval and the path; or why there is none.
    """
    if points and points[0].starts_on == points[0].ends_on:
        points = weeks_around(points, released_on)
    last = released_on + timedelta(days=days - 1)
    before = [one for one in points if one.ends_on < released_on][-MOST_BEFORE:]
    after = [one for one in points if one.starts_on >= released_on and one.ends_on <= last]
    noun = _noun(points)
    if not after:
        return Effect(why_none=f"No whole {noun} of this metric lies in the {days} days after the release.")
    if len(before) < max(FEWEST_BEFORE, len(after)):
        need = max(FEWEST_BEFORE, len(after))
        return Effect(why_none=f"That needs {need} {noun}s before the release; it has {len(before)}.")
    if len({one.value for one in before}) == 1:
        return Effect(
            why_none=f"It never changed in the {len(before)} {noun}s before: nothing says how much it varies."
        )
    return _measure(before, after, least=least, is_rate=is_rate, seed=seed, noun=noun)


def weeks_around(points: Sequence[Observed], released_on: date) -> list[Observed]:
    """Return days as means of whole weeks counted from the release, so that each holds every day of the week once."""
    known = {one.starts_on: one.value for one in points}
    if not known:
        return []
    first, last = min(known), max(known)
    start = released_on - timedelta(days=_WEEK * ((released_on - first).days // _WEEK))
    found = []
    while start + timedelta(days=_WEEK - 1) <= last:
        values = [known[day] for step in range(_WEEK) if (day := start + timedelta(days=step)) in known]
        if len(values) == _WEEK:
            found.append(Observed(start, start + timedelta(days=_WEEK - 1), sum(values) / _WEEK))
        start += timedelta(days=_WEEK)
    return found


def _noun(points: Sequence[Observed]) -> str:
    length = (points[-1].ends_on - points[-1].starts_on).days + 1 if points else 1
    return next(
        noun
        for most, noun in ((1, "day"), (7, "week"), (31, "month"), (92, "quarter"), (999, "year"))
        if length <= most
    )


def _measure(
    before: Sequence[Observed], after: Sequence[Observed], *, least: float, is_rate: bool, seed: int, noun: str
) -> Effect:
    import numpy as np

    actual = np.array([one.value for one in after])
    draws = _draw(before, after, is_rate=is_rate, seed=seed)
    edges = np.quantile(draws, _EDGES, axis=0)
    means = draws.mean(axis=1)
    effects = actual.mean() - means
    low, middle, high = (float(one) for one in np.quantile(effects, _EDGES))
    reaches = float((effects >= least).mean() if least >= 0 else (effects <= least).mean())
    past = [Expected(one.starts_on, one.value) for one in before[-_MOST_SHOWN:]]
    ahead = [
        Expected(one.starts_on, one.value, float(edges[1, place]), float(edges[0, place]), float(edges[2, place]))
        for place, one in enumerate(after)
    ]
    facts: dict[str, float | int | str] = {
        "n_before": len(before),
        "n_after": len(after),
        "noun": noun,
        "first_before": before[0].starts_on.isoformat(),
        "first_after": after[0].starts_on.isoformat(),
        "last_after": after[-1].ends_on.isoformat(),
        "has_season": int(knows_season(before)),
    }
    expected = float(actual.mean()) - middle
    return Effect(middle, low, high, float(actual.mean()), expected, reaches, path=(*past, *ahead), facts=facts)


def knows_season(before: Sequence[Observed]) -> bool:
    """Say whether two whole years lie before a release, so that the season of the year can be told from a trend."""
    return (before[-1].ends_on - before[0].starts_on).days >= 2 * 364 and len(before) >= 24


def _draw(before: Sequence[Observed], after: Sequence[Observed], *, is_rate: bool, seed: int) -> "np.ndarray":
    """Return draws of what would have been: one row a draw, one column a period after the release."""
    import numpy as np

    values = np.array([one.value for one in before])
    days = np.array([one.starts_on.toordinal() for one in (*before, *after)], float)
    step = max(1.0, float(np.median(np.diff(days))))
    places = np.round((days - days[0]) / step)
    columns = [np.ones(len(days)), (places - places[: len(before)].mean()) / max(1.0, places[-1])]
    if knows_season(before):
        for pair in (1, 2):
            angle = 2 * math.pi * pair * days / YEAR_DAYS
            columns += [np.sin(angle), np.cos(angle)]
    design = np.column_stack(columns)
    fits = _fit_all(values, design, places, can_grow=not is_rate and bool(values.min() > 0))
    top = max(fit.weight for fit in fits)
    fits = [fit for fit in fits if fit.weight - top > math.log(_LEAST_WEIGHT)]
    weights = np.exp([fit.weight - top for fit in fits])
    random = np.random.default_rng(seed)
    shares = random.multinomial(N_DRAWS, weights / weights.sum())
    draws = np.vstack([_draw_one(fit, int(n), random) for fit, n in zip(fits, shares, strict=True) if n])
    floor, ceiling = (0.0 if values.min() >= 0 else -math.inf), (1.0 if is_rate else math.inf)
    return np.clip(draws, floor, ceiling)


def _draw_one(fit: _Fit, n: int, random: Any) -> "np.ndarray":
    import numpy as np

    normal = random.standard_normal((n, len(fit.mean))) @ fit.root.T
    scale = np.sqrt(fit.freedom / random.chisquare(fit.freedom, n))[:, None]
    drawn = fit.mean + normal * scale
    return np.exp(np.minimum(drawn, 700.0)) if fit.is_log else drawn


def _fit_all(values: "np.ndarray", design: "np.ndarray", places: "np.ndarray", *, can_grow: bool) -> list[_Fit]:
    """Return a fit for each guess of memory and share, weighted by how likely the past is under it (as a logarithm)."""
    import numpy as np

    n = len(values)
    # Divided by the geometric mean, both scales' likelihoods compare without a Jacobian (Box & Cox 1964).
    size = float(np.exp(np.log(values).mean())) if values.min() > 0 else float(np.abs(values).mean()) or 1.0
    series = [values / size, *([np.log(values / size)] if can_grow else [])]
    apart = np.abs(places[:, None] - places[None, :])
    found = []
    for memory, share in [(0.0, 0.0), *((memory, share) for memory in _MEMORIES for share in _SHARES)]:
        alike = share * memory**apart if share else np.zeros_like(apart)
        alike[np.diag_indices_from(alike)] += 1 - share
        favour = math.log(_FAVOUR) if memory >= _LONG else 0.0
        for is_log, fit in zip((False, True), _fit(series, design, alike, n), strict=False):
            if fit is not None:
                weight, mean, root, freedom = fit
                mean, root = (mean + math.log(size), root) if is_log else (mean * size, root * size)
                found.append(_Fit(weight + favour, is_log, mean, root, freedom))
    return found


def _fit(
    series: Sequence["np.ndarray"], design: "np.ndarray", alike: "np.ndarray", n: int
) -> list[tuple[float, Any, Any, int] | None]:
    """Return, of each scale, the likelihood of the past, and mean and root of covariance of what follows it."""
    import numpy as np

    root = np.linalg.cholesky(alike[:n, :n] + 1e-9 * np.eye(n))
    n_columns = design.shape[1]
    flat = np.linalg.solve(root, np.column_stack([design[:n], alike[:n, n:], *series]))
    past, bridge, flat_series = flat[:, :n_columns], flat[:, n_columns : -len(series)], flat[:, -len(series) :]
    inner = past.T @ past
    inverse = np.linalg.inv(inner)
    off = design[n:] - bridge.T @ past
    spread = alike[n:, n:] - bridge.T @ bridge + off @ inverse @ off.T
    spread_root = np.linalg.cholesky((spread + spread.T) / 2 + 1e-12 * np.trace(spread) * np.eye(len(spread)))
    known = -np.log(np.diag(root)).sum() - 0.5 * np.linalg.slogdet(inner)[1]
    freedom = n - n_columns
    found: list[tuple[float, Any, Any, int] | None] = []
    for one in flat_series.T:
        slopes = inverse @ (past.T @ one)
        left = one - past @ slopes
        squares = float(left @ left)
        if squares <= 0:
            found.append(None)
            continue
        likely = float(known - 0.5 * freedom * math.log(squares))
        scale = math.sqrt(squares / freedom)
        found.append((likely, design[n:] @ slopes + bridge.T @ left, spread_root * scale, freedom))
    return found
