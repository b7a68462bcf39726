"""Conversations: written down, who took part, changed by two at once, their next steps; through pages and the API."""

import datetime as dt
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from insights.events.public import Account, DistinctId, merge_persons
from insights.voice.conversations.actions import update_conversation
from insights.voice.conversations.contracts import ParticipantInput
from insights.voice.conversations.demo import seed_conversations
from insights.voice.conversations.demo_texts import TALKS
from insights.voice.conversations.models import Conversation, NextStep, Participant
from insights.voice.conversations.steps import add_next_step
from insights.voice.highlights.models import Highlight
from insights.voice.themes.demo import TALK_LINKS, seed_themes
from insights.voice.themes.models import ThemeLink
from portal.audit.models import AuditEntry
from portal.operations.contracts import DemoWorld
from portal.shell.public import BadInput, Conflict, NotAllowed
from tests.insights.voice.conftest import TODAY
from tests.insights.voice.conversations.conftest import TRANSCRIPT

LIST = "/voice/conversations/"
API = "/api/v1/conversations/"
STEPS = "/api/v1/next-steps/"


def number_of(text):
    return DistinctId.objects.get(distinct_id=text).resolved_no


def values(**more):
    given = {"product": "planner", "title": "First week", "kind": "usability", "held_on": "2024-01-20"}
    given |= {"visibility": "team", "who-TOTAL_FORMS": "2", "who-INITIAL_FORMS": "0"}
    return {**given, **more}


def send(client, method, path, value):
    return getattr(client, method)(path, json.dumps(value), content_type="application/json")


def test_people_are_those_of_the_events_and_are_matched_to_the_transcript(both, owner, team):
    took_part = {one.person.distinct_id: one for one in both.participants.all()}
    assert {key: (one.account.account_id, one.speaker) for key, one in took_part.items()} == {
        "ann": ("acme", "Ann"),  # by the name that the events know
        "bob": ("acme", "Bob"),
    }
    assert (both.team, both.owner, both.visibility, list(both.led_by.all())) == (team, owner, "team", [owner])


def test_a_change_keeps_who_is_the_same_and_the_trail_holds_no_word(both, owner):
    kept = both.participants.get(person__distinct_id="bob").pk
    typed = [ParticipantInput("bob", "Robert", "acme", "Bob"), ParticipantInput("", "", "newco")]
    update_conversation(both, actor=owner, today=TODAY, version=1, participants=typed, title="Ann Arbor's week")
    rows = {(one.name, one.account.account_id): one for one in both.participants.select_related("account")}
    assert rows.keys() == {("Robert", "acme"), ("", "newco")}
    assert rows["Robert", "acme"].pk == kept
    entries = AuditEntry.objects.filter(thing_type="insights_voice_conversations.conversation", thing_id=str(both.pk))
    assert [entry.verb for entry in entries.order_by("pk")] == ["conversation.added", "conversation.changed"]
    assert not [one for one in entries if "Ann" in f"{one.changes}{one.thing_label}{one.note}"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("kind", "chat"),
        ("held_on", dt.date(2030, 1, 1)),
        ("minutes", 0),
        ("recording_url", "javascript:alert(1)"),
        ("notes", "a\0b"),
        ("transcript", "x" * 300_001),
        ("visibility", "all"),
        ("mood", "bad"),
    ],
)
def test_what_cannot_be_is_refused_by_field(talk, field, value):
    with pytest.raises(BadInput) as caught:
        talk(**{field: value})
    assert list(caught.value.fields) == [field]
    assert not Conversation.objects.exists()


def test_who_may_not_write_and_who_could_not_have_led_it(talk, viewer, outsider, editor, owner):
    for user in (viewer, outsider):
        with pytest.raises(NotAllowed):
            talk(actor=user)
    with pytest.raises(BadInput) as caught:
        talk(led_by=[editor, outsider])
    assert list(caught.value.fields) == ["led_by"]


def test_it_is_written_down_with_a_file_and_read_safely(client_of, owner, people):
    client = client_of(owner)
    file = SimpleUploadedFile("call.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>It is slow.</v>")
    hostile = "# Hello\n\n<script>alert(1)</script> [x](javascript:alert(2)) **bold**"
    sent = values(notes=hostile, recording_url="https://video.example/1", led_by=[owner.pk], transcript_file=file)
    page = client.post(f"{LIST}new/", {**sent, "who-0-person": "ann", "who-1-name": "Their friend"}, follow=True)
    text = page.content.decode()
    assert page.status_code == 200
    for part in ("[00:00:01] Ann: It is slow.", "<strong>bold</strong>", "Ann Arbor", "Their friend"):
        assert part in text
    who = client.get(f"{Conversation.objects.get().get_absolute_url()}people/", headers={"HX-Request": "true"})
    assert "Acme Works</a>, plan business" in who.content.decode()
    assert "<script>alert" not in text
    assert 'href="javascript' not in text
    ann = number_of("ann")
    assert f'hx-get="{LIST}with/?person={ann}"' in client.get(f"/insights/persons/{ann}/").content.decode()


