"""What goes with it: counts by hand and by the oracle, statistics pinned to statsmodels, planted effects."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from insights.questions.effects import Counts, difference_interval, does_hold, false_discovery, p_value
from insights.questions.public import ask, list_people, parse_question, question_key
from tests.factories import make_source, store_events

NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)
VALUE = {
    "kind": "goes_with",
    "products": ["planner"],
    "target": {"event": "signed up"},
    "returning": {"event": None},
    "date_from": "2024-01-01",
    "date_to": "2024-01-31",
}


def at(who, event, day, n=0):
    when = datetime(2024, 1, 1, 12, tzinfo=UTC) + timedelta(days=day, minutes=n)
    return {"event": event, "distinct_id": who, "timestamp": when, "event_id": f"{who} {event} {day} {n}"}


@pytest.fixture
def answer_to(product, owner):
    source = make_source(product)

    def answer(rows, **changes):
        if rows:
            store_events(source, rows)
        question = parse_question({**VALUE, **changes}, now=NOW, default_zone="UTC")
        return question, ask(question, user=owner, caller="tests")

    return answer


def test_first_days_and_later_are_counted_from_each_ones_own_first_event(answer_to, owner):
    rows = [
        at("ann", "signed up", 0),
        at("ann", "invited", 6.9),
        at("ann", "opened", 7),  # later begins
        at("bob", "signed up", 0),
        at("bob", "invited", 7),  # not in the first days, but it is coming back
        at("cem", "signed up", 0),
        at("cem", "opened", 28),  # too late
        at("dee", "signed up", 0),
        at("dee", "invited", 0),
        at("eva", "signed up", -3),  # began before the range
        at("eva", "signed up", 1),
        at("fay", "signed up", 30),
        at("fay", "opened", 40),
        at("guy", "signed up", 34),
    ]
    question, answer = answer_to(rows)
    assert (answer["n"], answer["later"]) == (5, 3)  # ann, bob, cem, dee, fay: of guy February is not asked
    (invited,) = [one for one in answer["events"] if one["event"] == "invited"]
    assert (invited["did"]["n"], invited["did"]["later"]) == (2, 1)
    assert (invited["others"]["n"], invited["others"]["later"]) == (3, 2)
    assert (invited["state"], invited["effect"]) == ("too_few", None)
    assert "signed up" not in [one["event"] for one in answer["events"]]
    people = lambda **cell: sorted(one.id for one in list_people(question, cell, user=owner).people)  # noqa: E731
    assert people() == ["ann", "bob", "cem", "dee", "fay"]
    assert people(later=True) == ["ann", "bob", "fay"]
    assert people(event="invited") == ["ann", "dee"]
    assert people(event="invited", others=True, later=True) == ["bob", "fay"]


def test_only_those_count_who_can_be_followed_to_the_end(answer_to):
    rows = [at("ann", "signed up", 30), at("bob", "signed up", 31), at("bob", "opened", 45)]
    february = {"date_from": "2024-01-31", "date_to": "2024-02-10"}
    question, answer = answer_to(rows, **february)
    # On 1 March at noon, 28 days from 2 February are not over: of ann and bob all is known.
    assert answer["n"] == 2
    earlier = parse_question(question.to_json(), now=NOW - timedelta(days=1), default_zone="UTC")
    assert question_key(earlier) != question_key(question)


def test_what_is_asked_for_later_says_nothing_about_itself(answer_to):
    rows = [at("ann", "signed up", 0), at("ann", "paid", 1), at("ann", "paid", 9), at("ann", "opened", 2)]
    _, answer = answer_to(rows, returning={"event": "paid"})
    assert [one["event"] for one in answer["events"]] == ["opened"]


def test_a_planted_effect_is_found_and_noise_is_not(answer_to):
    dice = random.Random(1)
    rows = []
    for number in range(600):
        who, has_invited = f"p{number}", dice.random() < 0.4
        rows.append(at(who, "signed up", 0, number % 700))
        rows += [at(who, "invited", 1, number % 700)] if has_invited else []
        rows += [at(who, f"noise {k}", 2, number % 700) for k in range(5) if dice.random() < 0.5]
        rows += [at(who, "opened", 10, number % 700)] if dice.random() < (0.7 if has_invited else 0.3) else []
    _, answer = answer_to(rows)
    assert [one["event"] for one in answer["events"] if one["state"] == "goes_with"] == ["invited"]
    (invited,) = answer["events"][:1]
    assert invited["low"] < 0.4 < invited["high"]
    assert (answer["n_tested"], answer["label"]) == (6, "goes with, not caused by")


# Pinned to statsmodels 0.15: proportions_ztest, confint_proportions_2indep(method="newcomb"), multipletests("fdr_bh").
@pytest.mark.parametrize(
    ("counts", "p", "low", "high"),
    [
        (Counts(70, 56, 80, 48), 0.00804508136819656, 0.05243147240236498, 0.33387265403690614),
        (Counts(500, 60, 300, 30), 0.38610488183385305, -0.02680446046328843, 0.06279269615363804),
        (Counts(20, 20, 20, 3), 5.406650245201774e-08, 0.5849765761364949, 0.9476312541037833),
    ],
)
def test_statistics_equal_those_of_statsmodels(counts, p, low, high):
    assert p_value(counts) == pytest.approx(p, rel=1e-9)
    assert difference_interval(counts) == pytest.approx((low, high), rel=1e-6)


def test_many_tests_are_corrected_as_by_benjamini_and_hochberg():
    assert false_discovery([0.001, 0.2, 0.03, 0.04, 0.9]) == pytest.approx(
        [0.005, 0.25, 0.0666666667, 0.0666666667, 0.9]
    )
    assert false_discovery([]) == []


def test_nothing_is_told_where_all_or_nobody_came_back():
    assert p_value(Counts(30, 30, 30, 30)) == p_value(Counts(30, 0, 30, 0)) == 1


def test_a_difference_that_turns_round_in_the_other_half_does_not_hold():
    up, down = Counts(100, 80, 100, 20), Counts(100, 20, 100, 80)
    assert does_hold(0.01, up, up)
    assert not does_hold(0.01, up, down)
    assert not does_hold(0.2, up, up)
    assert not does_hold(0.01, up, Counts(30, 10, 30, 9))
