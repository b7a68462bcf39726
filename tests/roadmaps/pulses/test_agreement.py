"""Agreement in numbers: Kendall's W against scipy and by hand, and no number that gives a small group away."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import friedmanchisquare

from roadmaps.pulses.agreement import chance_of_gap, kendalls_w, mid_ranks, part, sum_up
from roadmaps.pulses.contracts import LEAST, Given


def test_w_of_three_people_by_hand():
    # Sums of ranks 4, 6, 8 around 6: S = 8; 12·8 ÷ (9·24) = 4/9.
    assert kendalls_w([[1, 2, 3], [1, 3, 2], [2, 1, 3]]) == pytest.approx(4 / 9)


def test_w_with_ties_by_hand():
    # Ranks 1.5 1.5 3 | 1 2 3 | 1.5 1.5 3: sums 4, 5, 9 around 6, S = 14; ties 2·(8 - 2) = 12; 168 ÷ (216 - 36).
    assert kendalls_w([mid_ranks([1, 1, 2]), mid_ranks([1, 2, 3]), mid_ranks([1, 1, None])]) == pytest.approx(168 / 180)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_w_is_what_scipy_says_also_with_ties(data):
    k, m = data.draw(st.integers(3, 7)), data.draw(st.integers(3, 12))
    rank = st.one_of(st.none(), st.integers(1, k))
    rows = [
        mid_ranks(row) for row in data.draw(st.lists(st.lists(rank, min_size=k, max_size=k), min_size=m, max_size=m))
    ]
    ours = kendalls_w(rows)
    if ours is None:
        assert all(len(set(row)) == 1 for row in rows)
        return
    statistic = friedmanchisquare(*zip(*rows, strict=True)).statistic  # χ² = m (k - 1) W
    assert ours == pytest.approx(statistic / (m * (k - 1)), abs=1e-9)
    assert -1e-9 <= ours <= 1 + 1e-9


def test_nothing_can_be_said_of_one_person_or_of_people_who_tie_everything():
    assert kendalls_w([]) is None and kendalls_w([[1, 2]]) is None
    assert kendalls_w([mid_ranks([1, 1, 1])] * 6) is None


def _answers(sizes, seed=1, n_goals=3):
    chance = random.Random(seed)
    found = []
    for name, n in sizes.items():
        for _ in range(n):
            ranks = tuple(chance.sample(range(1, n_goals + 1), n_goals))
            found.append(Given(name, ranks, chance.randint(1, 5), chance.randint(1, 5)))
    return found


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_no_group_under_five_can_be_worked_out_by_subtraction(sizes):
    named = {f"F{place}": n for place, n in enumerate(sizes)}
    answers = _answers(named)
    found = sum_up(answers, list(named), 3)
    for question in ("ranking", "vision", "execution"):
        one = found[question]
        shown = [group["n"] for group in one["groups"]] + ([one["small"]["n"]] if one["small"] else [])
        assert all(n >= LEAST for n in shown)
        # What is in the whole and in no part that is shown: nobody. So there is nothing to subtract.
        assert (one["whole"]["n"] if one["whole"] else 0) == sum(shown)
        assert sum(shown) + one["n_left_out"] == sum(sizes)
        assert one["n_left_out"] < LEAST
    # And answers of who is left out change no number.
    out = set(found["vision"]["left_out"])
    others = [one if one.function not in out else Given(one.function, (3, 2, 1), 1, 1) for one in answers]
    assert json.dumps(sum_up(others, list(named), 3)) == json.dumps(found)


def test_who_cannot_say_makes_a_group_smaller_for_that_question_alone():
    answers = [Given("Sales", (1, 2), 4, None)] * 2 + [Given("Sales", (1, 2), 4, 3)] * 4
    answers += [Given("Product", (2, 1), 2, 3)] * 5
    found = sum_up(answers, ["Sales", "Product"], 2)
    assert [group["name"] for group in found["vision"]["groups"]] == ["Sales", "Product"]
    assert [group["name"] for group in found["execution"]["groups"]] == ["Product"]
    assert found["execution"]["n_left_out"] == 4 and found["execution"]["whole"]["n"] == 5
    assert part({"a": 4, "b": 1}).small == ["a", "b"]


def test_functions_that_agree_inside_and_not_with_each_other():
    answers = [Given("Sales", (1, 2, 3), 5, 3)] * 6 + [Given("Product", (3, 2, 1), 1, 3)] * 6
    found = sum_up(answers, ["Sales", "Product"], 3)
    assert [group["w"] for group in found["ranking"]["groups"]] == [1.0, 1.0]
    assert found["ranking"]["whole"]["w"] == 0 and found["between"]["w"] == 0
    assert found["gaps"][0]["share"] == 1.0 and found["gaps"][0]["chance"] < 0.01
    vision = next(gap for gap in found["gaps"] if gap["about"] == "vision")
    assert (vision["high"], vision["low"], vision["high_mean"], vision["low_mean"]) == ("Sales", "Product", 5, 1)
    assert found["gaps"][-1]["about"] in ("execution", "goal") and found["gaps"][-1]["share"] == 0
    assert found["vision"]["whole"] == {"n": 12, "mean": 3, "sd": 2, "counts": [6, 0, 0, 0, 6]}


def test_one_function_alone_shows_where_its_people_are_apart():
    answers = [Given("Sales", (1, 2), 1 if place < 3 else 5, 3) for place in range(6)]
    found = sum_up(answers, ["Sales"], 2)
    assert found["between"] is None
    assert (found["gaps"][0]["about"], found["gaps"][0]["share"], found["gaps"][0]["high"]) == ("vision", 1.0, "")


def test_a_distance_by_lot_is_no_surprise():
    # Two of {1, 5} against two of {1, 5}: means 3 and 3, as near as can be, so every deal is as far apart.
    assert chance_of_gap([[1, 5], [1, 5]]) == 1.0
    # Of the 252 ways to deal ten, two part ones from fives: 2/252 = 0.8 %.
    assert chance_of_gap([[1] * 5, [5] * 5]) == pytest.approx(2 / 252, abs=0.006)