def test_a_bad_file_is_told_and_nothing_that_was_typed_is_lost(client_of, owner, people):
    client = client_of(owner)
    bad = SimpleUploadedFile("call.docx", b"PK\x03\x04 broken")
    sent = {**values(title="Kept title", notes="Kept notes", led_by=[owner.pk]), "who-0-name": "Kept name"}
    answer = client.post(f"{LIST}new/", {**sent, "transcript_file": bad})
    text = answer.content.decode()
    assert answer.status_code == 422
    for part in ("damaged or protected", "Kept title", "Kept notes", "Kept name"):
        assert part in text
    # A good file beside another fault stands in its field, so that it is not lost with the choice of it.
    good = SimpleUploadedFile("call.txt", b"Ann: It is slow.")
    again = client.post(f"{LIST}new/", {**sent, "title": "", "transcript_file": good}).content.decode()
    assert "Ann: It is slow.</textarea>" in again
    both = client.post(f"{LIST}new/", {**sent, "transcript": "Other", "transcript_file": good})
    assert (both.status_code, Conversation.objects.count()) == (422, 0)
    more = client.post(f"{LIST}new/", {**sent, "more_rows": "1"}).content.decode()
    assert "who-4-person" in more
    assert "Please correct" not in more


def test_of_two_editors_neither_loses_a_word(client_of, both, owner, editor):
    client = client_of(owner)
    sent = values(title="My title", notes="My notes", transcript=TRANSCRIPT, led_by=[owner.pk], version=1)
    update_conversation(both, actor=editor, today=TODAY, version=1, notes="Their notes")
    first = client.post(f"{both.get_absolute_url()}edit/", sent)
    text = first.content.decode()
    assert first.status_code == 409
    assert "My notes</textarea>" in text
    assert ">Their notes</pre>" in text
    assert 'name="version" value="2"' in text
    assert "saved_draft" not in first.cookies, "the browser keeps its draft until it is saved"
    saved = client.post(f"{both.get_absolute_url()}edit/", {**sent, "version": 2, "draft": "5f1c-9a"})
    assert saved.status_code == 302 and "saved_draft" not in saved.cookies, "no such token"
    both.refresh_from_db()
    assert (both.title, both.notes, both.version) == ("My title", "My notes", 3)
    with pytest.raises(Conflict):
        update_conversation(both, actor=editor, today=TODAY, version=2, notes="Late")
    again = client.post(f"{both.get_absolute_url()}edit/", {**sent, "version": 3, "draft": "5f1c-9a77-x"})
    assert again.cookies["saved_draft"].value == "5f1c-9a77-x"


def test_the_list_filters_sorts_and_leaves_as_a_file(client_of, owner, editor, both, talk):
    other = talk("Pricing call", kind="sales", notes="", transcript="", held_on=dt.date(2024, 1, 9), led_by=[editor])
    client = client_of(owner)
    for query, found in (
        ("q=phones+slow", [both]),
        ("q=bob", [both]),
        ("q=pricing", [other]),
        ("kind=sales", [other]),
        (f"led_by={editor.pk}", [other]),
        (f"person={number_of('ann')}", [both]),
        ("account=acme", [both]),
        ("since=2024-01-10", [both]),
        ("until=2024-01-10", [other]),
        ("sort=held", [other, both]),
        ("sort=-held", [both, other]),
    ):
        page = client.get(f"{LIST}?{query}").content.decode()
        places = sorted((page.find(f">{one.title}</a>"), one.title) for one in (both, other))
        assert [title for place, title in places if place >= 0] == [one.title for one in found], query
    lines = b"".join(client.get(f"{LIST}?format=csv&sort=held")).decode("utf-8-sig")
    assert "Pricing call,Sales,Planner,2024-01-09,,Editor" in lines
    assert "ann; bob" in lines
    assert client.get(f"{LIST}?q=nothing+of+it").content.decode().count("Nothing fits") == 1


def test_a_merge_brings_conversations_together(people, talk, client_of, ops):
    talk("With Ann", participants=[ParticipantInput("ann")])
    talk("With Cy", participants=[ParticipantInput("cy")])
    merge_persons(people.source.id_space, "ann", "cy", actor=ops)
    page = client_of(ops).get(f"{LIST}with/?person={number_of('cy')}", headers={"HX-Request": "true"}).content.decode()
    assert "With Ann" in page and "With Cy" in page and "<html" not in page
    account = reverse("persons:account-page", args=[Account.objects.get(account_id="acme").no])
    assert f"{LIST}with/?account=acme" in client_of(ops).get(account).content.decode()


