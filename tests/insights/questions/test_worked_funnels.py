"""Answers worked out by hand on a few rows, one behaviour each: funnels."""

import pytest

from insights.questions.funnel_exact import best_attempt
from insights.questions.public import list_people, parse_question
from tests.insights.questions.worked import NOW, row


def funnel(*names, order="ordered", hours=24, **more):
    return {
        "kind": "funnel",
        "steps": [{"event": name} for name in names],
        "order": order,
        "window": {"value": hours, "unit": "hour"},
        "date_from": "2024-01-01",
        "date_to": "2024-01-02",
        **more,
    }


def counts(answer):
    return [step["count"] for step in answer["steps"]]


def test_a_funnel_takes_the_attempt_that_gets_furthest_and_includes_the_windows_end(answer_to):
    rows = [
        row("a", "ann", "01-01T00:00"),
        row("a", "ann", "01-02T10:00"),
        row("b", "ann", "01-03T10:00"),  # 24 hours after the second a, after the range
        row("a", "bob", "01-01T00:00"),
        row("b", "bob", "01-02T00:01"),  # a minute too late
    ]
    answer = answer_to(rows, funnel("a", "b"))
    assert counts(answer) == [2, 1]
    assert answer["steps"][1]["average_s"] == answer["steps"][1]["median_s"] == 86400
    assert answer["steps"][1]["from_first"] is None  # of two people no rate is shown
    assert answer["steps"][1]["rates"]["from_first"]["reason"] == "too_few"


def test_one_event_serves_one_step(answer_to):
    rows = [row("a", "ann", "01-01T00:00"), row("a", "bob", "01-01T00:00"), row("a", "bob", "01-01T00:00", n=2)]
    assert counts(answer_to(rows, funnel("a", "a"))) == [2, 1]


def test_equal_times_count_in_whichever_order_gets_furthest(answer_to):
    rows = [row("b", "ann", "01-01T00:00"), row("a", "ann", "01-01T00:00"), row("c", "ann", "01-01T00:00")]
    assert counts(answer_to(rows, funnel("a", "b", "c", hours=0))) == [1, 1, 1]


def test_strict_and_any_order(answer_to):
    rows = [row("a", "ann", "01-01T00:00"), row("x", "ann", "01-01T01:00"), row("b", "ann", "01-01T02:00")]
    assert counts(answer_to(rows, funnel("a", "b"))) == [1, 1]
    assert counts(answer_to([], funnel("a", "b", order="strict"))) == [1, 0]
    only = [{"property": "skip", "op": "is_not_set"}]
    assert counts(answer_to([], funnel("b", "a", order="any", filters=only))) == [1, 1]


def test_an_excluded_event_between_two_steps_ends_the_attempt_and_steps_before_it_stay(answer_to):
    rows = [
        row("x", "ann", "01-01T00:00"),  # before the first step: no harm
        row("a", "ann", "01-01T01:00"),
        row("b", "ann", "01-01T02:00"),
        row("x", "ann", "01-01T03:00", why="tired"),
        row("c", "ann", "01-01T04:00"),
        row("a", "bob", "01-01T01:00"),
        row("x", "bob", "01-01T02:00"),
        row("a", "bob", "01-01T03:00"),  # a second attempt, after it
        row("b", "bob", "01-01T04:00"),
        row("c", "bob", "01-01T05:00"),
        row("x", "bob", "01-01T05:00"),  # at the moment of the last step: after it
    ]
    leave = {"event": "x"}
    assert counts(answer_to(rows, funnel("a", "b", "c"))) == [2, 2, 2]
    assert counts(answer_to([], funnel("a", "b", "c", exclusions=[leave]))) == [2, 2, 1]
    assert counts(answer_to([], funnel("a", "b", "c", exclusions=[{**leave, "after": 1, "before": 2}]))) == [2, 2, 2]
    assert counts(answer_to([], funnel("a", "b", "c", exclusions=[{**leave, "after": 2, "before": 3}]))) == [2, 2, 1]
    why = [{"property": "why", "value": "bored"}]
    assert counts(answer_to([], funnel("a", "b", "c", exclusions=[{**leave, "filters": why}]))) == [2, 2, 2]
    assert counts(answer_to([], funnel("a", "b", "c", order="any", exclusions=[leave]))) == [2, 2, 1]


def test_an_event_that_is_a_step_and_excluded_serves_only_as_the_step_that_ends_the_stretch(answer_to):
    rows = [row("a", "ann", "01-01T01:00"), row("b", "ann", "01-01T02:00"), row("c", "ann", "01-01T03:00")]
    assert counts(answer_to(rows, funnel("a", "b", "c", exclusions=[{"event": "b"}]))) == [1, 0, 0]
    two = [{"event": "b", "after": 1, "before": 2}]
    assert counts(answer_to([], funnel("a", "b", "c", exclusions=two))) == [1, 1, 1]


