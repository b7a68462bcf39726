"""Answers worked out by hand on a few rows, one behaviour each: trends and formulas."""

from datetime import UTC, datetime

import pytest

from insights.questions.public import list_people, parse_question
from portal.shell.public import BadInput
from tests.insights.questions.worked import NOW, row


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


@pytest.mark.parametrize(("measure", "other", "before"), [("total", 4, 3), ("persons", 2, 2)])
def test_the_period_before_has_its_other_and_none_too(answer_to, measure, other, before):
    names = [f"c{n:02}" for n in range(27)]
    rows = [row("open", "ann", f"01-05T{n % 24:02}:{n:02}", city=name) for n, name in enumerate(names)]
    rows += [row("open", "bob", "01-06T09:00", city="c26"), row("open", "bob", "01-06T10:00", city="c25")]
    rows += [row("open", "bob", f"01-06T11:{n:02}", city=name) for n, name in enumerate(names[:24])]
    rows += [row("open", "bob", "01-06T12:00", city="c24"), row("open", "cem", "01-06T13:00", city="c24")]
    rows += [row("open", "dee", "01-06T14:00")]
    # Two of 27 names are "other": of the earlier days it has those two, and one that only they know.
    rows += [row("open", "ann", "01-02T09:00", city=name) for name in ("c00", "c25", "gone")]
    rows += [row("open", "eva", "01-03T09:00", city="c26"), row("open", "eva", "01-03T10:00")]
    shown = trend(measure, "all", "2024-01-04", "2024-01-06", compare="previous", breakdown=[{"property": "city"}])
    answer = answer_to(rows, shown)
    found = {line["breakdown"][0]: (line["values"], line["compare_values"]) for line in answer["series"]}
    assert found["c00"] == ([2], [1])
    assert found["c01"] == ([2], [0])
    assert found["other"] == ([other], [before])
    assert found["(none)"] == ([1], [1])
    assert list(found)[-2:] == ["other", "(none)"] and "gone" not in found
    assert len(answer["facts"]["sql"]) == (1 if measure == "total" else 2)  # one statement reads both ranges


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
