"""Answers worked out by hand on a few rows, one behaviour each."""

from datetime import UTC, datetime

import pytest

from insights.questions.funnel_exact import best_attempt
from insights.questions.public import ask, list_people, parse_question
from insights.questions.rates import rate_of, wilson_interval
from portal.shell.public import BadInput
from tests.factories import make_source, store_events

NOW = datetime(2024, 2, 1, 12, tzinfo=UTC)


def row(event, who, when, account=None, **properties):
    return {
        "event": event,
        "distinct_id": who,
        "timestamp": f"2024-{when}:00Z",
        "account_id": account,
        "properties": properties,
    }


@pytest.fixture
def answer_to(product, owner):
    source = make_source(product)

    def answer(rows, value, *, now=NOW, **stored):
        if rows:
            store_events(source, rows, **stored)
        question = parse_question({**value, "products": ["planner"]}, now=now, default_zone="UTC")
        return ask(question, user=owner, caller="tests")

    return answer


def trend(measure="total", interval="day", first="2024-01-01", last="2024-01-03", **more):
    series = {"event": "open", "measure": measure, **({"property": more.pop("of")} if "of" in more else {})}
    return {"kind": "trend", "series": [series], "interval": interval, "date_from": first, "date_to": last, **more}


def test_events_and_people_are_counted_by_local_day(answer_to):
    rows = [row("open", "ann", "01-01T23:30"), row("open", "ann", "01-02T08:00"), row("open", "bob", "01-02T09:00")]
    assert answer_to(rows, trend())["series"][0]["values"] == [1, 2, 0]
    assert answer_to([], trend("persons"))["series"][0]["values"] == [1, 2, 0]
    berlin = answer_to([], trend(timezone="Europe/Berlin"))
    assert berlin["series"][0]["values"] == [0, 3, 0]
    assert berlin["labels"] == ["2024-01-01", "2024-01-02", "2024-01-03"]


def test_numbers_leave_out_what_is_no_number_and_say_so(answer_to):
    rows = [row("open", "ann", f"01-01T0{n}:00", n=value) for n, value in enumerate([1, 2, 4, "9", True])]
    rows.append(row("open", "ann", "01-01T09:00"))
    found = {
        name: answer_to(rows if name == "sum" else [], trend(name, last="2024-01-02", of="n"))
        for name in ("sum", "avg", "median", "p75", "max")
    }
    values = {name: answer["series"][0]["values"] for name, answer in found.items()}
    assert values == {"sum": [7, 0], "avg": [7 / 3, None], "median": [2, None], "p75": [3, None], "max": [4, None]}
    assert {item["reason"]: item["count"] for item in found["sum"]["facts"]["left_out"]} == {
        "not_a_number": 2,
        "no_value": 1,
    }


def test_weekly_active_counts_the_seven_days_that_end_with_the_day(answer_to):
    rows = [row("open", "ann", "01-01T12:00"), row("open", "bob", "01-03T12:00")]
    values = answer_to(rows, trend("weekly_active", last="2024-01-10"))["series"][0]["values"]
    assert values == [1, 1, 2, 2, 2, 2, 2, 1, 1, 0]


def test_first_time_means_first_ever_of_those_that_fit(answer_to):
    rows = [
        row("open", "ann", "01-01T12:00", plan="free"),
        row("open", "ann", "01-02T12:00", plan="pro"),
        row("open", "bob", "01-02T12:00", plan="pro"),
    ]
    assert answer_to(rows, trend("first_time"))["series"][0]["values"] == [1, 1, 0]
    only_pro = trend("first_time", filters=[{"property": "plan", "value": "pro"}])
    assert answer_to([], only_pro)["series"][0]["values"] == [0, 2, 0]


def test_a_breakdown_shows_25_values_then_other_then_none(answer_to):
    rows = [row("open", "ann", f"01-01T{n % 24:02}:00", city=f"c{n:02}") for n in range(30)]
    rows += [row("open", "ann", "01-02T12:00", city="c29"), row("open", "bob", "01-02T13:00")]
    series = answer_to(rows, trend("total", "all", breakdown=[{"property": "city"}]))["series"]
    assert [line["breakdown"][0] for line in series] == ["c29", *(f"c{n:02}" for n in range(24)), "other", "(none)"]
    assert [line["values"][0] for line in series] == [2, *[1] * 24, 5, 1]


