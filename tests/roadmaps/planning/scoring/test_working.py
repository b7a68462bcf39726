"""Scores by hand for every kind of model, the caps, the grammar, ranks under ranges, and what would flip them."""

import datetime as dt
import random

import pytest

from roadmaps.planning.scoring import formulas, kinds
from roadmaps.planning.scoring.agreeing import kendall_tau, spread_of
from roadmaps.planning.scoring.contracts import Given, Sheet
from roadmaps.planning.scoring.flips import find_flips
from roadmaps.planning.scoring.moves import Kept, explain_moves
from roadmaps.planning.scoring.simulating import simulate
from roadmaps.planning.scoring.working import all_that_wait, with_unblocked, work_out

WEIGHTED = {
    "inputs": [
        {"key": "value", "label": "Value to customers", "weight": 0.5, "rungs": [
            {"value": 0, "says": "nobody asks"}, {"value": 50, "says": "some do"}, {"value": 100, "says": "all"},
        ]},
        {"key": "fit", "label": "Fits the strategy", "weight": 0.3},
        {"key": "cheap", "label": "Costs little", "weight": 0.2},
    ]
}  # fmt: skip
OWN = {
    "inputs": [
        {"key": "users", "label": "Users"},
        {"key": "pain", "label": "Pain", "least": 1, "most": 5},
        {"key": "months", "label": "Months", "role": "effort"},
    ],
    "formula": "users*max(pain - 1, 0)/(months + 1)",
}


def said(label="measured", /, **values):
    """Return inputs with one label; a value may be (low, likely, high)."""
    return {
        key: Given(value[1], value[0], value[2], label) if isinstance(value, tuple) else Given(value, label=label)
        for key, value in values.items()
    }


@pytest.mark.parametrize(
    ("kind", "options", "values", "score"),
    [
        # 600 times 2 times 0.8 over 3
        ("rice", {}, {"reach": 600, "impact": 2, "confidence": 0.8, "effort": 3}, 320),
        ("ice", {}, {"impact": 7, "confidence": 6, "ease": 4}, 168),
        # (8 + 5 + 3) over 5
        ("wsjf", {}, {"value": 8, "urgency": 5, "risk": 3, "size": 5}, 3.2),
        # 7,000 a week are 30,000 in 30 days; over 1.5 months
        ("wsjf_money", {"per": "week"}, {"delay": 7_000, "size": 1.5}, 20_000),
        ("wsjf_money", {"per": "day"}, {"delay": 100, "size": 2}, 1_500),
        ("wsjf_money", {}, {"delay": 9_000, "size": 3}, 3_000),
        # 0.5 times 50 + 0.3 times 80 + 0.2 times 30
        ("weighted", WEIGHTED, {"value": 50, "fit": 80, "cheap": 30}, 55),
        ("value_effort", {}, {"value": 9, "effort": 1.5}, 6),
        # 8 times (10 - 3)
        ("opportunity", {}, {"importance": 8, "satisfaction": 3}, 56),
        ("moscow", {}, {"label": 3}, 3),
        # 100 times (4 - 1) over (2 + 1)
        ("own", OWN, {"users": 100, "pain": 4, "months": 2}, 100),
    ],
)
def test_a_score_worked_out_by_hand(kind, options, values, score):
    definition = kinds.build(kind, options)
    assert work_out(definition, said(**values)).value == pytest.approx(score, rel=1e-12)
    assert kinds.from_json(kinds.to_json(definition)) == definition


def test_a_guess_halves_the_confidence_and_an_estimate_takes_a_fifth():
    values = {"reach": 100, "impact": 1, "confidence": 1, "effort": 1}
    rice = kinds.build("rice")
    for label, score in (("measured", 100), ("estimated", 80), ("guessed", 50)):
        worked = work_out(rice, said(label, **values))
        assert (worked.value, worked.is_capped, worked.weakest) == (score, label != "measured", label)
    one_guess = said(**values) | said("guessed", effort=1)
    assert work_out(rice, one_guess).value == 50
    # What is said of the confidence itself does not count, and one below the cap stays.
    assert work_out(rice, said(**values) | said("guessed", confidence=1)).value == 100
    assert work_out(rice, said("estimated", **values) | said(confidence=0.5)).value == 50
    # ICE counts confidence to 10: a guess allows 5.
    assert work_out(kinds.build("ice"), said("guessed", impact=10, confidence=9, ease=10)).value == 500