WITH_OPTIONAL = [
    row("a", "ann", "01-01T01:00"),
    row("o", "ann", "01-01T02:00"),
    row("b", "ann", "01-01T03:00"),
    row("a", "bob", "01-01T01:00"),
    row("b", "bob", "01-01T03:00"),  # without o: it does not block
    row("o", "bob", "01-01T04:00"),  # too late: after the required step that follows
    row("a", "cem", "01-01T01:00"),
    row("o", "cem", "01-01T05:00"),  # does not get to b, but did o
    row("o", "dee", "01-01T01:00"),  # never began
]


def test_an_optional_step_is_reported_and_never_blocks(answer_to, owner):
    value = funnel("a", "o", "b")
    value["steps"][1]["optional"] = True
    answer = answer_to(WITH_OPTIONAL, value)
    assert counts(answer) == [3, 2, 2]
    assert [step.get("optional", False) for step in answer["steps"]] == [False, True, False]
    assert [step["dropped"] for step in answer["steps"]] == [0, 1, 1]  # from a to o: bob; from a to b: cem
    assert answer["steps"][1]["average_s"] == (3600 + 4 * 3600) / 2
    assert answer["steps"][2]["average_s"] == 2 * 3600  # from a, whether or not o lies between
    question = parse_question({**value, "products": ["planner"]}, now=NOW, default_zone="UTC")
    people = lambda **cell: sorted(one.id for one in list_people(question, cell, user=owner).people)  # noqa: E731
    assert people(step=2) == ["ann", "cem"]
    assert people(step=2, dropped=True) == ["bob"]
    assert people(step=3, dropped=True) == ["cem"]


def test_an_optional_step_never_interrupts_a_strict_funnel_and_lies_anywhere_in_any_order(answer_to):
    value = funnel("a", "o", "b", order="strict")
    assert counts(answer_to(WITH_OPTIONAL, value)) == [3, 2, 1]
    value["steps"][1]["optional"] = True
    assert counts(answer_to([], value)) == [3, 2, 2]
    assert counts(answer_to([], funnel("a", "b", order="strict"))) == [3, 1]
    swapped = funnel("b", "o", "a", order="any")
    swapped["steps"][1]["optional"] = True
    answer = answer_to([], swapped)
    assert [step["name"] for step in answer["steps"]] == ["1 of 2", "2 of 2", "o"]
    assert counts(answer) == [3, 2, 2]


def test_an_optional_step_counts_until_the_window_or_an_exclusion_ends_the_attempt(answer_to):
    rows = [row("a", "ann", "01-01T01:00"), row("o", "ann", "01-01T03:00"), row("x", "bob", "01-01T02:00")]
    rows += [row("a", "bob", "01-01T01:00"), row("o", "bob", "01-01T03:00")]
    for hours, expected in ((2, [2, 2, 0]), (1, [2, 0, 0])):
        value = funnel("a", "o", "b", hours=hours)
        value["steps"][1]["optional"] = True
        assert counts(answer_to(rows if hours == 2 else [], value)) == expected
    value = funnel("a", "o", "b", exclusions=[{"event": "x", "after": 1, "before": 3}])
    value["steps"][1]["optional"] = True
    assert counts(answer_to([], value)) == [2, 1, 0]


def test_at_the_moment_of_a_required_step_only_an_event_that_fits_none_is_an_optional_step(answer_to):
    rows = [row("a", "ann", "01-01T01:00"), row("b", "ann", "01-01T02:00")]  # each serves a required step
    rows += [row("a", "bob", "01-01T01:00"), row("o", "bob", "01-01T01:00"), row("b", "bob", "01-01T01:00")]
    value = funnel("a", "b")
    value["steps"].insert(1, {"event": None, "optional": True})
    assert counts(answer_to(rows, value)) == [2, 1, 2]


def test_a_funnel_is_broken_down_by_the_first_steps_event(answer_to):
    rows = [row("a", "ann", "01-01T00:00", plan="pro"), row("b", "ann", "01-01T01:00", plan="free")]
    rows += [row("a", "bob", "01-01T00:00")]
    steps = answer_to(rows, funnel("a", "b", breakdown=[{"property": "plan"}]))["steps"]
    assert [(step["breakdown"], step["count"]) for step in steps] == [
        (["pro"], 1),
        (["pro"], 1),
        (["(none)"], 1),
        (["(none)"], 0),
    ]


PLANS = [
    row("a", "ann", "01-01T00:00", plan="free"),
    row("b", "ann", "01-01T01:00", plan="pro"),
    row("a", "bob", "01-01T00:00", plan="pro"),
    row("b", "bob", "01-01T03:00", plan="pro"),
    row("a", "cem", "01-02T00:00", plan="free"),
]


