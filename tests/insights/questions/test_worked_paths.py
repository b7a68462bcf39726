"""Answers worked out by hand on a few rows, one behaviour each: paths."""

from tests.insights.questions.worked import row


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
