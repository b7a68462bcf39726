"""Who reads what: the team and ops all of it, others what is shared, masked; and after an erasure nobody."""

import datetime as dt
import json

import pytest
from django.core.exceptions import ObjectDoesNotExist

from insights.events.public import DistinctId, erase_person
from insights.voice.feedback.actions import update_feedback
from insights.voice.feedback.demo import seed_feedback
from insights.voice.feedback.demo_texts import LINES
from insights.voice.feedback.models import Feedback
from portal.operations.contracts import DemoWorld
from portal.shell.search import find_things
from tests.factories import make_cohort, make_product
from tests.insights.voice.conftest import TODAY

LIST = "/voice/feedback/"
API = "/api/v1/feedback/"
SECRET = ("ann@mail.example", "030 1234567", "Ann", "acme", "zd-77", "tickets.example")


@pytest.fixture
def shared(people, say):
    return say(
        "Timeline: write to ann@mail.example or 030 1234567",
        visibility="company",
        person="ann",
        author="Ann A.",
        origin="zendesk",
        origin_id="zd-77",
        origin_url="https://tickets.example/77",
    )


@pytest.fixture
def hidden(people, say):
    return say("Timeline for us alone", person="bob")


def read_all(client, feedback):
    """Return every byte that a reader gets of feedback, by door."""
    return {
        "list": client.get(LIST).content.decode(),
        "page": client.get(feedback.get_absolute_url()).content.decode(),
        "csv": b"".join(client.get(f"{LIST}?format=csv")).decode(),
        "api": client.get(API).content.decode(),
        "one": client.get(f"{API}{feedback.pk}/").content.decode(),
    }


def test_another_team_reads_what_is_shared_masked_and_not_who_said_it(shared, client_of, outsider, owner):
    for door, text in read_all(client_of(outsider), shared).items():
        assert "[e-mail]" in text, door
        assert not [word for word in SECRET if word in text], door
    for door, text in read_all(client_of(owner), shared).items():
        assert "ann@mail.example" in text, door


def test_another_team_finds_nothing_by_what_is_masked(shared, client_of, outsider, owner):
    queries = ["q=mail.example", "q=1234567", "q=Ann", "account=acme", f"person={shared.person_id}"]
    for user, is_found in ((outsider, False), (owner, True)):
        client = client_of(user)
        for query in queries:
            found = [
                json.loads(client.get(f"{API}?{query}").content)["results"],
                "Timeline" in str(client.get(f"{LIST}?{query}").content).replace("Timeline team", ""),
            ]
            assert [bool(one) for one in found] == [is_found, is_found], (user, query)
    assert not find_things(outsider, "mail.example", 5)
    hits = find_things(outsider, "write to", 5)
    assert "[e-mail]" in hits[0].hits[0].title


def test_what_a_team_keeps_to_itself_is_nowhere_for_others(hidden, client_of, outsider, viewer, ops):
    client = client_of(outsider)
    for url in (hidden.get_absolute_url(), f"{hidden.get_absolute_url()}edit/", f"{API}{hidden.pk}/"):
        assert client.get(url).status_code == 404
    for url in (LIST, f"{LIST}?format=csv", API):
        answer = client.get(url)
        assert "alone" not in (answer.getvalue() if answer.streaming else answer.content).decode()
    for method in ("patch", "delete"):
        assert getattr(client, method)(f"{API}{hidden.pk}/", "{}", content_type="application/json").status_code == 404
    assert not find_things(outsider, "timeline", 5)
    for user in (viewer, ops):
        assert client_of(user).get(hidden.get_absolute_url()).status_code == 200


def test_a_member_who_leaves_the_team_reads_it_no_more(hidden, client_of, viewer):
    assert client_of(viewer).get(hidden.get_absolute_url()).status_code == 200
    viewer.membership_set.all().delete()
    assert client_of(viewer).get(hidden.get_absolute_url()).status_code == 404


def test_an_erased_person_takes_along_what_they_said(shared, hidden, people, ops, client_of):
    counts = erase_person(people.source.id_space, "ann", actor=ops)
    assert counts["pieces of feedback"] == 1
    assert [one.pk for one in Feedback.objects.all()] == [hidden.pk]
    assert erase_person(people.source.id_space, "bob", actor=ops)["pieces of feedback"] == 1
    assert not Feedback.objects.exists()