def test_what_is_missing_or_divided_by_zero_makes_no_score():
    rice = kinds.build("rice")
    worked = work_out(rice, said(reach=1, impact=1))
    assert (worked.value, worked.missing) == (None, ("confidence", "effort"))
    ratio = kinds.build("own", {"inputs": [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}], "formula": "a / b"})
    assert work_out(ratio, said(a=1, b=0)).value is None
    ranged = work_out(rice, said(reach=(100, 200, 300), impact=1, confidence=1, effort=(1, 2, 4)))
    assert (ranged.least, ranged.value, ranged.most) == (25, 100, 300)


def test_what_it_unblocks_counts_each_once():
    # 1 is needed by 2 and 3, and 4 needs both 2 and 3: 4 counts for 1 once, although two ways lead to it.
    waiting = all_that_wait([(2, 1), (3, 1), (4, 2), (4, 3)])
    assert waiting == {1: {2, 3, 4}, 2: {4}, 3: {4}}
    own = {1: 1.0, 2: 2.0, 3: None, 4: 5.0}
    sheets = [Sheet(key, {}, tuple(waiting.get(key, ()))) for key in own]
    assert with_unblocked(own, sheets) == {1: 8.0, 2: 7.0, 3: None, 4: 5.0}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("reach * ", "at the end"),
        ("reach ** 2", "before “*”"),
        ("__import__('os')", "is no part of a formula"),
        ("reach.real", "is no part of a formula"),
        ("reach; effort", "is no part of a formula"),
        ("power(reach, 2)", "cannot stand there"),
        ("max(reach)", "two values"),
        ("sales / reach", "no input called sales"),
        ("1 + 2", "at least one input"),
        ("(" * 30 + "reach" + ")" * 30, "nest 20 deep"),
        ("reach+" * 120 + "reach", "at most 500"),
        ("reach 2", "cannot stand there"),
        ("Reach", "is no part of a formula"),
        ("9" * 16, "is no part of a formula"),
    ],
)
def test_a_formula_takes_nothing_but_arithmetic(text, fault):
    with pytest.raises(formulas.FormulaFault, match=fault.replace("*", r"\*")):
        formulas.read(text, ["reach", "effort"])


def test_formulas_of_one_and_of_many_agree():
    import numpy as np

    text = "max(a - b, 0) * -min(a, 2) / (b - 1) + 3"
    a, b = [1.0, 5.0, -2.0, 7.0], [1.0, 2.0, 3.0, 0.5]
    many = formulas.values_of(text, {"a": np.array(a), "b": np.array(b)})
    for place in range(4):
        one = formulas.value_of(text, {"a": a[place], "b": b[place]})
        assert (np.isnan(many[place]) and one is None) or many[place] == one
    assert not formulas.uses_each_once(text) and formulas.uses_each_once("a / b")


