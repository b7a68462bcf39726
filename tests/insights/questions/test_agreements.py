"""What must always agree, on generated worlds; and the people behind numbers, who are as many as the number."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from insights.questions.public import list_people
from portal.people.public import SYSTEM
from tests.insights.questions import oracle
from tests.insights.questions.test_oracle import _profile, ask_json, group_of, store_world
from tests.insights.questions.worlds import QUESTIONS, trends, worlds

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


def people_of(question, cell):
    page = list_people(question, cell, user=SYSTEM, page_size=200)
    assert page.total == len(page.people)
    return sorted(person.id for person in page.people)


def cell_of(element, **place):
    shown = {} if element["group"] == "all" else {"breakdown": element["breakdown"], "group": element["group"]}
    return {**place, **shown}


def test_persons_over_one_bucket_are_the_first_step_and_the_list(team):
    @settings(max_examples=2, **_profile)
    @given(worlds, st.lists(trends(), min_size=6, max_size=6))
    def run(world, questions):
        slug = store_world(world, team)
        for base in questions:
            spec = {"event": base["series"][0]["event"], "filters": base["series"][0]["filters"]}
            common = {key: base[key] for key in ("unit", "timezone", "filters", "date_from", "date_to")}
            value = {"kind": "trend", "series": [{**spec, "measure": "persons"}], "interval": "all", **common}
            question, answer = ask_json(value, slug)
            _, funnel = ask_json({"kind": "funnel", "steps": [spec, {"event": None}], **common}, slug)
            (persons,) = answer["series"][0]["values"]
            assert persons == funnel["steps"][0]["count"] >= funnel["steps"][1]["count"]
            assert persons == len(people_of(question, {"series": 0, "label": answer["labels"][0]}))

    run()


def test_as_many_have_paths_as_did_the_event_they_start_or_end_with(team):
    @settings(max_examples=2, **_profile)
    @given(worlds, st.lists(QUESTIONS["paths"], min_size=6, max_size=6))
    def run(world, questions):
        slug = store_world(world, team)
        for base in questions:
            spec = base.get("start") or base["end"]
            common = {key: base[key] for key in ("unit", "timezone", "filters", "date_from", "date_to")}
            value = {"kind": "trend", "series": [{**spec, "measure": "persons"}], "interval": "all", **common}
            _, trend = ask_json(value, slug)
            _, answer = ask_json(base, slug)
            assert trend["series"][0]["values"] == [answer["n_people"]]
            for edge in answer["edges"]:
                assert edge["count"] <= answer["n_people"]

    run()


def test_parts_of_a_broken_down_count_add_up(team):
    @settings(max_examples=2, **_profile)
    @given(worlds, st.lists(trends(), min_size=6, max_size=6))
    def run(world, questions):
        slug = store_world(world, team)
        for value in questions:
            series = [{"event": one["event"], "filters": one["filters"], "measure": "total"} for one in value["series"]]
            parts = {**value, "series": series[:1], "breakdown": [{"property": "city"}]}
            _, broken = ask_json(parts, slug)
            _, whole = ask_json({**parts, "breakdown": []}, slug)
            sums = [sum(column) for column in zip(*(line["values"] for line in broken["series"]), strict=True)]
            assert (sums or [0] * len(whole["labels"])) == whole["series"][0]["values"]

    run()


def test_a_compared_range_is_the_same_question_about_those_days(team):
    @settings(max_examples=2, **_profile)
    @given(
        worlds, st.lists(st.tuples(QUESTIONS["trend"], st.sampled_from(["previous", "year"])), min_size=8, max_size=8)
    )
    def run(world, questions):
        slug = store_world(world, team)
        for base, mode in questions:
            asked = {**base, "interval": "day"}
            first, last = (date.fromisoformat(base[key]) for key in ("date_from", "date_to"))
            step = last - first + timedelta(days=1)
            later = {"date_from": (first + step).isoformat(), "date_to": (last + step).isoformat()}
            if mode == "year":
                later = {key: f"2025{base[key][4:]}" for key in later}
            _, answer = ask_json({**asked, **later, "compare": mode}, slug)
            _, alone = ask_json(asked, slug)
            assert answer["compare_labels"] == alone["labels"]
            before = {(one["index"], *group_of(one)): one["values"] for one in alone["series"]}
            for line in answer["series"]:  # a group that has nothing there says what no events say
                found = before.get((line["index"], *group_of(line)))
                assert line["compare_values"] == found if found else not any(line["compare_values"])

    run()


def test_lifecycle_adds_up_and_retention_never_exceeds_its_rows(team):
    @settings(max_examples=2, **_profile)
    @given(worlds, st.lists(st.tuples(QUESTIONS["lifecycle"], QUESTIONS["retention"]), min_size=5, max_size=5))
    def run(world, questions):
        slug = store_world(world, team)
        for lifecycle, retention in questions:
            _, answer = ask_json(lifecycle, slug)
            trend = {**lifecycle, "kind": "trend", "series": [{**lifecycle["event"], "measure": "persons"}]}
            del trend["event"]
            _, persons = ask_json(trend, slug)
            kept = [
                sum(parts) for parts in zip(answer["new"], answer["returning"], answer["resurrecting"], strict=True)
            ]
            assert kept == persons["series"][0]["values"]
            _, rows = ask_json(retention, slug)
            assert all(value <= row["size"] for row in rows["cohorts"] for value in row["values"])

    run()


def test_the_people_behind_a_number_are_those_of_the_oracle(team):
    @settings(max_examples=2, **_profile)
    @given(
        worlds,
        st.lists(trends(), min_size=3, max_size=3),
        st.lists(QUESTIONS["funnel"], min_size=3, max_size=3),
        st.lists(QUESTIONS["retention"], min_size=3, max_size=3),
        st.lists(QUESTIONS["paths"], min_size=4, max_size=4),
        st.lists(QUESTIONS["stickiness"], min_size=3, max_size=3),
        st.lists(QUESTIONS["lifecycle"], min_size=3, max_size=3),
        st.lists(QUESTIONS["adoption"], min_size=2, max_size=2),
        st.lists(QUESTIONS["goes_with"], min_size=2, max_size=2),
    )
    def run(world, trends, funnels, retentions, paths, stickinesses, lifecycles, adoptions, what_goes):
        slug = store_world(world, team)
        for value in [*trends, *funnels, *retentions, *paths, *stickinesses, *lifecycles, *adoptions, *what_goes]:
            question, answer = ask_json(value, slug)
            expected = oracle.KINDS[value["kind"]](value, world)
            _CHECKS[value["kind"]](question, answer, expected)

    run()


def _check_trend(question, answer, expected):
    for line, wanted in list(zip(answer["series"], expected["series"], strict=True))[:3]:
        assert group_of(line) == wanted["group"]
        if line["measure"] in ("total", "persons", "first_time", "weekly_active"):
            places = [place for place, n in enumerate(line["values"]) if n][:2]
            for place in places:
                cell = cell_of(line, series=line["index"], label=answer["labels"][place])
                assert people_of(question, cell) == wanted["units"][place]


def _check_funnel(question, answer, expected):
    n = len(question.steps)
    if question.view != "steps":
        _check_converted(question, answer, expected)
        return
    for step, wanted in list(zip(answer["steps"], expected["steps"], strict=True))[: 2 * n]:
        assert people_of(question, cell_of(step, step=step["step"])) == wanted["units"]
        if step["step"] > 1:
            assert people_of(question, cell_of(step, step=step["step"], dropped=True)) == wanted["lost"]
            assert step["dropped"] == len(wanted["lost"])


def _check_converted(question, answer, expected):
    for line, wanted in list(zip(answer["series"], expected["series"], strict=True))[:3]:
        for label, units in zip(answer["labels"], wanted["units"], strict=True):
            last = max(number for number, step in enumerate(question.shown, 1) if not step.is_optional)
            place = {"label": label, "step": last}
            if question.view == "histogram":
                place = {"from_s": label, "to_s": label + answer["bin_s"]}
            assert people_of(question, cell_of(line, **place)) == units


def _check_retention(question, answer, expected):
    for row, wanted in list(zip(answer["cohorts"], expected["cohorts"], strict=True))[:4]:
        for column in range(len(row["values"])):
            cell = cell_of(row, row=row["label"], column=column)
            assert people_of(question, cell) == wanted["units"][column]


def _check_paths(question, answer, expected):
    for edge in [*answer["edges"][:3], *answer["edges"][-3:]]:
        cell = {key: edge[key] for key in ("step", "from_event", "to_event")}
        assert people_of(question, cell) == expected["edges"][tuple(cell.values())][0]
    for place in answer["places"][:6]:
        cell = {"step": place["step"], "event": place["event"]}
        assert people_of(question, cell) == expected["places"][tuple(cell.values())]
        assert people_of(question, {**cell, "ended": True}) == expected["ended"].get(tuple(cell.values()), [])


def _check_stickiness(question, answer, expected):
    for line, wanted in list(zip(answer["series"], expected["series"], strict=True))[:4]:
        for label in answer["labels"][:3]:
            cell = cell_of(line, series=line["index"], label=label)
            assert people_of(question, cell) == wanted["units"][label - 1]


def _check_lifecycle(question, answer, expected):
    busiest = sorted(range(len(answer["labels"])), key=lambda place: -answer["new"][place] + answer["dormant"][place])
    for place in busiest[:4]:
        for part, units in expected["units"][place].items():
            assert people_of(question, {"label": answer["labels"][place], "part": part}) == units


def _check_adoption(question, answer, expected):
    assert people_of(question, {}) == expected["active"]
    for index, wanted in enumerate(expected["features"]):
        assert people_of(question, {"feature": index}) == wanted["users"]
        others = sorted(set(expected["active"]) - set(wanted["users"]))
        assert people_of(question, {"feature": index, "others": True}) == others
        for label, n in list(zip(answer["labels"], wanted["values"], strict=True))[:2]:
            assert len(people_of(question, {"feature": index, "label": label})) == n


def _check_goes_with(question, answer, expected):
    for name, (there, later) in expected["did"].items():
        assert people_of(question, {"event": name}) == sorted(there)
        assert people_of(question, {"event": name, "later": True}) == sorted(later)


_CHECKS = {
    "goes_with": _check_goes_with,
    "adoption": _check_adoption,
    "trend": _check_trend,
    "funnel": _check_funnel,
    "retention": _check_retention,
    "paths": _check_paths,
    "stickiness": _check_stickiness,
    "lifecycle": _check_lifecycle,
}