def test_several_properties_group_together_and_a_missing_one_is_a_part(answer_to, owner):
    rows = [row("open", "ann", f"01-01T0{n}:00", plan="pro", city="x") for n in range(3)]
    rows += [row("open", "bob", "01-01T12:00", plan="pro"), row("open", "cem", "01-01T12:00", plan="free", city="x")]
    rows += [row("open", "dee", "01-01T12:00"), row("open", "eva", "01-01T13:00")]
    value = trend("total", "all", breakdown=[{"property": "plan"}, {"property": "city"}])
    series = answer_to(rows, value)["series"]
    assert [(line["breakdown"], line["values"]) for line in series] == [
        (["pro", "x"], [3]),
        (["(none)", "(none)"], [2]),
        (["free", "x"], [1]),
        (["pro", "(none)"], [1]),
    ]
    question = parse_question({**value, "products": ["planner"]}, now=NOW, default_zone="UTC")
    cell = {"series": 0, "label": "2024-01-01", "breakdown": ["(none)", "(none)"]}
    assert sorted(one.id for one in list_people(question, cell, user=owner).people) == ["dee", "eva"]
    with pytest.raises(BadInput) as caught:
        list_people(question, {**cell, "breakdown": ["pro"]}, user=owner)
    assert list(caught.value.fields) == ["cell.breakdown"]