@pytest.mark.parametrize(
    ("kind", "options", "field"),
    [
        ("best", {}, "kind"),
        ("rice", {"inputs": []}, "inputs"),
        ("wsjf_money", {"per": "year"}, "per"),
        ("weighted", {"inputs": [{"key": "a", "label": "A", "weight": 0.6}]}, "inputs"),
        ("weighted", {"inputs": [{"key": "a", "label": "A", "weight": 2}]}, "inputs[0].weight"),
        ("weighted", {"inputs": []}, "inputs"),
        ("own", {"inputs": [{"key": "a", "label": "A"}], "formula": "a +"}, "formula"),
        ("own", {"inputs": [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}], "formula": "a"}, "formula"),
        ("own", {"inputs": [{"key": "a", "label": "A"}, {"key": "a", "label": "B"}], "formula": "a"}, "inputs"),
        ("own", {"inputs": [{"key": "max", "label": "A"}], "formula": "max"}, "inputs[0].key"),
        ("own", {"inputs": [{"key": "a", "label": "A", "most": float("nan")}], "formula": "a"}, "inputs[0].most"),
        ("own", {"inputs": [{"key": "a", "label": "A", "eval": 1}], "formula": "a"}, "inputs[0].eval"),
    ],
)
def test_what_is_no_model_is_refused_by_the_place_that_is_wrong(kind, options, field):
    with pytest.raises(kinds.DefinitionFault) as caught:
        kinds.build(kind, options)
    assert caught.value.field == field


RICE_ROWS = {
    1: said("measured", reach=(200, 400, 900), impact=(1, 2, 3), confidence=1, effort=(2, 3, 8)),
    2: said("estimated", reach=(100, 500, 800), impact=1, confidence=1, effort=(1, 2, 3)),
    3: said("guessed", reach=900, impact=1, confidence=1, effort=2),
    4: said("measured", reach=(50, 60, 70), impact=0.5, confidence=0.8, effort=1),
    5: said("measured", reach=(300, 600, 700), impact=1, confidence=0.8, effort=(2, 2, 6)),
}


def _by_itself(n_trials, n_top):
    """Simulate the rows above again: one draw at a time, by the standard library, written from the definition."""
    dice, top, ranks = random.Random(7), dict.fromkeys(RICE_ROWS, 0), {key: [] for key in RICE_ROWS}

    def draw(given, is_steps):
        if given.low is None:
            return given.likely
        if is_steps:
            return dice.choices([given.low, given.likely, given.high], [1, 2, 1])[0]
        return dice.triangular(given.low, given.high, given.likely)

    caps = {"measured": 1, "estimated": 0.8, "guessed": 0.5}
    for _ in range(n_trials):
        scores = {}
        for key, row in RICE_ROWS.items():
            sure = min(row["confidence"].likely, caps[row["reach"].label])
            value = draw(row["reach"], False) * draw(row["impact"], True) * sure
            scores[key] = value / draw(row["effort"], False)
        for key, score in scores.items():
            rank = 1 + sum(other > score for other in scores.values())
            top[key] += rank <= n_top
            ranks[key].append(rank)
    return {key: count / n_trials for key, count in top.items()}, ranks


def test_ranks_under_ranges_agree_with_an_independent_simulation():
    sheets = [Sheet(key, given) for key, given in RICE_ROWS.items()]
    found = simulate(kinds.build("rice"), sheets, n_top=2, n_trials=20_000)
    chances, ranks = _by_itself(20_000, 2)
    for key, standing in found.items():
        assert standing.top_rate == pytest.approx(chances[key], abs=0.015)  # four standard errors of the difference
        ordered = sorted(ranks[key])
        assert ordered[1_600] <= standing.rank_from <= ordered[2_400]
        assert ordered[17_600] <= standing.rank_to <= ordered[18_400]
    assert found == simulate(kinds.build("rice"), sheets, n_top=2, n_trials=20_000)
    assert sum(one.top_rate for one in found.values()) == pytest.approx(2, abs=1e-3)


def test_without_ranges_an_order_is_sure_and_ties_share_their_rank():
    sheets = [Sheet(key, said(importance=value, satisfaction=0)) for key, value in ((1, 9), (2, 5), (3, 5), (4, 1))]
    found = simulate(kinds.build("opportunity"), [*sheets, Sheet(5, {})], n_top=2)
    assert {key: (one.top_rate, one.rank_from, one.rank_to) for key, one in found.items()} == {
        1: (1.0, 1, 1), 2: (1.0, 2, 2), 3: (1.0, 2, 2), 4: (0.0, 4, 4),
    }  # fmt: skip


