"""The builder of a cohort's rule, as a form that works without script."""

import json

import pytest
from django.http import QueryDict
from django.urls import reverse

from insights.cohorts.counting import count_cohort
from insights.cohorts.models import Cohort
from insights.explore.rule_form import edit_rows, read_rows, start_rows, to_rows, to_rule
from tests.factories import make_cohort, make_source, store_events

_DAYS = {"date_from": "2026-01-01", "date_to": "2026-02-01"}
RULES = [
    {"all": [{"did": True, "event": "paid", "filters": [], "at_least": 3, "last_days": 30}]},
    {"all": [{"did": False, "event": None, "filters": [], "at_least": 1}]},
    {
        "all": [
            {
                "did": True,
                "event": "a",
                "filters": [],
                "at_least": 1,
                "date_from": "2026-01-01",
                "date_to": "2026-02-01",
            }
        ]
    },
    {"all": [{"property": "plan", "of": "person", "op": "is", "value": ["pro"]}]},
    {"all": [{"any": [{"op": "in_cohort", "value": ["a"]}, {"did": True, "event": "", "filters": [], "at_least": 1}]}]},
]


@pytest.mark.parametrize("rule", RULES, ids=json.dumps)
def test_a_rule_comes_back_from_its_rows(rule):
    assert to_rule(to_rows(rule)) == rule


def test_what_must_not_hold_is_said_by_the_row_itself():
    did = {"did": True, "event": "a", "filters": [], "at_least": 1}
    assert to_rule(to_rows({"not": did})) == {"all": [{**did, "did": False}]}
    assert to_rule(to_rows({"not": {"op": "in_cohort", "value": ["a"]}})) == {
        "all": [{"op": "not_in_cohort", "value": ["a"]}]
    }
    assert to_rule(to_rows({"not": {"not": did}})) == {"all": [did]}


TRAIT = {"property": "plan", "of": "person", "op": "is", "value": ["pro"]}
DID = {"did": True, "event": "a", "filters": [], "at_least": 1}


@pytest.mark.parametrize("group", [{"any": [DID, TRAIT]}, {"all": [DID, {"not": {"any": [TRAIT, DID]}}]}], ids=list)
def test_a_group_that_must_not_hold_comes_back_from_its_rows(group):
    rule = {"all": [DID, {"not": group}]}
    assert to_rule(to_rows(rule)) == rule
    assert to_rule(to_rows({"not": TRAIT})) == {"all": [{"not": {"all": [TRAIT]}}]}


def test_a_group_is_made_to_hold_and_not_to(source, owner, client_of):
    draft, _ = edit_rows(start_rows(), "group:filters")
    denied, _ = edit_rows(draft, "deny:filters.1")
    assert denied["filters"][1]["not"] == "1"
    assert edit_rows(denied, "deny:filters.1")[0] == draft
    assert edit_rows(draft, "deny:filters.0")[0] == draft
    group = {"filters.1.not": "1", "filters.1.any.0.did": "1", "filters.1.any.0.event": "paid"}
    group |= {"filters.1.any.0.at_least": "3", "filters.1.any.0.when": "ever"}
    client, url = client_of(owner), reverse("explore:cohort-rule-new")
    page = client.post(url, rule_fields(do="show", **group)).content.decode()
    assert "None of these" in page and 'name="filters.1.not" value="1"' in page
    faulty = client.post(url, rule_fields(**group | {"filters.1.any.0.at_least": "0"}))
    assert faulty.status_code == 422 and "whole number from 1 to 1000000" in faulty.content.decode()
    client.post(url, rule_fields(**group))
    cohort = Cohort.objects.get()
    assert count_cohort(cohort.pk).current.size == 1  # bob paid twice; ann thrice, cem once
    edit = client.get(reverse("explore:cohort-rule-edit", args=[cohort.slug])).content.decode()
    assert "None of these" in edit


