"""Reading questions: defaults are filled, and every fault has its path."""

from datetime import UTC, datetime

import pytest

from insights.questions.public import QUESTION_KINDS, parse_question, question_key, say_question
from portal.shell.public import BadInput

NOW = datetime(2024, 2, 1, 12, tzinfo=UTC)  # a Thursday
EXAMPLES = {
    "trend": {"kind": "trend", "series": [{"event": "report opened", "measure": "persons"}], "date_from": "-30d"},
    "funnel": {"kind": "funnel", "steps": [{"event": "signed up"}, {"event": "invited"}], "date_from": "-90d"},
    "retention": {
        "kind": "retention",
        "target": {"event": "signed up"},
        "returning": {"event": None},
        "mode": "first_time",
        "date_from": "2024-01-01",
    },
    "stickiness": {"kind": "stickiness", "series": [{"event": "report opened"}], "date_from": "-30d"},
    "goes_with": {"kind": "goes_with", "target": {"event": "signed up"}, "returning": {"event": None}},
    "adoption": {"kind": "adoption", "features": [{"name": "Reports", "events": [{"event": "report opened"}]}]},
    "lifecycle": {"kind": "lifecycle", "event": {"event": "report opened"}, "date_from": "-12w"},
    "paths": {"kind": "paths", "start": {"event": "signed up"}, "steps": 5, "edges": 50, "date_from": "-30d"},
}


def parse(value, **changes):
    return parse_question({**value, **changes}, now=NOW, default_zone="Europe/Berlin")


def faults_of(value, **changes):
    with pytest.raises(BadInput) as caught:
        parse(value, **changes)
    return caught.value.fields


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_question_in_full_reads_as_the_same_question(kind):
    question = parse(EXAMPLES[kind])
    again = parse_question(question.to_json(), now=NOW, default_zone="UTC")
    assert again == question
    assert question_key(again) == question_key(question)


def test_every_kind_has_an_example_here():
    assert set(EXAMPLES) == set(QUESTION_KINDS)


def test_defaults_are_filled():
    value = parse(EXAMPLES["funnel"]).to_json()
    assert value["window"] == {"value": 14, "unit": "day"}
    assert value["order"] == "ordered"
    assert value["timezone"] == "Europe/Berlin"
    assert value["steps"][0] == {"event": "signed up", "filters": []}


def test_every_fault_is_named_at_once():
    found = faults_of(
        EXAMPLES["trend"],
        series=[{"event": "a", "measure": "sum", "x": 1, "filters": [{"any": [{"property": "z", "op": "in_cohort"}]}]}],
        formula="A/B",
        interval="fortnight",
        timezone="Mars/Olympus",
        date_from="2024-13-01",
        foo=1,
    )
    assert set(found) == {
        "series[0].filters[0].any[0].property",
        "series[0].filters[0].any[0].value",
        "series[0].property",
        "series[0].x",
        "formula",
        "interval",
        "timezone",
        "date_from",
        "foo",
    }