def test_of_several_properties_25_groups_are_shown_and_the_rest_is_other(answer_to, owner):
    rows = [row("open", f"p{n:02}", "01-01T12:00", a=n % 6, b=n // 6) for n in range(30)]
    rows += [row("open", "ann", "01-02T12:00", a=5, b=4)]
    properties = [{"property": "a"}, {"property": "b"}, {"property": "event", "of": "field"}]
    value = trend("total", "all", breakdown=properties)
    series = answer_to(rows, value)["series"]
    pairs = sorted((str(n % 6), str(n // 6)) for n in range(29))
    assert [line["breakdown"] for line in series] == [
        ["5", "4", "open"], *([*pair, "open"] for pair in pairs[:24]), ["other", "other", "other"],
    ]  # fmt: skip
    assert [line["values"][0] for line in series] == [2, *[1] * 24, 5]
    question = parse_question({**value, "products": ["planner"]}, now=NOW, default_zone="UTC")
    cell = {"series": 0, "label": "2024-01-01", "breakdown": ["other"] * 3, "group": "other"}
    assert list_people(question, cell, user=owner).total == 5


def test_an_hour_that_comes_twice_is_two_buckets_and_a_missing_one_is_none(answer_to):
    value = trend(interval="hour", first="2024-10-27", last="2024-10-27", timezone="Europe/Berlin")
    rows = [row("open", "ann", "10-27T00:30"), row("open", "ann", "10-27T01:30")]
    later = datetime(2024, 12, 1, tzinfo=UTC)
    autumn = answer_to(rows, value, now=later)
    assert len(autumn["labels"]) == 25
    assert autumn["labels"][2:4] == ["2024-10-27T02:00", "2024-10-27T02:00+01:00"]
    assert autumn["series"][0]["values"][2:4] == [1, 1]
    spring = {**value, "date_from": "2024-03-31", "date_to": "2024-03-31"}
    assert len(answer_to([], spring, now=later)["labels"]) == 23


def test_a_bucket_that_is_not_over_is_partial(answer_to):
    answer = answer_to([], trend(first="2024-01-31", last="2024-02-01"))
    assert answer["partial"] == [False, True]


def test_the_period_before_has_the_same_length_and_the_same_groups(answer_to):
    rows = [
        row("open", "ann", "01-05T12:00", city="x"),
        row("open", "ann", "01-03T12:00", city="y"),
        row("open", "ann", "01-02T12:00", city="x"),
    ]
    value = trend("total", first="2024-01-04", last="2024-01-06", compare="previous", breakdown=[{"property": "city"}])
    answer = answer_to(rows, value)
    assert answer["compare_labels"] == ["2024-01-01", "2024-01-02", "2024-01-03"]
    (line,) = answer["series"]
    assert (line["values"], line["compare_values"]) == ([0, 1, 0], [0, 1, 0])


def test_a_year_before_stands_beside_the_same_dates(answer_to):
    rows = [
        {"event": "open", "distinct_id": "ann", "timestamp": f"{day}T12:00:00Z"}
        for day in ("2023-02-28", "2023-03-01", "2023-03-02", "2024-02-28", "2024-02-29", "2024-03-02", "2024-03-02")
    ]
    rows = [{**row, "event_id": str(n)} for n, row in enumerate(rows)]
    value = trend(first="2024-02-28", last="2024-03-02", compare="year")
    answer = answer_to(rows, value, now=datetime(2024, 4, 1, tzinfo=UTC))
    assert answer["compare_labels"] == ["2023-02-28", None, "2023-03-01", "2023-03-02"]
    (line,) = answer["series"]
    assert (line["values"], line["compare_values"]) == ([1, 1, 0, 2], [1, None, 1, 1])
    more = {"first": "2024-02-28", "last": "2024-03-02", "compare": "year"}
    summed = answer_to([], trend("persons", cumulative=True, **more))["series"][0]
    assert (summed["values"], summed["compare_values"]) == ([1, 1, 1, 1], [1, None, 1, 1])
    averaged = answer_to([], trend(moving_average=2, **more))["series"][0]
    assert (averaged["values"], averaged["compare_values"]) == ([0.5, 1, 0.5, 1], [0.5, None, 1, 1])
    weeks = answer_to([], trend(interval="week", **more))
    assert weeks["compare_labels"] == ["2023-02-27"]
    assert (weeks["series"][0]["values"], weeks["series"][0]["compare_values"]) == ([4], [3])


def test_cumulative_people_are_the_running_distinct_count(answer_to):
    rows = [row("open", "ann", "01-01T12:00"), row("open", "bob", "01-01T12:00"), row("open", "ann", "01-02T12:00")]
    rows += [row("open", "cem", "01-04T12:00"), row("open", "ann", "01-04T13:00"), row("open", "dee", "01-06T12:00")]
    ask_for = lambda measure, rows=(): answer_to(  # noqa: E731 - four short uses
        rows, trend(measure, last="2024-01-04", cumulative=True)
    )["series"][0]["values"]
    assert ask_for("persons", rows) == [2, 2, 2, 3]
    assert ask_for("total") == [2, 3, 3, 5]
    assert ask_for("first_time") == [2, 2, 2, 3]
    assert ask_for("per_person") == [1, 1.5, 1.5, 5 / 3]
    later = trend("persons", first="2024-01-02", last="2024-01-04", cumulative=True)
    assert answer_to([], later)["series"][0]["values"] == [1, 1, 2]  # counted from the range's first day


def test_cumulative_numbers_are_of_all_values_so_far(answer_to):
    rows = [row("open", "ann", f"01-0{day}T12:00", n=n) for day, n in ((2, 4), (3, 1), (3, "x"), (5, 9))]
    expected = {
        "sum": [0, 4, 5, 5, 14],
        "avg": [None, 4, 2.5, 2.5, 14 / 3],
        "min": [None, 4, 1, 1, 1],
        "max": [None, 4, 4, 4, 9],
        "median": [None, 4, 2.5, 2.5, 4],
        "p75": [None, 4, 3.25, 3.25, 6.5],
    }
    for measure, values in expected.items():
        asked = trend(measure, last="2024-01-05", of="n", cumulative=True)
        assert answer_to(rows if measure == "sum" else [], asked)["series"][0]["values"] == values


def test_a_moving_average_reads_the_days_before_the_range(answer_to):
    rows = [
        row("open", "ann", f"01-{day:02}T0{n}:00") for day, times in ((8, 6), (9, 3), (12, 3)) for n in range(times)
    ]
    values = answer_to(rows, trend(first="2024-01-10", last="2024-01-13", moving_average=3))["series"][0]["values"]
    assert values == [3, 1, 1, 1]  # (6 + 3 + 0) / 3, (3 + 0 + 0) / 3, (0 + 0 + 3) / 3 …
    gaps = trend("per_person", first="2024-01-10", last="2024-01-13", moving_average=3)
    assert answer_to([], gaps)["series"][0]["values"] == [4.5, 3, 3, 3]  # days without events have no mean
    weeks = trend(first="2024-01-08", last="2024-01-14", interval="week", moving_average=2)
    assert answer_to([], weeks)["series"][0]["values"] == [6]


def test_people_behind_a_cumulative_number_are_all_so_far(answer_to, owner):
    rows = [row("open", "ann", "01-01T12:00"), row("open", "bob", "01-02T12:00"), row("open", "cem", "01-03T12:00")]
    value = {**trend("persons", cumulative=True), "products": ["planner"]}
    assert answer_to(rows, value)["series"][0]["values"] == [1, 2, 3]
    question = parse_question(value, now=NOW, default_zone="UTC")
    page = list_people(question, {"series": 0, "label": "2024-01-02"}, user=owner)
    assert sorted(person.id for person in page.people) == ["ann", "bob"]


def formula(text, *series, **more):
    return {
        **trend(**more),
        "series": [dict(zip(("event", "measure"), one, strict=True)) for one in series],
        "formula": text,
    }


def test_a_formula_shows_its_result_alone_and_no_value_where_it_divides_by_nothing(answer_to):
    rows = [row("open", "ann", f"01-01T0{n}:00") for n in range(3)]
    rows += [row("save", "ann", "01-01T09:00"), row("open", "bob", "01-02T09:00"), row("save", "cem", "01-03T09:00")]
    value = formula("100*B/A", ("open", "total"), ("save", "total"))
    (line,) = answer_to(rows, value)["series"]
    assert (line["name"], line["measure"]) == ("100 * B / A", "formula")
    assert line["values"] == [100 / 3, 0, None]  # nobody opened on the third: no value, which is not 0
    people = formula("A + B", ("open", "persons"), ("save", "persons"), interval="all")
    assert answer_to([], people)["series"][0]["values"] == [4]
    alone = formula("B", ("open", "total"), ("save", "total"))
    assert answer_to([], alone)["series"][0]["values"] == [1, 0, 1]


def test_a_formula_has_the_groups_of_all_its_series(answer_to):
    rows = [row("open", "ann", "01-01T00:00", city=f"c{n:02}") for n in range(20) for _ in range(2)]
    rows += [row("save", "ann", "01-01T00:00", city=f"c{n:02}") for n in range(15, 30) for _ in range(n)]
    rows += [row("save", "bob", "01-01T00:00")]
    rows = [{**one, "event_id": str(n)} for n, one in enumerate(rows)]
    value = formula(
        "B / (A + B)", ("open", "total"), ("save", "total"), interval="all", breakdown=[{"property": "city"}]
    )
    series = answer_to(rows, value)["series"]
    # The 20 of A by text, for they are equally large; then the greatest 5 of those that B adds; the rest of B; none.
    assert [line["breakdown"][0] for line in series] == [
        *(f"c{n:02}" for n in range(20)), *(f"c{n}" for n in range(29, 24, -1)), "other", "(none)",
    ]  # fmt: skip
    shares = [line["values"][0] for line in series]
    assert shares == [*[0] * 15, *(n / (n + 2) for n in range(15, 20)), *[1] * 5, 1, 1]


def test_a_compared_formula_has_the_same_groups(answer_to):
    rows = [row("open", "ann", "01-04T00:00", city="x"), row("save", "ann", "01-05T00:00", city="y")]
    rows += [row("open", "ann", "01-01T00:00", city="y"), row("open", "ann", "01-01T00:00", city="z")]
    more = {"first": "2024-01-04", "last": "2024-01-05", "interval": "all", "breakdown": [{"property": "city"}]}
    value = formula("A - B", ("open", "total"), ("save", "total"), compare="previous", **more)
    found = [(line["breakdown"], line["values"], line["compare_values"]) for line in answer_to(rows, value)["series"]]
    assert found == [(["x"], [1], [0]), (["y"], [-1], [0])]


def test_nobody_in_particular_stands_behind_a_formula(answer_to, owner):
    value = {**formula("A", ("open", "persons")), "products": ["planner"]}
    question = parse_question(value, now=NOW, default_zone="UTC")
    with pytest.raises(BadInput) as caught:
        list_people(question, {"series": 0, "label": "2024-01-01"}, user=owner)
    assert list(caught.value.fields) == ["cell.series"]


def test_accounts_come_from_the_event_or_the_person_and_the_rest_is_counted(answer_to):
    rows = [
        row("open", "ann", "01-01T12:00", "acme"),
        row("open", "bob", "01-01T12:00"),
        row("open", "cem", "01-01T13:00"),
    ]
    group = {"subject": "person", "subject_id": "bob", "key": "$account", "value": "beta"}
    answer = answer_to(rows, trend("persons", unit="account"), traits=[{**group, "timestamp": "2024-01-05T00:00:00Z"}])
    assert answer["series"][0]["values"] == [2, 0, 0]
    assert answer["facts"]["left_out"] == [
        {"reason": "no_account", "why": "events without an account, and whose person has none", "count": 1}
    ]


def test_joined_ids_are_one_person_also_in_the_past(answer_to):
    rows = [row("open", "anon", "01-01T12:00"), row("open", "ann", "01-01T13:00")]
    join = {"kind": "identify", "distinct_id": "anon", "person_id": "ann", "timestamp": "2024-01-02T00:00:00Z"}
    assert answer_to(rows, trend("persons"), joins=[join])["series"][0]["values"] == [1, 0, 0]


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


def test_retention_by_hand(answer_to):
    rows = [
        row("join", "ann", "01-01T12:00"),
        row("join", "bob", "01-02T12:00"),
        row("open", "ann", "01-09T12:00"),
        row("open", "ann", "01-16T12:00"),
        row("open", "bob", "01-17T12:00"),
        row("join", "ann", "01-10T12:00"),
    ]
    value = {
        "kind": "retention",
        "target": {"event": "join"},
        "returning": {"event": "open"},
        "intervals": 3,
        "date_from": "2024-01-01",
    }
    shown = lambda answer: [row["values"] for row in answer["cohorts"]]  # noqa: E731 - three short uses
    assert shown(answer_to(rows, value)) == [[2, 1, 2], [1, 1], [0]]
    assert shown(answer_to([], {**value, "unbounded": True})) == [[2, 2, 2], [1, 1], [0]]
    assert shown(answer_to([], {**value, "mode": "first_time"})) == [[2, 1, 2], [0, 0], [0]]
    assert shown(answer_to([], {**value, "unbounded": True, "minimum": 2})) == [[2, 1, 0], [1, 0], [0]]


def test_rolling_retention_counts_from_each_ones_own_start(answer_to):
    rows = [
        row("join", "ann", "01-01T18:00"),
        row("open", "ann", "01-02T09:00"),  # the next day, 15 hours later
        row("open", "ann", "01-03T17:59"),  # the day after it, within 48 hours
        row("join", "bob", "01-01T06:00"),
        row("open", "bob", "01-02T06:00"),  # 24 hours later to the second
        row("open", "bob", "01-05T05:59"),
    ]
    value = {
        "kind": "retention",
        "target": {"event": "join"},
        "returning": {"event": "open"},
        "interval": "day",
        "intervals": 4,
        "date_from": "2024-01-01",
    }
    first = lambda answer: answer["cohorts"][0]["values"]  # noqa: E731 - short uses
    assert first(answer_to(rows, value)) == [2, 2, 1, 0]
    assert first(answer_to([], {**value, "rolling": True})) == [2, 2, 0, 1]
    assert first(answer_to([], {**value, "rolling": True, "unbounded": True})) == [2, 2, 1, 1]
    assert first(answer_to([], {**value, "rolling": True, "unbounded": True, "minimum": 2})) == [2, 1, 0, 0]


def test_a_rolling_interval_is_over_when_it_is_for_all_of_its_row(answer_to):
    value = {"kind": "retention", "target": {"event": "a"}, "returning": {"event": "a"}, "interval": "day"}
    value |= {"intervals": 3, "date_from": "2024-01-29"}  # now is noon of 1 February
    rows = [cohort["partial"] for cohort in answer_to([], value)["cohorts"]]
    assert rows == [[False, False, False], [False, False], [False]]
    rolling = [cohort["partial"] for cohort in answer_to([], {**value, "rolling": True})["cohorts"]]
    assert rolling == [[False, False, True], [False, True], [False]]


def test_stickiness_and_lifecycle_by_hand(answer_to):
    rows = [row("open", "ann", f"01-0{day}T12:00") for day in (1, 2, 4)] + [row("open", "bob", "01-02T12:00")]
    common = {"date_from": "2024-01-01", "date_to": "2024-01-04", "interval": "day"}
    sticky = answer_to(rows, {"kind": "stickiness", "series": [{"event": "open"}], **common})
    assert (sticky["labels"], sticky["series"][0]["values"]) == ([1, 2, 3, 4], [1, 0, 1, 0])
    life = answer_to([], {"kind": "lifecycle", "event": {"event": "open"}, **common})
    assert life["new"] == [1, 1, 0, 0]
    assert life["returning"] == [0, 1, 0, 0]
    assert life["resurrecting"] == [0, 0, 0, 1]
    assert life["dormant"] == [0, 0, -2, 0]


def paths(steps=3, **more):
    given = more if "end" in more else {"start": {"event": "a"}, **more}
    return {"kind": "paths", "steps": steps, "date_from": "2024-01-01", "date_to": "2024-01-02", **given}


def edges_of(answer):
    return [(edge["from"], edge["to"], edge["count"], edge["median_s"]) for edge in answer["edges"]]


def stops_of(answer):
    return {place["name"]: (place["count"], place["ended"]) for place in answer["places"]}


_WALKS = [
    row("x", "ann", "01-01T09:50"),  # before the start, so not of the path
    row("a", "ann", "01-01T10:00"),
    row("b", "ann", "01-01T10:10"),
    row("b", "ann", "01-01T10:12"),  # the same again: one step
    row("c", "ann", "01-01T10:41"),  # 29 minutes later: the same session
    row("a", "bob", "01-01T10:00"),
    row("b", "bob", "01-01T10:20"),
    row("c", "bob", "01-01T10:50"),  # 30 minutes later: another session, without a start
    row("a", "bob", "01-02T10:00"),
    row("c", "bob", "01-02T10:01"),
]


def test_a_path_goes_from_its_start_until_half_an_hour_of_silence(answer_to):
    answer = answer_to(_WALKS, paths())
    assert edges_of(answer) == [("1. a", "2. b", 2, 900), ("1. a", "2. c", 1, 60), ("2. b", "3. c", 1, 1860)]
    assert answer["nodes"] == ["1. a", "2. b", "2. c", "3. c"]
    assert stops_of(answer) == {"1. a": (2, 0), "2. b": (2, 1), "2. c": (1, 1), "3. c": (1, 1)}
    assert (answer["n_people"], answer["n_paths"]) == (2, 3)


def test_repeats_are_steps_of_their_own_only_if_asked_for(answer_to):
    answer = answer_to(_WALKS, paths(4, repeats=True))
    assert ("2. b", "3. b", 1, 120) in edges_of(answer)
    assert ("3. b", "4. c", 1, 1740) in edges_of(answer)


def test_a_longer_gap_joins_sessions(answer_to):
    answer = answer_to(_WALKS, paths(session_gap={"value": 31, "unit": "minute"}))
    assert ("2. b", "3. c", 2, 1830) in edges_of(answer)


def test_paths_up_to_an_end_stand_under_its_step(answer_to):
    answer = answer_to(_WALKS, paths(end={"event": "c"}))
    assert edges_of(answer) == [
        ("1. a", "2. b", 1, 600),
        ("2. a", "3. c", 1, 60),
        ("2. b", "3. c", 1, 1860),
    ]
    # Ann's path began with x before its three steps; bob's began at c once and at a once.
    assert stops_of(answer) == {"1. a": (1, 0), "2. a": (1, 1), "2. b": (1, 0), "3. c": (2, 1)}


def test_edges_beyond_the_most_frequent_are_other(answer_to):
    rows = [row("a", who, "01-01T10:00") for who in ("ann", "bob", "cem", "dee")]
    rows += [row("b", who, "01-01T10:02") for who in ("ann", "bob")]
    rows += [row("c", "cem", "01-01T10:04"), row("d", "dee", "01-01T10:06"), row("b", "dee", "01-01T10:08")]
    answer = answer_to(rows, paths(edges=1))
    assert edges_of(answer) == [
        ("1. a", "2. b", 2, 120),
        ("1. a", "2. other", 2, 300),
        ("2. other", "3. other", 1, 120),
    ]
    assert stops_of(answer) == {"1. a": (4, 0), "2. b": (2, 2), "2. other": (2, 1), "3. other": (1, 1)}


def test_starts_come_first_of_what_happened_at_one_moment(answer_to):
    rows = [row("A", "ann", "01-01T10:00"), row("a", "ann", "01-01T10:00"), row("b", "ann", "01-01T10:00")]
    assert answer_to(rows, paths())["nodes"] == ["1. a", "2. A", "3. b"]
    assert answer_to([], paths(end={"event": "a"}))["nodes"] == ["1. A", "2. b", "3. a"]


def test_paths_of_accounts_follow_all_its_people_and_filters_choose_the_events(answer_to):
    rows = [
        row("a", "ann", "01-01T10:00", "acme", plan="pro"),
        row("x", "bob", "01-01T10:01", "acme"),
        row("b", "bob", "01-01T10:02", "acme", plan="pro"),
        row("a", "cem", "01-01T10:00"),
    ]
    assert edges_of(answer_to(rows, paths(unit="account")))[0] == ("1. a", "2. x", 1, 60)
    pro = paths(unit="account", filters=[{"property": "plan", "value": "pro"}])
    assert edges_of(answer_to([], pro)) == [("1. a", "2. b", 1, 120)]


def test_the_period_before_counts_the_same_edges(answer_to):
    rows = [row("a", "ann", "01-01T10:00"), row("b", "ann", "01-01T10:05")]
    rows += [row("a", "bob", "01-01T10:00"), row("c", "bob", "01-01T10:05")]
    rows += [row("a", "ann", "01-03T10:00"), row("b", "ann", "01-03T10:01")]
    value = paths(edges=1, compare="previous") | {"date_from": "2024-01-03", "date_to": "2024-01-04"}
    answer = answer_to(rows, value)
    assert edges_of(answer) == [("1. a", "2. b", 1, 60)]
    assert edges_of(answer["compare"])[0] == ("1. a", "2. b", 1, 300)


def test_wilson_intervals_as_published():
    # statsmodels 0.14: proportion_confint(8, 10, method="wilson"), and (0, 20), (20, 20)
    assert [round(bound, 4) for bound in wilson_interval(8, 10)] == [0.4902, 0.9433]
    assert [round(bound, 4) for bound in wilson_interval(0, 20)] == [0.0, 0.1611]
    assert [round(bound, 4) for bound in wilson_interval(20, 20)] == [0.8389, 1.0]
    assert rate_of(4, 4)["reason"] == "too_few"


def test_adoption_says_who_uses_what_and_how_engaged_all_are(answer_to, owner):
    rows = [
        row("signed up", "ann", "01-01T12:00"),  # Monday
        row("report", "ann", "01-02T12:00"),
        row("report", "ann", "01-03T12:00"),
        row("report", "ann", "01-09T12:00"),
        row("signed up", "bob", "01-01T12:00"),
        row("export", "bob", "01-10T12:00"),
        row("signed up", "cem", "01-08T12:00"),
        row("signed up", "dee", "01-05T12:00"),
    ]
    features = [
        {"name": "Reports", "events": [{"event": "report"}, {"event": "export"}], "core": True},
        {"name": "Unused", "events": [{"event": "nothing"}]},
    ]
    value = {"kind": "adoption", "features": features, "date_from": "2024-01-01", "date_to": "2024-01-14"}
    answer = answer_to(rows, value)
    reports, unused = answer["features"]
    assert (answer["active"], answer["actives"]) == (4, [3, 3])
    assert (reports["users"], reports["events"], reports["depth"]) == (2, 4, 2)
    assert reports["first_use"] == {"count": 2, "median_s": (1 + 9) / 2 * 86400}
    assert answer["series"][0]["users"] == [1, 2]
    # In the first week ann used reports and bob and dee did not; ann and bob are back in the second.
    kept = {name: (one["kept"], one["of"]) for name, one in reports["retention"].items()}
    assert kept == {"users": (1, 1), "others": (1, 2)}
    assert (unused["users"], unused["depth"], unused["first_use"]["median_s"]) == (0, None, None)
    score = answer["score"]
    assert score["adoption"] == 50  # of the core features: 2 of 4
    assert score["stickiness"] == 100 * (3 + 1 + 1 + 1 + 1 + 1) / (6 * 7)  # days of each person and week
    assert score["came_and_went"] == {"new": 4, "recovered": 0, "dropped": 1, "ratio": 4}
    assert score["growth"] == 80
    assert score["value"] == (50 + score["stickiness"] + 80) / 3
    question = parse_question({**value, "products": ["planner"]}, now=NOW, default_zone="UTC")
    people = lambda **cell: sorted(one.id for one in list_people(question, cell, user=owner).people)  # noqa: E731
    assert people(feature=0) == ["ann", "bob"]
    assert people(feature=0, label="2024-01-01") == ["ann"]
    assert people(feature=0, others=True) == ["cem", "dee"]
    features[0]["core"] = False
    assert (answer_to([], value)["score"]["value"], answer_to([], value)["score"]["reason"]) == (
        None,
        "no_core_feature",
    )
