"""Answers worked out by hand on a few rows: retention, stickiness, lifecycle, adoption and rates."""

from insights.questions.public import list_people, parse_question
from insights.questions.rates import rate_of, wilson_interval
from tests.insights.questions.worked import NOW, row


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