def test_next_steps_are_promised_ticked_off_on_home_and_taken_back(client_of, both, owner, editor, outsider):
    client = client_of(owner)
    sent = {"text": "Send Ann the <b>trick</b>", "owner": owner.pk, "due_on": "2024-01-25"}
    assert client.post(f"{both.get_absolute_url()}steps/new/", {**sent, "text": ""}).status_code == 422
    assert client.post(f"{both.get_absolute_url()}steps/new/", sent).url == f"{both.get_absolute_url()}#next-steps"
    step = NextStep.objects.get()
    mine = f"{LIST}my-steps/"
    assert f'hx-get="{mine}"' in client.get("/").content.decode()
    home = client.get(mine, headers={"HX-Request": "true"}).content.decode()
    assert "Send Ann the &lt;b&gt;trick&lt;/b&gt;" in home
    assert ">late</span>" in home
    assert "Send Ann" not in client_of(editor).get(mine).content.decode()
    tick = f"{LIST}steps/{step.pk}/tick/"
    for _ in range(2):
        assert client.post(tick, {"is_done": "yes", "back": "home"}).url == "/"
    assert "Send Ann" not in client.get(mine).content.decode()
    assert AuditEntry.objects.filter(verb="next_step.finished").count() == 1
    around = client.get(f"{both.get_absolute_url()}steps/", headers={"HX-Request": "true"}).content.decode()
    assert "<del>Send Ann" in around
    assert client.post(tick, {"is_done": "no"}).status_code == 302
    stale = client.post(f"{LIST}steps/{step.pk}/", {**sent, "version": 1})
    assert stale.status_code == 409
    assert client.post(f"{LIST}steps/{step.pk}/", {**sent, "text": "Later", "version": 3}).status_code == 302
    with pytest.raises(BadInput):
        add_next_step(both, actor=owner, text="x", owner=outsider)
    assert client.post(f"{LIST}steps/{step.pk}/delete/").status_code == 302
    assert client.post(f"{both.get_absolute_url()}delete/").status_code == 302
    assert not Conversation.objects.exists() and not Participant.objects.exists()


def test_the_api_writes_changes_uploads_and_deletes(client_of, owner, people):
    client = client_of(owner)
    who = [{"person": "ann", "name": "Ann"}]
    made = send(client, "post", API, {"product": "planner", "title": "Call", "participants": who, "notes": "*slow*"})
    body = made.json()
    assert made.status_code == 201
    assert (body["participants"][0]["person"]["id"], body["participants"][0]["account"]["id"]) == ("ann", "acme")
    assert (body["led_by"], body["visibility"], body["kind"]) == ([owner.pk], "team", "discovery")
    path = f"{API}{body['id']}/"
    assert send(client, "patch", path, {"kind": "sales"}).json()["fields"].keys() == {"version"}
    assert send(client, "patch", path, {"kind": "sales", "version": 1}).json()["version"] == 2
    assert send(client, "patch", path, {"kind": "sales", "version": 1}).status_code == 409
    faults = send(client, "post", API, {"product": "planner", "title": "x", "participants": [{}], "kind": "rant"})
    assert faults.json()["fields"].keys() == {"kind", "participants.0.non_field_errors"} or faults.status_code == 400
    file = SimpleUploadedFile("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\nAnn: It is slow.\n")
    told = client.post(f"{path}transcript/", {"file": file, "version": 2}).json()
    assert (told["transcript"], told["participants"][0]["speaker"]) == ("[00:00:01] Ann: It is slow.", "Ann")
    bad = client.post(f"{path}transcript/", {"file": SimpleUploadedFile("a.txt", b"%PDF"), "version": 3})
    assert list(bad.json()["fields"]) == ["file"]
    step = send(client, "post", STEPS, {"conversation": body["id"], "text": "Call again", "owner": owner.pk}).json()
    done = send(client, "patch", f"{STEPS}{step['id']}/", {"is_done": True, "version": 1}).json()
    assert done["is_done"] is True
    assert client.get(f"{STEPS}?is_done=true").json()["results"][0]["id"] == step["id"]
    assert not client.get(f"{STEPS}?is_done=false").json()["results"]
    assert client.get(f"{API}?q=slow&kind=sales&account=acme").json()["results"][0]["id"] == body["id"]
    assert client.delete(path).status_code == 204


def test_many_conversations_cost_a_list_no_more_queries(people, talk, client_of, owner, django_assert_max_num_queries):
    for no in range(12):
        who = [ParticipantInput(("ann", "bob", "cy", f"new-{no}")[no % 4]), ParticipantInput("", f"Friend {no}")]
        talk(f"Talk {no}", participants=who)
    client = client_of(owner)
    client.get(LIST)
    with django_assert_max_num_queries(12):
        page = client.get(f"{LIST}?product=planner&q=talk").content.decode()
    assert page.count(">Talk ") == 12


def test_the_demos_conversations_are_written_once_and_themes_quote_them(people, product, owner):
    world = DemoWorld(TODAY, 1, {})
    for _ in range(2):
        seed_conversations(world, lambda done, total, note="": None)
        seed_themes(world, lambda done, total, note="": None)
    assert Conversation.objects.count() == sum(talk.product == "planner" for talk in TALKS) > 18
    assert len({talk.title for talk in TALKS}) == len(TALKS) == 24
    assert ThemeLink.objects.count() == len(TALK_LINKS)
    assert not Highlight.objects.filter(start=None).exists()
    assert not Conversation.objects.filter(transcript__contains="{").exists()
