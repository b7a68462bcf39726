"""Forecasts and how usual a move is: worked by hand, and held against simulated numbers whose end is known."""

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadmaps.goals.contracts import Measured, is_reached, progress_of
from roadmaps.goals.forecasting import Z_OF_80, by_week, forecast, past_moves, periods_between, theta

MONDAY = dt.date(2024, 1, 7)


def weekly(values):
    return [Measured(MONDAY + dt.timedelta(weeks=place), value) for place, value in enumerate(values)]


def ask(values, weeks_ahead=4, target=100.0, aim="up", **more):
    ends_on = MONDAY + dt.timedelta(weeks=len(values) - 1 + weeks_ahead)
    return forecast(weekly(values), interval="week", ends_on=ends_on, target=target, aim=aim, **more)


def test_a_number_that_never_moves_stays_and_is_certain():
    found = ask([40.0] * 10, target=40.0)
    assert (found.value, found.low, found.high, found.chance, found.n_ahead) == (40, 40, 40, 1.0, 4)
    assert ask([40.0] * 10, target=41.0).chance == 0.0


def test_theta_equals_its_formula_worked_by_hand():
    # Smoothing with weight 1 of 1 … 8: the level is the last value, the drift half of the slope of 1, so each forecast
    # one ahead is half too low: seven errors of 0.5, squared and over n - 3 = 5. Smaller weights err more.
    mean, spread = theta([1, 2, 3, 4, 5, 6, 7, 8], 1)
    slower = []
    for weight in (0.5, 0.9):
        level, squares = 1.0, 0.0
        for place in range(1, 8):
            squares += (place + 1 - level - 0.5 * (1 - (1 - weight) ** place) / weight) ** 2
            level += weight * (place + 1 - level)
        slower.append(squares)
    best = min(7 * 0.25, *slower)
    assert spread**2 <= best / 5 + 1e-12
    assert 8.4 <= mean <= 9.0


@pytest.mark.parametrize("kind", ["walk", "noise"])
def test_four_of_five_ends_lie_within_the_interval(kind):
    chance, n_within, n_trials = random.Random(20240107), 0, 400
    for _ in range(n_trials):
        at, values = 100.0, []
        for _ in range(46):
            at = at + chance.gauss(0, 3) if kind == "walk" else 100 + chance.gauss(0, 5)
            values.append(at)
        mean, spread = theta(values[:40], 6)
        n_within += abs(values[-1] - mean) <= Z_OF_80 * spread
    assert 0.70 <= n_within / n_trials <= 0.88


def test_too_little_past_says_so_and_an_end_that_is_there_is_no_forecast():
    assert "8 past weeks" in ask([1.0] * 7).why_none
    final = ask([1.0] * 9 + [120.0], weeks_ahead=0)
    assert (final.value, final.n_ahead, final.chance) == (120.0, 0, 1.0)


@given(st.lists(st.floats(0, 1), min_size=8, max_size=30), st.integers(1, 30), st.floats(0, 1))
def test_a_rate_stays_a_rate_and_chances_of_both_aims_add_up(values, ahead, target):
    up = ask(values, ahead, target, "up", is_rate=True)
    down = ask(values, ahead, target, "down", is_rate=True)
    assert 0 <= up.low <= up.value <= up.high <= 1
    if len(set(values)) > 1:
        assert up.chance + down.chance == pytest.approx(1)


def test_days_are_taken_by_whole_weeks_that_end_with_the_newest():
    days = [Measured(MONDAY + dt.timedelta(days=n), float(n)) for n in range(16)]
    found = by_week(days)
    assert [(one.on - MONDAY).days for one in found] == [8, 15]
    assert [one.value for one in found] == [5.0, 12.0]
    assert by_week([]) == []


def test_periods_that_end_within_the_time():
    assert periods_between(dt.date(2024, 1, 7), dt.date(2024, 3, 31), "week") == 12
    assert periods_between(dt.date(2024, 1, 31), dt.date(2024, 3, 31), "month") == 2
    assert periods_between(dt.date(2024, 1, 31), dt.date(2024, 3, 30), "month") == 1
    assert periods_between(dt.date(2023, 12, 31), dt.date(2024, 12, 31), "quarter") == 4
    assert periods_between(dt.date(2024, 3, 31), dt.date(2024, 1, 1), "week") == 0


def test_how_usual_a_move_is_by_share_by_points_and_downwards():
    # From 100 to 120 is +20 %. Of the stretches of two weeks, 50→60 and 100→130 go that far; 60→66 and 66→… do not.
    values = weekly([50.0, 55.0, 60.0, 62.0, 66.0, 100.0, 110.0, 130.0])
    found = past_moves(values, interval="week", baseline=100, target=120, n_periods=2, is_rate=False)
    assert (found.n_moved, found.n_windows, found.n_apart) == (4, 6, 3)  # 50→60, 62→100, 66→110, 100→130
    down = past_moves(values, interval="week", baseline=100, target=90, n_periods=2, is_rate=False)
    assert down.n_moved == 0
    rates = weekly([0.2, 0.21, 0.3, 0.31, 0.25])
    points = past_moves(rates, interval="week", baseline=0.2, target=0.3, n_periods=2, is_rate=True)
    assert (points.n_moved, points.n_windows) == (2, 3)
    assert (
        "24 past weeks"
        in past_moves(values, interval="week", baseline=1, target=2, n_periods=12, is_rate=False).why_none
    )


def test_the_way_from_baseline_to_target():
    assert progress_of(30, 20, 40, "up") == 0.5
    assert progress_of(10, 20, 40, "up") == -0.5
    assert progress_of(60, 100, 50, "down") == 0.8
    assert progress_of(5, 5, 5, "up") == 1.0
    assert progress_of(4, 5, 5, "up") == 0.0
    assert progress_of(None, 0, 1, "up") is None
    assert is_reached(5, 5, "down") and not is_reached(6, 5, "down")