def test_what_is_said_while_a_person_is_erased_goes_with_their_id(shared, people):
    DistinctId.objects.filter(pk=shared.person_id).delete()
    with pytest.raises(ObjectDoesNotExist):
        shared.refresh_from_db()


def test_the_api_writes_changes_and_deletes(client_of, owner, people, product):
    client = client_of(owner)

    def send(method, path, value):
        return getattr(client, method)(path, json.dumps(value), content_type="application/json")

    value = {"product": "planner", "text": "Slow", "channel": "call", "person": "ann", "origin_id": "9"}
    made = send("post", API, value)
    assert made.status_code == 201
    body = made.json()
    assert (body["person"]["id"], body["account"]["id"], body["visibility"]) == ("ann", "acme", "team")
    again = send("post", API, {**value, "text": "Other"})
    assert (again.status_code, again.json()["id"], again.json()["text"]) == (200, body["id"], "Slow")
    path = f"{API}{body['id']}/"
    assert send("patch", path, {"kind": "praise"}).json()["fields"].keys() == {"version"}
    assert send("patch", path, {"kind": "praise", "version": 1, "person": ""}).json()["person"] is None
    assert send("patch", path, {"kind": "praise", "version": 1}).status_code == 409
    assert send("patch", path, {"owner": 999_999, "version": 2}).json()["fields"].keys() == {"owner"}
    faults = send("post", API, {"product": "planner", "text": "Slow", "channel": "pigeon", "kind": "rant"}).json()
    assert faults["fields"].keys() == {"channel", "kind"}
    assert client.get(f"{API}?kind=customers&sort=-said_on").json()["results"][0]["id"] == body["id"]
    assert client.delete(path).status_code == 204


def test_feedback_of_a_product_that_one_may_not_see_cannot_be_written(client_of, outsider, team):
    make_product("Secret", team, "team")
    sent = {"product": "secret", "text": "x", "channel": "call"}
    answer = client_of(outsider).post(API, json.dumps(sent), content_type="application/json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["product"])
    seen = client_of(outsider).post(API, json.dumps({**sent, "product": "nowhere"}), content_type="application/json")
    assert seen.json()["fields"].keys() == {"product"}


def test_ops_curate_channels_and_look_at_feedback_in_the_admin(shared, client_of, ops):
    client = client_of(ops)
    listed = client.get("/admin/insights_voice_feedback/feedback/?q=Timeline&kind=problem").content.decode()
    assert "Timeline: write to [e-mail]" in listed
    made = client.post("/admin/insights_voice_feedback/channel/add/", {"name": "Fax", "slug": "fax"})
    assert made.status_code == 302
    gone = client.post(f"/admin/insights_voice_feedback/feedback/{shared.pk}/delete/", {"post": "yes"})
    assert gone.status_code == 302
    assert not Feedback.objects.exists()


def test_the_demos_feedback_is_written_once(people, product, owner):
    world = DemoWorld(TODAY, 1, {})
    for _ in range(2):
        seed_feedback(world, lambda done, total, note="": None)
    found = Feedback.objects.filter(origin="demo")
    assert found.count() == sum(line[2] == "planner" for line in LINES) > 30
    assert len({line[0] for line in LINES}) == len(LINES)
    first = found.order_by("pk").first()
    update_feedback(first, actor=owner, today=TODAY, version=1, text="Changed by hand")
    seed_feedback(world, lambda done, total, note="": None)
    first.refresh_from_db()
    assert first.text == "Changed by hand"


def test_the_demos_words_about_inviting_are_of_those_who_invited_nobody(people, product):
    make_cohort(product, "Invited nobody", ["bob"])
    seed_feedback(DemoWorld(TODAY, 1, {}), lambda done, total, note="": None)
    stopped = {line.key for line in LINES if line.who == "stopped"}
    found = Feedback.objects.filter(origin_id__in=stopped).select_related("person", "account")
    first_day = dt.date(2024, 1, 2)
    who = {(one.said_on > first_day, one.person and one.person.distinct_id) for one in found}
    assert who == {(True, "bob"), (False, None)}  # nobody speaks before they came
    assert {one.account.account_id for one in found if one.person} == {"acme"}
    assert found.count() == len(stopped)
