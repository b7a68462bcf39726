"""Cohorts through their doors: the API, the uploads' pages, the worker, the night, the command line."""

import io
import json
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from insights.cohorts.actions import create_rule
from insights.cohorts.models import Cohort
from insights.cohorts.night import count_cohorts, forget_passing
from insights.cohorts.tasks import count_cohort
from portal.audit.models import AuditEntry
from portal.operations.models import OutboxMessage
from portal.people.public import SYSTEM
from tests.factories import make_cohort, make_source, store_events

PAID = {"did": True, "event": "paid", "at_least": 1}


@pytest.fixture
def source(product):
    found = make_source(product)
    rows = [("ann", "acme"), ("bob", "acme"), ("cem", "beta")]
    store_events(
        found,
        [
            {"event": "paid", "distinct_id": who, "account_id": account, "timestamp": "2026-11-02T10:00Z"}
            for who, account in rows
        ],
    )
    return found


def send(client, address, value, method="post"):
    return getattr(client, method)(address, json.dumps(value), content_type="application/json")


def test_a_cohort_by_a_rule_over_the_api(source, owner, client_of):
    client = client_of(owner)
    made = send(client, "/api/v1/cohorts/", {"name": "Payers", "rule": PAID, "products": ["planner"]})
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["slug"], body["kind"], body["size"], body["state"]) == ("payers", "rule", None, "waiting")
    assert "did “paid” at any time" in body["in_words"]
    (message,) = OutboxMessage.objects.filter(task="cohorts.count_cohort")
    count_cohort(**message.arguments)
    count_cohort(**message.arguments)
    found = client.get("/api/v1/cohorts/payers/").json()
    assert (found["size"], found["state"]) == (3, "ok")
    members = client.get("/api/v1/cohorts/payers/members/", {"page_size": 2}).json()
    more = client.get("/api/v1/cohorts/payers/members/", {"page_size": 2, "page": 2}).json()
    assert members["total"] == 3
    assert sorted(one["id"] for one in [*members["members"], *more["members"]]) == ["ann", "bob", "cem"]
    (day,) = client.get("/api/v1/cohorts/payers/history/").json()
    assert (day["size"], day["entered"], day["left"]) == (3, 3, 0)
    assert client.get("/api/v1/cohorts/payers/members/", {"on": "2020-01-01"}).json()["total"] == 0
    assert client.post("/api/v1/cohorts/payers/refresh/").status_code == 202
    changed = send(client, "/api/v1/cohorts/payers/", {"version": 1, "name": "Those who paid"}, "patch")
    assert changed.json()["name"] == "Those who paid" and changed.json()["version"] == 2
    again = send(client, "/api/v1/cohorts/payers/", {"version": 1, "name": "Late"}, "patch")
    assert again.status_code == 409
    assert client.delete("/api/v1/cohorts/payers/").status_code == 204


def test_cohorts_of_a_number_and_of_ids_over_the_api(source, owner, client_of):
    client = client_of(owner)
    question = {"kind": "trend", "series": [{"event": "paid", "measure": "persons"}], "products": ["planner"]}
    question |= {"interval": "all", "date_from": "2026-11-01", "unit": "account"}
    number = {"name": "Accounts", "question": question, "cell": {"series": 0, "label": "2026-11-01"}, "is_frozen": True}
    made = send(client, "/api/v1/cohorts/", number).json()
    assert (made["size"], made["unit"], made["is_frozen"]) == (2, "account", True)
    listed = send(client, "/api/v1/cohorts/", {"name": "Ids", "ids": ["ann", "zoe"], "products": ["planner"]})
    assert listed.status_code == 201
    ask = {**question, "unit": "person", "filters": [{"op": "in_cohort", "value": made["id"]}]}
    answer = send(client, "/api/v1/questions/ask", ask).json()
    assert answer["series"][0]["values"] == [3] and answer["facts"]["cohorts"][0]["title"] == "Accounts"


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"name": "X", "products": ["planner"]}, "rule"),
        ({"name": "X", "rule": PAID}, "products"),
        ({"name": "X", "rule": PAID, "products": ["nope"]}, "products[0]"),
        ({"name": "X", "rule": {"event": "a", "x": 1}, "products": ["planner"]}, "rule.x"),
        ({"name": "X", "rule": PAID, "ids": ["a"], "products": ["planner"]}, "rule"),
        ({"name": " ", "rule": PAID, "products": ["planner"]}, "name"),
        ({"name": "X", "question": {"kind": "funnel", "steps": [{"event": "a"}], "products": ["planner"]}}, "cell"),
        ({"name": "X", "question": {"kind": "x"}, "cell": {}}, "kind"),
    ],
)
def test_a_fault_names_its_field(source, owner, client_of, value, path):
    answer = send(client_of(owner), "/api/v1/cohorts/", value)
    assert answer.status_code == 400 and list(answer.json()["fields"]) == [path]


