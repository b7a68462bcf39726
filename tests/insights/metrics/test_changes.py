"""How sure the change of a metric is, against a simulation of chance."""

import datetime as dt
import math
import random

from insights.metrics.changes import change_at, step_back
from insights.metrics.contracts import Point
from insights.questions.differences import spread_of

FIRST = dt.date(2026, 1, 5)


def points(values, *, n=None):
    days = [FIRST + dt.timedelta(weeks=place) for place in range(len(values))]
    if n is not None:
        return [Point(day, k / n, k, n) for day, k in zip(days, values, strict=True)]
    return [Point(day, value) for day, value in zip(days, values, strict=True)]


def newest(values, measure, n=None):
    return change_at(points(values, n=n), len(values) - 1, interval="week", measure=measure)


def _poisson(chance, mean):
    limit, k, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        k, product = k + 1, product * chance.random()
    return k


def test_of_counts_that_only_chance_moves_few_changes_are_clear():
    chance = random.Random(7)
    n_clear = sum(newest([_poisson(chance, 60) for _ in range(28)], "total").is_clear for _ in range(400))
    assert n_clear <= 400 * 0.08


def test_of_events_that_come_in_bunches_few_changes_are_clear_too():
    chance = random.Random(7)
    n_clear = sum(newest([9 * _poisson(chance, 12) for _ in range(28)], "total").is_clear for _ in range(400))
    assert n_clear <= 400 * 0.1, "without the spread, half of them would be"
    assert spread_of([(9 * 12, 9 * 8)] * 8) > 8


def test_a_real_drop_is_clear_and_has_the_colour_of_its_direction():
    change = newest([1000, 1010, 990, 1005, 995, 1000, 1008, 992, 1001, 700], "persons")
    assert change.is_clear and change.amount == -301
    assert (change.tone("up"), change.tone("down"), change.tone("neither")) == ("bad", "good", "")


def test_a_change_whose_interval_holds_zero_has_no_colour():
    change = newest([100, 95], "persons")
    assert not change.is_clear and change.tone("up") == ""
    assert change.spread is None, "its past is too short to say how much it varies"


def test_too_few_say_nothing():
    assert newest([4, 5], "total").why_none == "too few to say"
    assert newest([2, 3], "rate", n=4).why_none == "too few to say"
    assert newest([None, 5], "avg").why_none == "no value in one of the two periods"


def test_sums_and_averages_are_measured_by_their_own_past():
    calm = newest([100 + (place * 7 % 5) for place in range(20)] + [140], "avg")
    assert calm.is_clear and calm.method == "own_past"
    wild = newest([100 + 40 * (place % 3) for place in range(20)] + [140], "avg")
    assert not wild.is_clear
    assert newest([1.5, 2.5], "avg").why_none == "too short a past to tell a change from chance"


def test_a_day_is_compared_with_the_same_day_a_week_before():
    days = [Point(FIRST + dt.timedelta(days=place), 100.0 + place) for place in range(10)]
    change = change_at(days, 9, interval="day", measure="total")
    assert (change.before_on, change.amount, step_back("week")) == (FIRST + dt.timedelta(days=2), 7, 1)
    assert change_at(days, 6, interval="day", measure="total") is None
