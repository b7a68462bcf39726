"""How sure a difference is: pinned against published numbers, and the same whichever way one looks."""

import math
import random

from hypothesis import given
from hypothesis import strategies as st

from insights.questions.differences import (
    earlier_changes,
    newcombe_interval,
    of_counts,
    of_rates,
    of_values,
    poisson_interval,
    weight_of,
)

counts = st.integers(0, 10_000)


def weigh(likely, amount):
    return weight_of(amount, likely.low, likely.high)


def test_the_interval_of_two_rates_is_the_published_one():
    # Newcombe (1998), table II, method 10: 56/70 - 48/80 gives 0.0524 to 0.3339, 9/10 - 3/10 gives 0.1705 to 0.8090.
    assert [round(bound, 4) for bound in newcombe_interval((56, 70), (48, 80))] == [0.0524, 0.3339]
    assert [round(bound, 4) for bound in newcombe_interval((9, 10), (3, 10))] == [0.1705, 0.8090]
    assert [round(bound, 4) for bound in newcombe_interval((0, 10), (0, 20))] == [-0.1611, 0.2775]


@given(k=st.integers(0, 50), n=st.integers(1, 50), k2=st.integers(0, 50), n2=st.integers(1, 50))
def test_the_interval_holds_the_difference_and_turns_with_the_order(k, n, k2, n2):
    after, before = (min(k, n), n), (min(k2, n2), n2)
    low, high = newcombe_interval(after, before)
    difference = after[0] / after[1] - before[0] / before[1]
    assert -1.0001 <= low <= difference + 1e-12 and difference - 1e-12 <= high <= 1.0001
    other = newcombe_interval(before, after)
    assert math.isclose(low, -other[1], abs_tol=1e-9) and math.isclose(high, -other[0], abs_tol=1e-9)


def test_a_wider_spread_makes_a_wider_interval():
    narrow, wide = poisson_interval(120, 100), poisson_interval(120, 100, 4.0)
    assert math.isclose(wide[1] - wide[0], 2 * (narrow[1] - narrow[0]))


@given(now=counts, before=counts, bunch=st.integers(1, 50))
def test_the_weight_of_counts_is_the_same_both_ways_and_falls_with_noise(now, before, bunch):
    pairs = [(bunch * 12, bunch * 8)] * 8
    weight = weigh(of_counts(now, before, []), now - before)
    assert math.isclose(weight, weigh(of_counts(before, now, []), before - now))
    assert weight >= weigh(of_counts(now, before, pairs), now - before) >= 0


def test_two_counts_of_equal_chance_are_shouted_about_once_in_twenty():
    dice = random.Random(5)

    def poisson(mean: int) -> int:
        return sum(dice.random() < mean / 1000 for _ in range(1000))

    pairs = [(poisson(60), poisson(60)) for _ in range(600)]
    loud = sum(weigh(of_counts(*pair, []), pair[0] - pair[1]) >= 1 for pair in pairs)
    assert 12 <= loud <= 45  # 5 % of 600 is 30, a little less for a bounded count


def test_a_series_that_jumps_by_habit_is_not_news_when_it_jumps():
    habit = earlier_changes([100, 200, 90, 210, 110, 190, 95, 205, 100], 1)
    assert weigh(of_counts(205, 100, []), 105) > 1
    assert weigh(of_counts(205, 100, habit), 105) < 1
    assert weigh(of_values(205.0, 100.0, habit), 105) < 1


def test_rates_that_are_alike_and_rates_of_too_few_have_no_weight():
    assert weigh(of_rates((0, 10), (0, 10)), 0.0) == 0.0
    assert of_rates((3, 4), (10, 20)).why_none == "too few to say"