@pytest.mark.parametrize(
    ("kind", "changes", "path"),
    [
        ("funnel", {"steps": [{"event": "a", "optional": True}, {"event": "b"}]}, "steps[0].optional"),
        ("funnel", {"order": "any", "steps": [{"event": "a", "optional": True}]}, "steps"),
        ("funnel", {"steps": [{"event": "a"}, {"event": "b", "optional": 1}]}, "steps[1].optional"),
        ("funnel", {"steps": [{"event": "a"}, {"event": "b", "optional": True}], "view": "trend"}, "view"),
        ("funnel", {"steps": [{"event": "a"}, {"event": "b", "optional": True}], "attribution": 2}, "attribution"),
        ("retention", {"rolling": True, "interval": "month"}, "rolling"),
        ("lifecycle", {"breakdown": [{"property": "a"}]}, "breakdown"),
        ("goes_with", {"breakdown": [{"property": "a"}]}, "breakdown"),
        ("goes_with", {"days": 7, "until": 7}, "until"),
        ("goes_with", {"days": 0}, "days"),
        ("goes_with", {"interval": "day"}, "interval"),
        ("adoption", {"breakdown": [{"property": "a"}]}, "breakdown"),
        ("adoption", {"features": []}, "features"),
        ("adoption", {"features": [{"name": "a", "events": []}]}, "features[0].events"),
        ("adoption", {"features": [{"events": [{"event": "a"}]}]}, "features[0].name"),
        ("adoption", {"features": 2 * [{"name": "a", "events": [{"event": "a"}]}]}, "features[1].name"),
        ("adoption", {"interval": "day"}, "interval"),
        ("adoption", {"date_from": "-3y", "interval": "week"}, "interval"),
        ("paths", {"breakdown": [{"property": "a"}]}, "breakdown"),
    ],
)
def test_options_that_a_kind_does_not_have_are_refused_by_name(kind, changes, path):
    assert list(faults_of(EXAMPLES[kind], **changes)) == [path]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"series": []}, "series"),
        ({"series": "a"}, "series"),
        ({"series": [{"measure": "total"}]}, "series[0].event"),
        ({"series": [{"event": ""}]}, "series[0].event"),
        ({"series": [{"event": "a", "measure": "total", "property": "p"}]}, "series[0].property"),
        ({"series": [{"event": "a", "measure": "weekly_active"}], "interval": "hour"}, "series[0].measure"),
        ({"filters": [{"property": "a", "op": "matches", "value": "("}]}, "filters[0].value"),
        ({"filters": [{"property": "a", "op": "between", "value": [1]}]}, "filters[0].value"),
        ({"filters": [{"property": "a", "op": "gt", "value": True}]}, "filters[0].value"),
        ({"filters": [{"property": "a", "op": "is_set", "value": 1}]}, "filters[0].value"),
        ({"filters": [{"any": []}]}, "filters[0].any"),
        ({"filters": [{"property": "a", "op": "not_in_cohort", "value": 1}]}, "filters[0].property"),
        ({"filters": [{"op": "in_cohort"}]}, "filters[0].value"),
        ({"filters": [{"op": "in_cohort", "value": []}]}, "filters[0].value"),
        ({"filters": [{"op": "in_cohort", "value": ["a", True]}]}, "filters[0].value"),
        ({"filters": [{"op": "in_cohort", "of": "field", "value": "a"}]}, "filters[0].of"),
        ({"breakdown": [{"of": "cohort"}]}, "breakdown[0].property"),
        ({"unit": "session"}, "unit"),
        ({"compare": "decade"}, "compare"),
        ({"date_from": "2024-03-01", "date_to": "2024-02-01"}, "date_from"),
        ({"date_from": "-0d"}, "date_from"),
        ({"date_to": "2024-01-31T10:00"}, "date_to"),
        ({"products": ["a"], "sources": ["b"]}, "sources"),
        ({"products": "a"}, "products"),
        ({"breakdown": [{"property": name} for name in "abcd"]}, "breakdown"),
        ({"breakdown": [{"property": "a"}, {"property": "a", "of": "event"}]}, "breakdown[1].property"),
        ({"breakdown": [{"property": "a"}, {"of": "person"}]}, "breakdown[1].property"),
        ({"cumulative": "yes"}, "cumulative"),
        ({"cumulative": True, "series": [{"event": "a", "measure": "weekly_active"}]}, "series[0].measure"),
        ({"cumulative": True, "moving_average": 7}, "moving_average"),
        ({"moving_average": 1}, "moving_average"),
        ({"moving_average": 7.5}, "moving_average"),
        ({"moving_average": 7, "interval": "all"}, "moving_average"),
        ({"formula": 7}, "formula"),
        ({"formula": ""}, "formula"),
        ({"formula": "A +"}, "formula"),
        ({"formula": "A / B"}, "formula"),
        ({"formula": "A" * 201}, "formula"),
        ({"formula": "__import__('os')"}, "formula"),
    ],
)
def test_a_fault_has_its_path(changes, path):
    assert list(faults_of(EXAMPLES["trend"], **changes)) == [path]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"attribution": "middle"}, "attribution"),
        ({"attribution": 3}, "attribution"),
        ({"attribution": 0}, "attribution"),
        ({"attribution": True}, "attribution"),
        ({"view": "pie"}, "view"),
        ({"view": "trend", "interval": "all"}, "interval"),
        ({"view": "histogram", "interval": "day"}, "interval"),
        ({"interval": "day"}, "interval"),
        ({"view": "trend", "steps": [{"event": "a"}]}, "view"),
    ],
)
def test_a_fault_of_a_funnels_options_has_its_path(changes, path):
    assert list(faults_of(EXAMPLES["funnel"], **changes)) == [path]