def test_the_first_place_flips_where_the_sums_say():
    # 800 / 4 = 200 against 300 / 2 = 150: the first is passed where 800 / effort < 150, so from 5.33 months on.
    sheets = [
        Sheet(1, said(reach=800, impact=1, confidence=1, effort=(3, 4, 9))),
        Sheet(2, said(reach=300, impact=1, confidence=1, effort=2)),
    ]
    flips = find_flips(kinds.build("rice"), sheets, {1: 200.0, 2: 150.0}, most=20)
    found = {(one.key, one.input.key, one.is_over): one for one in flips}
    assert found[1, "effort", True].threshold == pytest.approx(800 / 150, rel=1e-6)
    assert found[1, "effort", True].is_within and flips[0] == found[1, "effort", True]
    assert found[1, "reach", False].threshold == pytest.approx(600, rel=1e-6)
    assert found[2, "reach", True].threshold == pytest.approx(400, rel=1e-6)
    assert found[2, "effort", False].threshold == pytest.approx(1.5, rel=1e-6)
    assert found[1, "impact", False].threshold == 0.5  # the next step down: 100 against 150
    assert found[2, "impact", True].threshold == 2 and found[2, "impact", True].first == 2
    assert find_flips(kinds.build("rice"), sheets, {1: 150.0, 2: 150.0}) == []


def test_the_order_moved_because():
    definition = kinds.build("value_effort")
    before = [Kept(1, 5.0, {"value": 10, "effort": 2}), Kept(2, 4.0, {"value": 4, "effort": 1}), Kept(3, 1.0, {})]
    after = [Kept(1, 2.5, {"value": 10, "effort": 4}), Kept(2, 4.0, {"value": 4, "effort": 1}), Kept(4, 3.0, {})]
    moves = {one.key: one for one in explain_moves(definition, before, after)}
    assert (moves[1].rank_before, moves[1].rank_after) == (1, 3)
    (cause,) = moves[1].causes
    assert (cause.input.key, cause.before, cause.after, cause.effect) == ("effort", 2, 4, -2.5)
    assert moves[2].is_up and moves[2].causes == ()
    assert moves[3].rank_after is None and moves[4].rank_before is None


def test_what_moved_and_what_is_old():
    today = dt.date(2026, 6, 30)
    measured = Given(121, label="measured", bound="cohort:1", agreed=100, on=today)
    assert measured.has_moved and measured.moved == pytest.approx(0.21)
    assert not Given(120, label="measured", bound="cohort:1", agreed=100).has_moved
    assert Given(5, bound="cohort:1", agreed=0).has_moved and not Given(0, bound="cohort:1", agreed=0).has_moved
    assert Given(1, on=dt.date(2026, 3, 31)).is_old(today) and not Given(1, on=dt.date(2026, 4, 1)).is_old(today)


def test_spread_and_agreement():
    impact, reach = kinds.build("rice").inputs[1], kinds.build("rice").inputs[0]
    steps = spread_of(impact, [3, 1, 0.25])
    assert (steps.least, steps.middle, steps.most, steps.share, steps.is_wide) == (0.25, 1, 3, 1.0, True)
    assert spread_of(reach, [100, 100]).share == 0 and spread_of(reach, [100, 400]).share == 0.75
    assert spread_of(reach, []) is None
    # Of 6 pairs 5 stand the same way and 1 the other: (5 - 1) / 6; scipy 1.16 says the same of a tie: 0.9129.
    assert kendall_tau({1: 4, 2: 3, 3: 2, 4: 1}, {1: 40, 2: 20, 3: 30, 4: 10}) == pytest.approx(2 / 3)
    assert kendall_tau({1: 4, 2: 3, 3: 2, 4: 1}, {1: 4, 2: 3, 3: 3, 4: 1}) == pytest.approx(0.9129, abs=1e-4)
    assert kendall_tau({1: 1, 2: 1}, {1: 1, 2: 2}) is None
