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
        self.done: Any = np.zeros((0, n_trials), dtype=np.int64)
        # The most items that so many percent of the trials have done by week 1, 2, …: in ascending order, place k is
        # done by all but the first k. Kept, so that one more initiative costs a look-up and no walk through the trials.
        self._places = [n_trials - _enough(percent, n_trials) for percent in PERCENTS]
        self._most: Any = np.zeros((0, len(PERCENTS)), dtype=np.int64)

    def reach(self, n_weeks: int) -> None:
        """Draw at least so many weeks, at most as many as are looked ahead."""
        np = self._np
        while len(self.done) < min(n_weeks, MOST_WEEKS_AHEAD):
            picked = self._draws.integers(0, len(self._history), size=(self.n_trials, _BLOCK))
            block = np.ascontiguousarray(self._history[picked.T])
            if len(self.done):
                block[0] += self.done[-1]
            for week in range(1, _BLOCK):  # ten times as fast as a cumulative sum of so few wide rows
                block[week] += block[week - 1]
            self.done = np.concatenate([self.done, block])
            self._most = np.concatenate([self._most, np.sort(block, axis=1)[:, self._places]])

    def done_by(self, n_items: int) -> Any:
        """Return how many trials are done with n items by the end of week 1, 2, …, until all are or nobody looks."""
        self.reach(_BLOCK)
        while self.done[-1].min() < n_items and len(self.done) < MOST_WEEKS_AHEAD:
            self.reach(len(self.done) + _BLOCK)
        return (self.done >= n_items).sum(axis=1)  # what a trial has done never falls

    def first_weeks(self, n_items: int) -> dict[int, int | None]:
        """Return the first week that reaches each percent; 0 where nothing is left to do."""
        if n_items <= 0:
            return dict.fromkeys(PERCENTS, 0)
        self.reach(1)
        while self._most[-1].min() < n_items and len(self.done) < MOST_WEEKS_AHEAD:
            self.reach(len(self.done) + 1)
        return {percent: _first(self._most[:, place], n_items) for place, percent in enumerate(PERCENTS)}

    def answer(self, n_items: int, n_weeks: int) -> Answer:
        """Return when n items will be done, and how many in each of the next weeks."""
        done_by = self.done_by(max(n_items, 0))
        certain = int(self._np.searchsorted(done_by, self.n_trials)) + 1
        chances = tuple(round(int(count) / self.n_trials, 6) for count in done_by[:certain])
        self.reach(n_weeks)
        rows = zip(PERCENTS, self._most[:n_weeks].T.tolist(), strict=True)
        done_in = {percent: tuple(row) for percent, row in rows}
        weeks = self.first_weeks(n_items)
        return Answer(n_items, len(self._history), chances if n_items > 0 else (), weeks, done_in)


def _enough(percent: int, n_trials: int) -> int:
    return -(-percent * n_trials // 100)


def _first(most: Any, n_items: int) -> int | None:
    place = int(most.searchsorted(n_items))
    return place + 1 if place < len(most) else None


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