def test_conversion_over_time_is_by_whole_buckets_that_stay_open_for_the_window():
    value = {**EXAMPLES["funnel"], "view": "trend", "interval": "week", "date_from": "-2w", "date_to": "2024-01-28"}
    question = parse(value)
    assert (question.period.start.day, question.period.end.day) == (15, 29)
    assert question.to_json()["interval"] == "week"
    assert parse(question.to_json()) == question
    assert question.settling.days == 14
    later = parse_question(value, now=datetime(2024, 2, 6, 12, tzinfo=UTC), default_zone="Europe/Berlin")
    assert question_key(later) != question_key(question), "the first week's last attempt had its 14 days"
    assert "interval" not in parse(EXAMPLES["funnel"]).to_json()


@pytest.mark.parametrize(
    ("exclusion", "path"),
    [
        ({}, "exclusions[0].event"),
        ({"event": "x", "after": 0}, "exclusions[0].after"),
        ({"event": "x", "after": 2}, "exclusions[0].after"),
        ({"event": "x", "before": 3}, "exclusions[0].before"),
        ({"event": "x", "filters": [{"property": "a", "op": "gt"}]}, "exclusions[0].filters[0].value"),
        ({"event": "x", "step": 1}, "exclusions[0].step"),
        ("x", "exclusions[0]"),
    ],
)
def test_a_fault_of_an_exclusion_has_its_path(exclusion, path):
    assert list(faults_of(EXAMPLES["funnel"], exclusions=[exclusion])) == [path]


def test_an_exclusion_lies_between_the_first_and_the_last_step_unless_it_says_otherwise():
    value = {**EXAMPLES["funnel"], "steps": [{"event": name} for name in "abc"], "exclusions": [{"event": "x"}]}
    assert parse(value).to_json()["exclusions"] == [{"event": "x", "filters": [], "after": 1, "before": 3}]
    assert list(faults_of(value, exclusions=[{"event": "x", "after": 2, "before": 2}])) == ["exclusions[0].before"]
    assert list(faults_of(value, steps=[{"event": "a"}])) == ["exclusions"]


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"start": None}, ["start"]),
        ({"end": {"event": "paid"}}, ["end"]),
        ({"start": "signed up"}, ["start"]),
        ({"start": {"event": "a", "optional": True}}, ["start.optional"]),
        ({"start": {"event": "a", "filters": [{"property": "p", "op": "gt"}]}}, ["start.filters[0].value"]),
        ({"steps": 1}, ["steps"]),
        ({"steps": 11}, ["steps"]),
        ({"steps": "5"}, ["steps"]),
        ({"edges": 0}, ["edges"]),
        ({"edges": 201}, ["edges"]),
        ({"repeats": "yes"}, ["repeats"]),
        ({"session_gap": 30}, ["session_gap"]),
        ({"session_gap": {"value": 0, "unit": "week"}}, ["session_gap.unit", "session_gap.value"]),
        ({"session_gap": {"value": 1, "unit": "day", "of": 1}}, ["session_gap.of"]),
        ({"interval": "day"}, ["interval"]),
    ],
)
def test_a_fault_of_paths_has_its_path(changes, paths):
    assert list(faults_of(EXAMPLES["paths"], **changes)) == paths


def test_paths_fill_in_their_defaults():
    value = parse({"kind": "paths", "end": {"event": "paid"}, "start": None}).to_json()
    assert (value["steps"], value["edges"], value["repeats"]) == (5, 50, False)
    assert value["session_gap"] == {"value": 30, "unit": "minute"}
    assert "start" not in value


@pytest.mark.parametrize(
    ("changes", "first", "end"),
    [
        ({"date_from": "-30d"}, "2024-01-03", "2024-02-02"),
        ({"date_from": "-30d", "date_to": "2024-01-30"}, "2024-01-01", "2024-01-31"),
        ({"date_from": "-8w", "interval": "week"}, "2023-12-11", "2024-02-05"),
        ({"date_from": "-1w", "week_start": "sunday"}, "2024-01-28", "2024-02-04"),
        ({"date_from": "2024-01-10", "interval": "month"}, "2024-01-01", "2024-03-01"),
        ({"date_from": "2024-01-10", "interval": "quarter"}, "2024-01-01", "2024-04-01"),
        ({"date_from": "2024-01-10", "date_to": "2024-01-10"}, "2024-01-10", "2024-01-11"),
    ],
)
def test_ranges_are_local_days_widened_from_week_up(changes, first, end):
    period = parse(EXAMPLES["trend"], **changes).period
    assert (f"{period.start:%Y-%m-%d}", f"{period.end:%Y-%m-%d}") == (first, end)


