"""SUS and its interval: by hand, and against scipy."""

from statistics import fmean, stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from roadmaps.planning.prototypes.contracts import SUS_STATEMENTS, mean_sus, sus_of, t_quantile


def test_sus_by_hand():
    # Odd: 4+3+4+2+3 - 5 = 11; even: 25 - (2+1+3+2+1) = 16; 27 · 2.5.
    assert sus_of([4, 2, 3, 1, 4, 3, 2, 2, 3, 1]) == 67.5
    assert len(SUS_STATEMENTS) == 10
    for wrong in ([3] * 9, [0] + [3] * 9, []):
        with pytest.raises(ValueError):
            sus_of(wrong)


def test_quantiles_are_those_of_scipy():
    for df in range(1, 400):
        assert t_quantile(df) == pytest.approx(stats.t.ppf(0.975, df), abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 40).map(lambda one: 2.5 * one), min_size=5, max_size=40))
def test_the_interval_is_that_of_scipy(scores):
    found = mean_sus(scores)
    if stdev(scores) == 0:
        assert found.low == found.high == found.mean
        return
    low, high = stats.t.interval(0.95, len(scores) - 1, fmean(scores), stats.sem(scores))
    assert (found.low, found.high) == (pytest.approx(max(0, low), abs=0.01), pytest.approx(min(100, high), abs=0.01))


def test_of_fewer_than_five_nothing_is_said():
    assert mean_sus([80.0] * 4).mean is None and mean_sus([80.0] * 4).n == 4
