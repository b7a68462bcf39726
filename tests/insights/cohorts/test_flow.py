"""From a number to a cohort, and from the cohort back into questions: pages, builder, dashboards, agreements."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.cohorts import actions
from insights.cohorts.counting import count_cohort
from insights.cohorts.models import Cohort
from insights.dashboards import actions as dashboards
from insights.explore.actions import create_insight
from insights.explore.builder.drafts import read_fields
from insights.explore.builder.gaps import prune
from insights.explore.builder.rows import Rows
from insights.explore.charts.view import cells_of
from insights.explore.onward import has_paths, paths_draft
from insights.questions.public import ask, list_people, parse_question
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, find_uses
from tests.factories import make_cohort, make_source, make_user, store_events
from tests.insights.questions.test_oracle import NOW, ask_json, store_world
from tests.insights.questions.worlds import QUESTIONS, worlds

_profile = {"derandomize": True, "database": None}
ONBOARDING = ["signed up", "made a plan", "invited"]


@pytest.fixture
def source(product):
    found = make_source(product)
    reach = {"ann": 3, "bob": 2, "cem": 2, "dee": 1}
    rows = [
        {"event": ONBOARDING[step], "distinct_id": who, "timestamp": datetime(2026, 11, 2, 9 + step, tzinfo=UTC)}
        for who, n in reach.items()
        for step in range(n)
    ]
    rows += [
        {"event": "looked around", "distinct_id": who, "timestamp": datetime(2026, 11, 2, 10, 10, tzinfo=UTC)}
        for who in ("bob", "cem")
    ]
    store_events(found, rows)
    return found


def funnel(source, **more):
    steps = [{"event": name} for name in ONBOARDING]
    dates = {"date_from": "2026-11-01", "date_to": "2026-11-05"}
    return {"kind": "funnel", "products": [source.product.slug], "steps": steps, **dates, **more}


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_cohort_is_as_large_as_the_number_it_was_saved_from(kind, team):
    @settings(max_examples=1, **_profile)
    @given(worlds, st.lists(QUESTIONS[kind], min_size=4, max_size=4))
    def run(world, questions):
        slug = store_world(world, team)
        for value in questions:
            question, answer = ask_json(value, slug)
            for cell in list(cells_of(answer).values())[:12:3]:
                total = list_people(question, cell, user=SYSTEM).total
                number = {"question": question.to_json(), "cell": cell}
                cohort = actions.save_number(number, actor=SYSTEM, name=kind)
                assert (cohort.state, cohort.error, cohort.current.size) == ("ok", "", total)

    run()


def test_paths_of_funnel_steps_are_of_as_many_as_the_funnel_says(team):
    user = make_user("reader", "viewer", team)

    @settings(max_examples=2, **_profile)
    @given(worlds, st.lists(QUESTIONS["funnel"], min_size=5, max_size=5))
    def run(world, questions):
        slug = store_world(world, team)
        for value in questions:
            question, answer = ask_json(value, slug)
            for cell in list(cells_of(answer).values())[:6]:
                total = list_people(question, cell, user=SYSTEM).total
                if not total or not has_paths(question.to_json(), cell):
                    continue
                draft = paths_draft(question.to_json(), cell, user=user, now=NOW)
                paths = parse_question(draft, now=NOW, default_zone="UTC")
                assert ask(paths, user=user, caller="tests", use_cache=False)["n_people"] == total, (value, cell)

    run()


def test_a_drop_off_becomes_a_cohort_and_then_a_filter(source, owner, client_of):
    client = client_of(owner)
    cell = {"step": 3, "dropped": True}
    page = client.get(reverse("explore:people"), {"q": json.dumps(funnel(source)), "cell": json.dumps(cell)})
    assert "Save as cohort" in page.content.decode() and "Paths of those who dropped out here" in page.content.decode()
    address = page.context["people"].cohort_url
    form = client.get(address).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    answer = client.post(reverse("cohorts:cohort-from-number"), {**sent, "name": "Stopped at the plan"})
    cohort = Cohort.objects.get()
    assert answer.url == cohort.get_absolute_url() and cohort.current.size == 2
    shown = client.get(answer.url).content.decode()
    assert "did not get to step 3" in shown and 'class="stat__value">2<' in shown
    members = client.get(reverse("cohorts:cohort-members", args=[cohort.slug])).content.decode()
    assert ">bob<" in members and ">cem<" in members and ">ann<" not in members
    trend = {"kind": "trend", "series": [{"event": None, "measure": "persons"}], "products": [source.product.slug]}
    trend |= {"filters": [{"op": "in_cohort", "value": cohort.slug}], "date_from": "2026-11-01", "interval": "all"}
    explore = client.get(reverse("explore:explore"), {"q": json.dumps(trend), "answer": "now"}).content.decode()
    assert "Stopped at the plan (2 people)" in explore and "in the cohort “stopped-at-the-plan”" in explore


def test_paths_of_a_drop_off_in_one_click(source, viewer, client_of):
    client = client_of(viewer)
    sent = {"q": json.dumps(funnel(source)), "cell": json.dumps({"step": 3, "dropped": True})}
    first = client.post(reverse("explore:people-paths"), sent)
    again = client.post(reverse("explore:people-paths"), sent)
    assert first.url == again.url and Cohort.objects.count() == 1
    draft = json.loads(parse_qs(urlsplit(first.url).query)["q"][0])
    assert draft["start"]["event"] == "made a plan"
    answer = ask(parse_question(draft, now=NOW, default_zone="UTC"), user=viewer, caller="tests")
    assert answer["n_people"] == 2
    assert [(edge["to_event"], edge["count"]) for edge in answer["edges"]] == [("looked around", 2)]
    assert Cohort.objects.live().count() == 0 and Cohort.objects.get().is_frozen
    page = client.get(first.url, {"answer": "now"})
    assert page.status_code == 200


def test_a_number_that_is_none_cannot_be_saved(source, owner, client_of):
    client = client_of(owner)
    sent = {"name": "X", "visibility": "company", "how": "kept", "question": json.dumps(funnel(source))}
    for cell in ("{}", "[]", '{"step": 9}', '{"step": 1, "dropped": true}', '{"x": 1}'):
        answer = client.post(reverse("cohorts:cohort-from-number"), {**sent, "cell": cell})
        assert answer.status_code == (302 if cell == "{}" else 422), cell
    with pytest.raises(BadInput):
        actions.save_number({"question": {"kind": "trend"}, "cell": {}}, actor=owner, name="X")


def test_a_saved_bucket_is_pinned_to_its_days(source):
    value = {"kind": "trend", "series": [{"event": None, "measure": "persons"}], "products": [source.product.slug]}
    cell = {"series": 0, "label": "2026-11-02"}
    asked = {"question": {**value, "date_from": "2026-10-28", "date_to": "2026-11-03"}, "cell": cell}
    cohort = actions.save_number(asked, actor=SYSTEM, name="That day")
    assert cohort.definition["question"]["date_from"] == "2026-10-28" and cohort.current.size == 4
    late = {"event": "signed up", "distinct_id": "eva", "timestamp": datetime(2026, 11, 2, 20, tzinfo=UTC)}
    frozen = actions.save_number(asked, actor=SYSTEM, name="That day, frozen", is_frozen=True)
    store_events(source, [late])
    assert count_cohort(cohort.pk).current.size == 5
    assert count_cohort(frozen.pk).current.size == 4


@pytest.mark.parametrize(
    ("fields", "row"),
    [
        ({"of": ["cohort"], "op": ["is"], "value": ["x"]}, {"op": "in_cohort", "value": ["x"]}),
        (
            {"of": ["cohort"], "op": ["not_in_cohort"], "value": ["a", "", "b"]},
            {"op": "not_in_cohort", "value": ["a", "b"]},
        ),
        ({"of": ["person"], "op": ["in_cohort"], "value": ["a"]}, {"op": "is", "value": [], "property": ""}),
    ],
)
def test_the_builder_reads_conditions_on_cohorts(fields, row):
    draft = read_fields((f"filters.0.{name}", values) for name, values in fields.items())
    (found,) = draft["filters"]
    assert {key: found[key] for key in row} == row


def test_the_builder_shows_conditions_on_cohorts():
    draft = {"kind": "trend", "filters": [{"op": "in_cohort", "value": ["a"]}, {"op": "in_cohort", "of": "cohort"}]}
    rows = Rows(draft, {"filters.0.value.0": ["Gone."]}, {}, "", {"a": "A (3 people)", "b": "B"})
    first, second = rows.filter_list("filters", draft["filters"], "all", is_root=True).rows
    assert [option.label for option in first.values[0].options if option.is_selected] == ["A (3 people)"]
    assert first.value_errors == ["Gone."] and len(first.values) == 2
    assert [option.value for option in second.values[0].options] == ["", "a", "b"]
    assert prune(draft)[0]["filters"] == [{"op": "in_cohort", "value": ["a"]}]


def test_what_uses_a_cohort_is_named(source, owner, client_of):
    cohort = make_cohort(source.product, "Regulars", ["ann"])
    trend = {"kind": "trend", "series": [{"event": None}], "products": [source.product.slug]}
    by_cohort = {**trend, "breakdown": [{"property": "regulars", "of": "cohort"}]}
    question = parse_question(by_cohort, now=NOW, default_zone="UTC")
    create_insight(question, title="Regulars and the rest", actor=owner)
    board = dashboards.create_dashboard(actor=owner, product=source.product, title="Board")
    only = {"op": "not_in_cohort", "value": [str(cohort.pk)]}
    dashboards.add_tile(board, actor=owner, title="The rest", question={**trend, "filters": [only]}, chart="line")
    named = {hit.title for hit in find_uses(cohort, owner)}
    assert named == {"Regulars and the rest", "The rest on Board"}
    page = client_of(owner).get(reverse("cohorts:cohort-delete", args=[cohort.slug])).content.decode()
    assert "would break" in page and "The rest on Board" in page


def test_a_dashboard_is_filtered_by_a_cohort(source, owner, client_of):
    make_cohort(source.product, "Regulars", ["ann"])
    board = dashboards.create_dashboard(actor=owner, product=source.product, title="Board")
    trend = {"kind": "trend", "series": [{"event": None}]}
    dashboards.add_tile(board, actor=owner, title="All", question=trend, chart="line")
    client = client_of(owner)
    assert "Or a cohort" in client.get(board.get_absolute_url()).content.decode()
    chosen = {"of": "cohort", "property": "cohort", "op": "not_in_cohort", "value": "regulars"}
    answer = client.get(board.get_absolute_url(), chosen, follow=True)
    assert "not in the cohort “regulars”" in answer.content.decode()


def test_a_tile_with_a_cohort_not_shared_shows_nothing(source, owner, outsider, client_of):
    make_cohort(source.product, "Ours", ["ann"], visibility="team")
    board = dashboards.create_dashboard(actor=owner, product=source.product, title="Board")
    trend = {"kind": "trend", "series": [{"event": None}], "filters": [{"op": "in_cohort", "value": ["ours"]}]}
    dashboards.add_tile(board, actor=owner, title="Ours", question=trend, chart="line")
    page = client_of(outsider).get(board.get_absolute_url()).content.decode()
    assert "or a cohort, which is for its team and for ops" in page