@pytest.mark.parametrize(
    ("attribution", "expected"),
    [
        ("first", {"free": [2, 1], "pro": [1, 1]}),
        ("last", {"pro": [2, 2], "free": [1, 0]}),
        (1, {"free": [2, 1], "pro": [1, 1]}),
        (2, {"pro": [2, 2], "(none)": [1, 0]}),  # cem did not get to step 2
        ("all", {"free": [2, 0], "pro": [1, 1]}),  # ann's events do not have one plan
    ],
)
def test_a_funnels_parts_go_by_the_value_at_the_step_that_is_asked(answer_to, attribution, expected):
    steps = answer_to(PLANS, funnel("a", "b", breakdown=[{"property": "plan"}], attribution=attribution))["steps"]
    found = {}
    for step in steps:
        found.setdefault(step["breakdown"][0], []).append(step["count"])
    assert found == expected
    assert list(found) == list(expected), "the greatest first"


def test_the_same_value_at_every_step_may_count_somebody_in_several_parts_but_once_in_other(answer_to):
    cities = [f"c{n:02}" for n in range(27)]
    rows = [
        row(name, "ann", f"01-01T{n % 20:02}:{minute}", city=city)
        for n, city in enumerate(cities)
        for name, minute in (("a", "00"), ("b", "30"))
    ]
    steps = answer_to(rows, funnel("a", "b", breakdown=[{"property": "city"}], attribution="all"))["steps"]
    assert [step["count"] for step in steps] == [1, 1] * 26
    assert steps[-1]["breakdown"] == ["other"]


def test_conversion_over_time_asks_the_funnel_of_each_bucket_alone(answer_to):
    rows = [row("a", f"p{n}", "01-01T08:00") for n in range(6)] + [row("b", f"p{n}", "01-01T09:00") for n in range(3)]
    rows += [row("a", "p0", "01-02T08:00"), row("b", "p0", "01-03T07:00")]  # again, and after the range
    answer = answer_to(rows, funnel("a", "b", view="trend"))
    (line,) = answer["series"]
    assert answer["labels"] == ["2024-01-01", "2024-01-02"]
    assert (line["began"], line["converted"], line["values"]) == ([6, 1], [3, 1], [0.5, None])
    assert line["rates"][1]["reason"] == "too_few"
    for place, day in enumerate(answer["labels"]):
        alone = counts(answer_to([], funnel("a", "b", date_from=day, date_to=day)))
        assert alone == [line["began"][place], line["converted"][place]]
    assert counts(answer_to([], funnel("a", "b"))) == [6, 3], "over the whole range everybody counts once"


def test_conversion_is_open_until_the_last_attempt_of_a_bucket_has_had_its_window(answer_to):
    value = funnel("a", "b", view="trend", date_from="2024-01-30", date_to="2024-02-01", hours=24)
    rows = [row("a", "ann", "01-30T08:00")]
    assert answer_to(rows, value)["partial"] == [False, True, True]  # now is noon of 1 February


def test_time_to_convert_is_counted_in_stretches_from_the_first_step_to_the_last(answer_to):
    rows = [row("a", who, "01-01T00:00") for who in ("ann", "bob", "cem", "dee")]
    rows += [row("b", "ann", "01-01T00:10"), row("b", "bob", "01-01T00:15"), row("b", "cem", "01-01T02:00")]
    answer = answer_to(rows, funnel("a", "b", view="histogram"))
    (line,) = answer["series"]
    assert (answer["bin_s"], answer["labels"]) == (600, [600 * n for n in range(13)])
    assert line["values"] == [0, 2, *[0] * 10, 1]
    assert (line["median_s"], line["average_s"]) == (900, (600 + 900 + 7200) / 3)
    nobody = answer_to([], funnel("b", "a", view="histogram"))
    assert (nobody["labels"], nobody["series"][0]["values"], nobody["series"][0]["median_s"]) == ([], [], None)


@pytest.mark.parametrize(
    ("order", "events", "times"),
    [
        ("ordered", [(0, 1), (3, 2), (5, 1), (6, 2), (7, 4)], (0, 3, 7)),
        ("ordered", [(0, 1), (20, 1), (21, 2)], (20, 21)),
        ("ordered", [(0, 3), (0, 1)], (0, 0)),
        ("strict", [(0, 1), (1, 0), (2, 1), (3, 2)], (2, 3)),
        ("strict", [(0, 1), (1, 2), (1, 0), (2, 4)], (0, 1)),
        ("any", [(0, 4), (1, 2), (9, 1)], (0, 1, 9)),
    ],
)
def test_the_exact_path_by_hand(order, events, times):
    assert best_attempt(events, 3, order, 10, 0, 100) == times
