"""When work will be done, from how much was done a week before: a Monte Carlo simulation. Pure.

Each of 10,000 seeded trials draws weeks of the history with replacement, one after the other, and adds up what was done
in them. The draws come in blocks of a fixed size, so that one history and one seed give the same weeks whatever is
asked of them: all initiatives of a product are answered from the same trials, and each gets what it would get alone.
Definition: percentiles are the first week whose chance reaches them; items in w weeks are the most that so many of the
trials have done by then.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from roadmaps.delivery.forecasts.contracts import PERCENTS, Answer, Coverage

N_TRIALS = 10_000
FEWEST_WEEKS = 10
MOST_WEEKS_OF_HISTORY = 520
MOST_WEEKS_AHEAD = 520
MOST_ITEMS = 1_000_000
_BLOCK = 26  # weeks drawn at once
_WEEK = timedelta(days=7)
TOO_FEW = f"A forecast needs {FEWEST_WEEKS} whole weeks of history."
NO_WORK = "Nothing was finished in the weeks of the history, so nothing can be said of when more will be."


def why_no_forecast(history: Sequence[int]) -> str:
    """Return why a history of weekly throughput tells nothing, or "".

    >>> why_no_forecast([1] * 9), why_no_forecast([0] * 10)[:11], why_no_forecast([0] * 9 + [1])
    ('A forecast needs 10 whole weeks of history.', 'Nothing was', '')
    """
    if len(history) < FEWEST_WEEKS:
        return TOO_FEW
    return "" if any(history) else NO_WORK


class Trials:
    """The trials of one history: how many items each has done by the end of each week; made as far as is asked."""

    def __init__(self, history: Sequence[int], seed: int, n_trials: int = N_TRIALS):
        import numpy as np  # heavy, and only workers and two pages need it

        if why := why_no_forecast(history):
            raise ValueError(why)
        self._np, self.n_trials = np, n_trials
        self._history = np.asarray(history, dtype=np.int64)
        self._draws = np.random.default_rng(seed)
        self.done: Any = np.zeros((n_trials, 0), dtype=np.int64)

    def reach(self, n_weeks: int) -> None:
        """Draw at least so many weeks, at most as many as are looked ahead."""
        np = self._np
        while self.done.shape[1] < min(n_weeks, MOST_WEEKS_AHEAD):
            picked = self._draws.integers(0, len(self._history), size=(self.n_trials, _BLOCK))
            block = np.cumsum(self._history[picked], axis=1)
            if self.done.shape[1]:
                block += self.done[:, -1:]
            self.done = np.concatenate([self.done, block], axis=1)

    def reach_items(self, n_items: int) -> None:
        """Draw weeks until every trial has done so many items, or nobody looks further."""
        self.reach(_BLOCK)
        while self.done[:, -1].min() < n_items and self.done.shape[1] < MOST_WEEKS_AHEAD:
            self.reach(self.done.shape[1] + _BLOCK)

    def weeks_of(self, n_items: int) -> Any:
        """Return how many trials are done with n items in week 1, 2, … and, last, how many are not at all."""
        np = self._np
        self.reach_items(n_items)
        weeks = (self.done < n_items).sum(axis=1)  # a trial's number of weeks without them, as what is done never falls
        return np.bincount(weeks, minlength=self.done.shape[1] + 1)

    def first_weeks(self, n_items: int) -> dict[int, int | None]:
        """Return the first week that reaches each percent; 0 where nothing is left to do."""
        if n_items <= 0:
            return dict.fromkeys(PERCENTS, 0)
        done_by = self._np.cumsum(self.weeks_of(n_items)[:-1])
        return {percent: _first(done_by, percent, self.n_trials) for percent in PERCENTS}

    def answer(self, n_items: int, n_weeks: int) -> Answer:
        """Return when n items will be done, and how many in each of the next weeks."""
        done_by = self._np.cumsum(self.weeks_of(max(n_items, 0))[:-1])
        certain = int(self._np.searchsorted(done_by, self.n_trials)) + 1
        chances = tuple(round(int(count) / self.n_trials, 6) for count in done_by[:certain])
        self.reach(n_weeks)
        done_in = {percent: self._most_by(percent, n_weeks) for percent in PERCENTS}
        weeks = self.first_weeks(n_items)
        return Answer(n_items, len(self._history), chances if n_items > 0 else (), weeks, done_in)

    def _most_by(self, percent: int, n_weeks: int) -> tuple[int, ...]:
        """Return the most items that at least so many percent of the trials have done by week 1, 2, …"""
        ordered = self._np.sort(self.done[:, :n_weeks], axis=0)  # ascending: place k is done by all but the first k
        place = self.n_trials - _enough(percent, self.n_trials)
        return tuple(int(one) for one in ordered[place])


def _enough(percent: int, n_trials: int) -> int:
    return -(-percent * n_trials // 100)


def _first(done_by: Any, percent: int, n_trials: int) -> int | None:
    place = int(done_by.searchsorted(_enough(percent, n_trials)))
    return place + 1 if place < len(done_by) else None


def preview(history: Sequence[int], n_items: int, seed: int, n_weeks: int = 12) -> Answer:
    """Return a forecast of raw weeks, or why there is none."""
    if why := why_no_forecast(history):
        return Answer(n_items, len(history), why_none=why)
    return Trials(history, seed).answer(n_items, n_weeks)


def first_week(today: date) -> date:
    """Return the first day of the first week that a forecast draws: the next that begins, today's if it begins today.

    What is left of a week that runs is not counted on: items done in it until now are done already.
    >>> str(first_week(date(2026, 11, 22))), str(first_week(date(2026, 11, 23)))
    ('2026-11-23', '2026-11-23')
    """
    return today + timedelta(days=-today.weekday() % 7)


def last_day_of(week: int | None, today: date) -> date | None:
    """Return the last day of the n-th week that a forecast draws; today where nothing is left, None for no week.

    >>> str(last_day_of(1, date(2026, 11, 23))), last_day_of(None, date(2026, 11, 23))
    ('2026-11-29', None)
    """
    if week is None:
        return None
    return first_week(today) + week * _WEEK - timedelta(days=1) if week else today


def backtest(weeks: Sequence[int], n_items: int, seed: int, *, n_history: int | None = None) -> Coverage:
    """Return how good forecasts of the next n items would have been, one made before each week of the second half.

    Each knows the weeks before it alone, all of them or the last `n_history`. Weeks from which n items were not done to
    the end are left out: when they would have been is not known.
    """
    hits, n_judged = dict.fromkeys(PERCENTS, 0), 0
    for start in range(-(-len(weeks) // 2), len(weeks)):
        actual = _weeks_until(weeks[start:], n_items)
        history = weeks[max(0, start - n_history) if n_history else 0 : start]
        if actual is None or why_no_forecast(history):
            continue
        expected = Trials(history, seed + start).first_weeks(n_items)
        n_judged += 1
        for percent, week in expected.items():
            hits[percent] += week is None or actual <= week
    return Coverage(n_judged, hits)


def _weeks_until(weeks: Iterable[int], n_items: int) -> int | None:
    done = 0
    for place, count in enumerate(weeks, 1):
        done += count
        if done >= n_items:
            return place
    return None