def test_rows_are_added_and_removed():
    draft, focus = edit_rows(start_rows(), "did:filters")
    assert len(draft["filters"]) == 2 and focus == "filters.1.event"
    draft, _ = edit_rows(draft, "group:filters")
    draft, _ = edit_rows(draft, "did:filters.2.any")
    assert [len(row.get("any", ())) for row in draft["filters"]] == [0, 0, 3]
    draft, _ = edit_rows(draft, "remove:filters.0")
    assert len(draft["filters"]) == 2
    for odd in ("did:", "did:filters.9", "did:x.y", "group:filters.0.event", "x"):
        assert edit_rows(draft, odd)[0] == draft


@pytest.fixture
def source(product):
    found = make_source(product)
    rows = [("ann", 3), ("bob", 2), ("cem", 1)]
    store_events(
        found,
        [
            {"event": "paid", "distinct_id": who, "timestamp": f"2026-11-0{day + 1}T10:00Z"}
            for who, n in rows
            for day in range(n)
        ],
    )
    return found


def rule_fields(**more):
    return {
        "name": "Payers",
        "product": "planner",
        "unit": "person",
        "visibility": "company",
        "filters.0.did": "1",
        "filters.0.event": "paid",
        "filters.0.at_least": "2",
        "filters.0.when": "between",
        "filters.0.last_days": "30",
        "filters.0.date_from": "2026-11-01",
        "filters.0.date_to": "2026-11-30",
        **more,
    }


def test_a_rule_is_built_without_script(source, owner, client_of):
    client, url = client_of(owner), reverse("explore:cohort-rule-new")
    assert "Add what they did" in client.get(url).content.decode()
    more = client.post(url, rule_fields(do="filter:filters"))
    assert 'name="filters.1.property"' in more.content.decode() and 'value="paid"' in more.content.decode()
    make_cohort(source.product, "Staff", ["bob"])
    cohort_row = {"filters.1.of": "cohort", "filters.1.op": "is", "filters.1.property": ""}
    shown = client.post(url, rule_fields(do="show", **cohort_row)).content.decode()
    assert "Staff (1 person)" in shown
    cohort_row |= {"filters.1.op": "not_in_cohort", "filters.1.value": "staff"}
    saved = client.post(url, rule_fields(**cohort_row))
    cohort = Cohort.objects.get(name="Payers")
    assert saved.url == cohort.get_absolute_url()
    assert count_cohort(cohort.pk).current.size == 1
    page = client.get(saved.url).content.decode()
    assert "did “paid” at least 2 times from 1 Nov 2026 to 30 Nov 2026" in page and "not in the cohort “staff”" in page


def test_a_rule_is_changed(source, owner, client_of):
    client = client_of(owner)
    client.post(reverse("explore:cohort-rule-new"), rule_fields())
    cohort = Cohort.objects.get()
    url = reverse("explore:cohort-rule-edit", args=[cohort.slug])
    assert 'value="2026-11-01"' in client.get(url).content.decode()
    assert client.post(url, rule_fields(**{"filters.0.at_least": "3", "version": "1"})).status_code == 302
    assert count_cohort(cohort.pk).current.size == 1


def test_faults_stand_beside_their_fields(source, owner, client_of):
    client, url = client_of(owner), reverse("explore:cohort-rule-new")
    answer = client.post(url, rule_fields(**{"filters.0.at_least": "0", "filters.0.date_to": "x"}))
    assert answer.status_code == 422 and not Cohort.objects.exists()
    assert "whole number from 1 to 1000000" in answer.content.decode()
    assert client.post(url, {"name": "X"}).status_code == 422


def test_odd_fields_do_no_harm(source, owner, client_of):
    client, url = client_of(owner), reverse("explore:cohort-rule-new")
    for odd in (
        {"filters.0": "x"},
        {"filters.0.any.0.any.0.any.0.any.0.did": "1"},
        {"filters.99.did": "7"},
        {"do": "did:a.b"},
    ):
        assert client.post(url, {**rule_fields(), **odd}).status_code in (200, 302, 400, 422), odd
    assert read_rows_of({"filters.0.did": ["1"], "product": ["x"]}) == {"filters": [{"did": "1"}]}


def read_rows_of(fields):
    post = QueryDict(mutable=True)
    for name, values in fields.items():
        post.setlist(name, values)
    return read_rows(post)