def test_a_list_is_uploaded_pasted_and_replaced(source, owner, client_of):
    client, url = client_of(owner), reverse("cohorts:cohort-from-list")
    fields = {"name": "Beta", "product": "planner", "unit": "person", "visibility": "company"}
    file = SimpleUploadedFile("beta.csv", b"name,user_id\nAnn,ann\nZoe,zoe\nAnn,ann\n")
    made = client.post(url, {**fields, "file": file}, follow=True)
    assert "2 ids kept (1 repeated)." in made.content.decode()
    cohort = Cohort.objects.get()
    count_cohort(cohort.pk)
    page = client.get(cohort.get_absolute_url()).content.decode()
    assert "2 ids in the list, 1 of them known" in page
    unknown = client.get(reverse("cohorts:cohort-unknown", args=[cohort.slug]))
    assert b"".join(unknown.streaming_content).decode("utf-8-sig").split() == ["id", "zoe"]
    client.post(reverse("cohorts:cohort-list-again", args=[cohort.slug]), {"pasted": "bob\ncem"})
    count_cohort(cohort.pk)
    cohort.refresh_from_db()
    assert cohort.current.size == 2
    for bad in ({}, {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04")}, {"pasted": "\n"}):
        assert client.post(url, {**fields, **bad}).status_code == 422


def test_an_outsider_cannot_list_people_of_another_team(source, outsider, client_of):
    fields = {"name": "Probe", "product": "planner", "unit": "person", "visibility": "company", "pasted": "ann"}
    assert client_of(outsider).post(reverse("cohorts:cohort-from-list"), fields).status_code == 422
    value = {"name": "Probe", "ids": ["ann"], "products": ["planner"]}
    assert send(client_of(outsider), "/api/v1/cohorts/", value).status_code == 403
    assert not Cohort.objects.exists()


def test_the_night_counts_each_after_those_it_goes_by(source):
    first = create_rule(PAID, actor=SYSTEM, name="First", products=[source.product])
    count_cohort(first.pk)
    second = create_rule({"op": "in_cohort", "value": "first"}, actor=SYSTEM, name="Second", products=[source.product])
    store_events(source, [{"event": "paid", "distinct_id": "dee", "timestamp": "2026-11-03T10:00Z"}])
    broken = {"kind": "rule", "is_frozen": False, "definition": {"rule": {"event": "", "did": 1}}}
    make_cohort(source.product, "Broken", [], **broken)
    seen, problems = [], []
    night = SimpleNamespace(
        now=first.created_at,
        check_still_mine=lambda: None,
        progress=lambda done, total, words: seen.append(words),
        problem=problems.append,
    )
    count_cohorts(night)
    second.refresh_from_db()
    assert second.current.size == 4
    assert seen[-1] == "3 of 3 counted, 1 could not be" and problems[0].startswith("Broken: ")


def test_what_was_made_in_passing_goes(source):
    old = make_cohort(source.product, "Passing", ["ann"], kept_until="2026-01-01T00:00Z")
    used = make_cohort(source.product, "Passing but used", ["ann"], kept_until="2026-01-01T00:00Z")
    user = create_rule({"op": "in_cohort", "value": used.slug}, actor=SYSTEM, name="User", products=[source.product])
    assert list(user.uses.all()) == [used]
    assert forget_passing(user.created_at) == 1
    assert not Cohort.objects.filter(pk=old.pk).exists() and Cohort.objects.filter(pk=used.pk).exists()


def test_the_command_line_asks_with_a_cohort(source, monkeypatch, capsys):
    make_cohort(source.product, "Regulars", ["ann", "bob"])
    question = {"kind": "trend", "series": [{"event": "paid", "measure": "persons"}], "interval": "all"}
    question |= {"filters": [{"op": "in_cohort", "value": "regulars"}], "date_from": "2026-11-01"}
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(question)))
    call_command("ask", "-", product=["planner"])
    assert json.loads(capsys.readouterr().out)["series"][0]["values"] == [2]


def test_the_list_is_filtered_sorted_and_taken_along(source, owner, client_of):
    make_cohort(source.product, "Regulars", ["ann"])
    make_cohort(source.product, "Accounts of ours", ["acme"], "account")
    client, url = client_of(owner), reverse("cohorts:cohort-list")
    page = client.get(url, {"unit": "account", "sort": "-size"}).content.decode()
    assert "Accounts of ours" in page and "Regulars" not in page
    assert "No cohorts fit these filters" in client.get(url, {"q": "nothing like it"}).content.decode()
    taken = client.get(url, {"format": "csv"})
    assert b"Regulars" in b"".join(taken.streaming_content)
    assert "Cohort" in client.get(reverse("shell:search"), {"q": "regul"}).content.decode()


def test_a_file_of_members_holds_them_all_and_is_kept_in_the_trail(source, owner, outsider, client_of, monkeypatch):
    monkeypatch.setattr("insights.questions.describing._PIECE", 40)
    people = [f"p{no:03d}" for no in range(90)]
    rows = [{"event": "paid", "distinct_id": who, "timestamp": "2026-11-02T10:00Z"} for who in people]
    named = [{"subject_id": who, "key": "name", "value": f"={who}", "timestamp": "2026-11-02T10:00Z"} for who in people]
    store_events(source, rows, traits=named)
    cohort = make_cohort(source.product, "Regulars", people)
    client, url = client_of(owner), reverse("cohorts:cohort-members", args=[cohort.slug])
    head, *lines = b"".join(client.get(url, {"format": "csv", "page": 2})).decode("utf-8-sig").splitlines()
    assert head == "id,number,name"
    assert sorted((line.split(",")[0], line.split(",")[2]) for line in lines) == [(who, f"'={who}") for who in people]
    entry = AuditEntry.objects.get(verb="cohort.members_downloaded")
    assert (entry.actor_id, entry.thing_id, entry.note) == (owner.pk, str(cohort.pk), "90 people")
    assert client_of(outsider).get(url, {"format": "csv"}).status_code == 403
    monkeypatch.setattr("insights.cohorts.views.cohorts.MOST_PEOPLE_IN_FILE", 3)
    said, *lines = b"".join(client_of(owner).get(url, {"format": "csv"})).decode("utf-8-sig").splitlines()
    assert (said, len(lines)) == ("# Left out: only the first 3 of 90 people are here", 4)