def test_by_hour_a_range_may_name_hours_and_includes_the_last():
    question = parse(EXAMPLES["trend"], interval="hour", date_from="2024-01-10T08:00", date_to="2024-01-10T09:00")
    assert (question.period.start.hour, question.period.end.hour) == (8, 10)


def test_a_key_tells_days_apart_but_not_equal_questions():
    relative, absolute = parse(EXAMPLES["trend"]), parse(EXAMPLES["trend"], date_from="2024-01-03")
    later = parse_question(relative.to_json(), now=datetime(2024, 2, 2, 12, tzinfo=UTC), default_zone="UTC")
    assert question_key(relative) == question_key(absolute)
    assert question_key(relative) != question_key(later)


def test_a_question_is_said_in_plain_words():
    said = {kind: say_question(parse(EXAMPLES[kind]).to_json()) for kind in QUESTION_KINDS}
    assert said["trend"] == "People who did “report opened”, by day; the 30 days to today (Europe/Berlin)."
    assert said["retention"].startswith(
        "Of the people who for the first time did “signed up”, how many did any event in"
    )


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (
            {
                "kind": "trend",
                "series": [{"event": "paid", "measure": "sum", "property": "€"}],
                "interval": "week",
            },
            "Sum of € in “paid”, by week.",
        ),
        (
            {"kind": "trend", "series": [{"event": None}], "breakdown": [{"property": "event", "of": "field"}]},
            "Number of events of any name, by day; broken down by event name.",
        ),
        (
            {"kind": "funnel", "steps": [{"event": "a"}, {"event": "b"}], "window": {"value": 1, "unit": "day"}},
            "People who did “a”, then “b”, in this order, within 1 day.",
        ),
        (
            {"kind": "funnel", "steps": [{"event": "a"}, {"event": "b"}], "exclusions": [{"event": "x"}]},
            "People who did “a”, then “b”, in this order, within 14 days, and without “x” between steps 1 and 2.",
        ),
        (
            {
                "kind": "funnel",
                "steps": [{"event": "a"}, {"event": "b"}],
                "view": "trend",
                "interval": "week",
                "breakdown": [{"property": "plan"}],
                "attribution": 2,
            },
            "Conversion over time of people who did “a”, then “b”, in this order, within 14 days, by week;"
            " broken down by plan as at step 2.",
        ),
        (
            {
                "kind": "funnel",
                "steps": [{"event": "a"}, {"event": "b"}],
                "view": "histogram",
                "breakdown": [{"property": "plan"}],
                "attribution": "all",
            },
            "Time from the first step to the last of people who did “a”, then “b”, in this order, within 14 days;"
            " broken down by plan, the same at every step.",
        ),
        (
            {"kind": "stickiness", "unit": "account", "series": [{"event": "a"}], "date_from": "-1d"},
            "Accounts by the number of days on which they did “a”; today.",
        ),
        (
            {
                "kind": "lifecycle",
                "event": {"event": "a"},
                "filters": [{"property": "paid", "op": "is", "value": [True]}],
            },
            "People new, returning, resurrecting and dormant by “a”, by week; only where paid is true.",
        ),
        (
            {"kind": "paths", "start": {"event": "a"}, "steps": 4, "date_from": "-1w"},
            "Paths of people after “a”, 4 steps, until 30 minutes of silence; the week to today.",
        ),
        (
            {
                "kind": "paths",
                "unit": "account",
                "end": {"event": None},
                "repeats": True,
                "session_gap": {"value": 1, "unit": "hour"},
            },
            "Paths of accounts before any event, 5 steps, repeats one by one, until 1 hour of silence.",
        ),
    ],
)
def test_every_kind_is_said_in_one_sentence(question, sentence):
    assert say_question(question) == sentence
