"""Every kind of question against the oracle, on generated worlds in the real store."""

import itertools
import math
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from insights.cohorts.models import Cohort
from insights.questions.public import ask, parse_question
from portal.people.public import SYSTEM
from tests.factories import make_cohort, make_product, make_source, store_events
from tests.insights.questions import oracle
from tests.insights.questions.worlds import QUESTIONS, worlds

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
_numbers = itertools.count(1)
_profile = {
    "suppress_health_check": list(HealthCheck),
    "derandomize": True,
    "database": None,
    "phases": [Phase.generate],
}


def store_world(world, team):
    """Store a world under a product of its own, its cohorts in place of the last one's; return the product's slug."""
    name = f"World {next(_numbers)}"
    source = make_source(make_product(name, team), name)
    store_events(source, world.events, traits=world.traits, joins=world.joins)
    Cohort.objects.all().delete()
    for cohort, members in world.cohorts.items():
        make_cohort(source.product, cohort, members["ids"], members["unit"])
    return source.product.slug


def ask_json(value, slug):
    question = parse_question({**value, "products": [slug]}, now=NOW, default_zone="UTC")
    return question, ask(question, user=SYSTEM, caller="tests", use_cache=False)


def is_close(mine, theirs):
    if mine is None or theirs is None:
        return mine is theirs
    return math.isclose(mine, theirs, rel_tol=1e-9, abs_tol=1e-9)


def group_of(element):
    values = element["breakdown"] if element["group"] == "value" else [None]
    return (element["group"], values[0] if len(values) == 1 else tuple(values))


def assert_equal(answer, expected, value):
    kind = value["kind"]
    if kind == "lifecycle":
        assert all(answer[key] == expected[key] for key in expected if key != "units")
        return
    if kind in _OWN:
        _OWN[kind](answer, expected)
        return
    lists = {"trend": "series", "stickiness": "series", "funnel": "steps", "retention": "cohorts"}
    own = lists[kind] if lists[kind] in expected else "series"
    found, wanted = answer[own], expected[own]
    if "labels" in expected:
        assert answer["labels"] == expected["labels"]
    assert [group_of(one) for one in found] == [one["group"] for one in wanted]
    for one, other in zip(found, wanted, strict=True):
        if own == "steps":
            assert one["count"] == other["count"]
            assert is_close(one["average_s"], other["average_s"])
            assert is_close(one["median_s"], other["median_s"])
            continue
        assert len(one["values"]) == len(other["values"])
        assert all(map(is_close, one["values"], other["values"])), (one["values"], other["values"])
        if "began" in other:
            assert one["began"] == other["began"]
            assert one["converted"] == [len(units) for units in other["units"]]
        if kind == "retention":
            assert one["label"] == other["label"]


def assert_equal_paths(answer, expected):
    assert (answer["n_people"], answer["n_paths"]) == (expected["n_people"], expected["n_paths"])
    edges = {(edge["step"], edge["from_event"], edge["to_event"]): edge for edge in answer["edges"]}
    assert list(edges)[: len(expected["shown"])] == expected["shown"]
    assert {key: edge["count"] for key, edge in edges.items()} == {
        key: len(units) for key, (units, _) in expected["edges"].items()
    }
    assert all(is_close(edges[key]["median_s"], median) for key, (_, median) in expected["edges"].items())
    places = {(place["step"], place["event"]): place for place in answer["places"]}
    assert {key: place["count"] for key, place in places.items()} == {
        key: len(units) for key, units in expected["places"].items()
    }
    assert {key: place["ended"] for key, place in places.items() if place["ended"]} == {
        key: len(units) for key, units in expected["ended"].items()
    }


def assert_equal_adoption(answer, expected):
    assert (answer["labels"], answer["active"]) == (expected["labels"], len(expected["active"]))
    for one, line, wanted in zip(answer["features"], answer["series"], expected["features"], strict=True):
        assert (one["users"], one["events"]) == (len(wanted["users"]), wanted["events"])
        assert one["first_use"]["count"] == wanted["first_use"][0]
        assert is_close(one["first_use"]["median_s"], wanted["first_use"][1])
        assert {name: (kept["kept"], kept["of"]) for name, kept in one["retention"].items()} == wanted["kept"]
        assert line["users"] == wanted["values"]
    for part in ("adoption", "stickiness", "growth"):
        assert is_close(answer["score"][part], expected[part])


def assert_equal_goes_with(answer, expected):
    assert (answer["n"], answer["later"]) == (expected["n"], expected["later"])
    found = {one["event"]: (one["did"]["n"], one["did"]["later"]) for one in answer["events"]}
    counts = {name: (len(there), len(later)) for name, (there, later) in expected["did"].items() if there}
    assert found == counts
    for one in answer["events"]:
        others = (one["others"]["n"], one["others"]["later"])
        assert others == (answer["n"] - one["did"]["n"], answer["later"] - one["did"]["later"])


_OWN = {"paths": assert_equal_paths, "adoption": assert_equal_adoption, "goes_with": assert_equal_goes_with}


def check(world, questions, team):
    slug = store_world(world, team)
    for value in questions:
        _, answer = ask_json(value, slug)
        expected = oracle.KINDS[value["kind"]](value, world)
        try:
            assert_equal(answer, expected, value)
        except AssertionError as fault:
            raise AssertionError(f"{value}\nanswer {without_facts(answer)}\noracle {expected}\n{fault}") from fault


def without_facts(answer):
    return {key: value for key, value in answer.items() if key != "facts"}


@pytest.mark.parametrize("kind", QUESTIONS)
def test_every_kind_equals_the_oracle(kind, team):
    @settings(max_examples=3, **_profile)
    @given(worlds, st.lists(QUESTIONS[kind], min_size=12, max_size=12))
    def run(world, questions):
        check(world, questions, team)

    run()


@pytest.mark.long
@pytest.mark.parametrize("kind", QUESTIONS)
def test_every_kind_equals_the_oracle_many_times(kind, team):
    @settings(max_examples=40, **_profile)
    @given(worlds, st.lists(QUESTIONS[kind], min_size=25, max_size=25))
    def run(world, questions):
        check(world, questions, team)

    run()
