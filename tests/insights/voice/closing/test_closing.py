"""Closing the loop: everybody who asked is listed, told once, never against their wish, and it is known in time."""

import datetime as dt
import json

import pytest
from django.core import mail
from django.utils import timezone

from insights.contacts.public import Ask, claim_ask
from insights.events.public import DistinctId, IdSpace, merge_persons
from insights.persons.contracts import Subject
from insights.persons.story import read_story
from insights.voice.closing.actions import draft_missing, set_status, take_back_status
from insights.voice.closing.drafting import LETTER
from insights.voice.closing.kinds import THEME
from insights.voice.closing.models import StatusChange, Telling
from insights.voice.closing.night import remind
from insights.voice.closing.personal import erase_person, export_person
from insights.voice.closing.queries import name_behind, quote_behind, read_share, read_thing
from insights.voice.closing.telling import (
    leave_out,
    note_told,
    send_all,
    send_telling,
    settle_letters,
    take_back,
)
from insights.voice.conversations.actions import add_conversation
from insights.voice.conversations.contracts import ParticipantInput
from insights.voice.themes.actions import create_theme
from insights.voice.themes.linking import link_theme
from portal.messages.models import Delivery, Notice
from portal.messages.sending import deliver
from portal.shell.public import BadInput, Conflict, NotAllowed, NotFound

LIST = "/voice/told/"


@pytest.fixture
def theme(product, owner):
    return create_theme(product, name="Speed", actor=owner)


@pytest.fixture
def asked(theme, say, people, owner):
    """Ann (twice, once before her login), Cy and somebody unknown of newco asked for speed."""

    def link(text, importance=2, **who):
        return link_theme(theme, say(text, **who), actor=owner, importance=importance)

    link("It is slow.", importance=3, person="ann")
    link("Still slow.", person="anon-1")
    link("Slow with 400 tasks.", person="cy")
    link("Too slow for us.", account="newco")
    link("Slow!")
    return theme


def status(theme, actor, **more):
    values = {"status": "planned", "said": "It gets quicker in May.", **more}
    return set_status(THEME, theme.pk, actor=actor, **values)


def of(change, who):
    return change.tellings.get(person__distinct_id=who)


def test_everybody_behind_a_theme_is_there_once_with_what_they_asked(asked, product, owner):
    talk = add_conversation(
        product,
        actor=owner,
        today=dt.date(2024, 2, 1),
        title="First week",
        held_on=dt.date(2024, 1, 25),
        transcript="Ann: It is fine.\nBob: Slow with many tasks.\nWe gave up.",
        participants=[ParticipantInput("ann", "Ann"), ParticipantInput("bob", "Bob")],
    )
    link_theme(asked, talk, actor=owner, quote="Slow with many tasks.")
    page = read_thing(THEME, asked, now=timezone.now())
    quote_behind(page.rows, THEME, asked, owner)
    name_behind(page.rows, asked)
    rows = [
        (row.person.label if row.person else row.account.label if row.account else "", row.asker) for row in page.rows
    ]
    assert [(name, asker.importance, asker.n_pieces) for name, asker in rows] == [
        ("Ann Arbor", 3, 2),
        ("bob", 2, 1),
        ("cy", 2, 1),
        ("newco", 2, 1),
        ("", 2, 1),
    ]
    assert [one.text for one in page.rows[0].words] == ["It is slow.", "Still slow."]
    assert page.rows[1].words[0].is_own and (page.n_people, page.n_accounts) == (3, 2)
    assert page.rows[0].address == "Ann@example.com" and page.rows[2].why_not == "No mail address of theirs is known."


def test_a_status_drafts_one_letter_a_person_with_their_own_words(asked, owner, viewer, outsider, say):
    for who, fault in ((viewer, NotAllowed), (outsider, NotFound)):
        with pytest.raises(fault):
            status(asked, who)
    for values in ({"said": " "}, {"letter": "Hello {naem} {said}"}, {"letter": "Hello"}, {"status": "soon"}):
        with pytest.raises(BadInput) as caught:
            status(asked, owner, **values)
        assert list(caught.value.fields) == list(values)
    change = status(asked, owner, seen=0)
    texts = [one.text for one in change.tellings.order_by("pk")]
    assert len(texts) == 3, "Ann, Cy, somebody at newco; nobody known is nobody to tell"
    said = "On 20 January 2024 you told us: “It is slow.”\n\nIt gets quicker in May."
    assert texts[0] == f"Hello Ann Arbor,\n\n{said}\n\nThank you for telling us.\n{owner}"
    assert texts[1].startswith("Hello,\n\nOn 20 January 2024 you told us: “Slow with 400 tasks.”")
    link_theme(asked, say("{said} is slow too", person="dora"), actor=owner)
    assert (draft_missing(change, actor=owner), draft_missing(change, actor=owner)) == (1, 0)
    assert "you told us: “{said} is slow too”\n\nIt gets quicker" in of(change, "dora").text
    with pytest.raises(Conflict):
        status(asked, owner, status="done", seen=0)
    done = status(asked, owner, status="done", said="It is quick.", seen=change.pk)
    assert set(change.tellings.values_list("state", "left_out")) == {("left_out", "replaced")}
    assert take_back_status(done, actor=owner) == StatusChange.objects.get() == change
    assert StatusChange.objects.get().is_current and set(change.tellings.values_list("state")) == {("draft",)}


def test_a_mail_goes_once_and_is_told_when_it_was_taken(asked, owner, django_capture_on_commit_callbacks):
    change = status(asked, owner)
    ann, cy = of(change, "ann"), of(change, "cy")
    with pytest.raises(Conflict, match="No mail address"):
        send_telling(cy, actor=owner)
    send_telling(ann, actor=owner, version=1)
    with pytest.raises(Conflict, match="on its way"):
        send_telling(ann, actor=owner)
    assert settle_letters() == 0, "nobody knows yet"
    deliver(Delivery.objects.get().pk)
    assert (settle_letters(), settle_letters()) == (1, 0)
    ann.refresh_from_db()
    assert (ann.state, ann.way, ann.told_by) == ("told", "mail", owner)
    [letter] = mail.outbox
    assert letter.to == ["Ann@example.com"] and "It is slow." in letter.body and "/no-more/" in letter.body
    assert Ask.objects.get().about == "Speed"
    with pytest.raises(Conflict):
        take_back(ann, actor=owner, version=ann.version)
    with pytest.raises(Conflict, match="told of it already"):
        take_back_status(change, actor=owner)


def test_who_was_asked_lately_or_wants_no_messages_gets_none(asked, owner, client, client_of):
    space = IdSpace.objects.get()
    row = DistinctId.objects.select_related("id_space__product__team").get(id_space=space, distinct_id="ann")
    change = status(asked, owner)
    ask = claim_ask(row, kind="survey", about="NPS", actor=owner)
    assert send_all(change, actor=owner) == 0 and not Delivery.objects.exists()
    body = client_of(owner).get(f"{change.get_absolute_url()}people/", headers={"HX-Request": "true"}).content.decode()
    assert "No mail now: Asked on" in body and "again from" in body
    ask.delete()
    assert send_all(change, actor=owner) == 1
    deliver(Delivery.objects.get().pk)
    path = next(word for word in mail.outbox[0].body.split() if word.endswith("/no-more/"))
    path = path[path.index("/told/") :]
    assert client.get(path).status_code == 200 and client.post(path).status_code == 200
    settle_letters()
    Ask.objects.all().delete()
    later = status(asked, owner, status="done", said="It is quick.")
    with pytest.raises(Conflict, match="asked not to be asked"):
        send_telling(of(later, "ann"), actor=owner)
    left = leave_out(of(later, "ann"), actor=owner, version=1, note="wants none")
    assert left.left_out == "may_not"
    assert take_back(left, actor=owner, version=2).state == "draft"


def test_told_by_hand_counts_as_contact_and_can_be_taken_back(asked, owner):
    change = status(asked, owner)
    newco = change.tellings.get(person=None)
    cy = note_told(of(change, "cy"), actor=owner, version=1, note="On the telephone")
    note_told(newco, actor=owner, version=1, note="Their owner called them")
    assert (cy.state, cy.way, Ask.objects.count()) == ("told", "hand", 1)
    with pytest.raises(Conflict):
        claim_ask(cy.person, kind="survey", about="NPS", actor=owner)
    for values in ({"note": " "}, {"note": "x", "told_on": dt.date(2020, 1, 1)}):
        with pytest.raises(BadInput):
            note_told(of(change, "ann"), actor=owner, version=1, **values)
    with pytest.raises(Conflict):
        note_told(of(change, "ann"), actor=owner, version=7, note="x")
    take_back(cy, actor=owner, version=2)
    assert not Ask.objects.exists() and of(change, "cy").told_at is None


def test_a_letter_that_cannot_be_sent_is_a_draft_again_and_no_ask(asked, owner):
    change = status(asked, owner)
    ann = send_telling(of(change, "ann"), actor=owner)
    Delivery.objects.update(state="failed", result="The mail server refused it.", finished_at=timezone.now())
    settle_letters()
    ann.refresh_from_db()
    assert (ann.state, ann.note, ann.is_waiting) == ("failed", "The mail server refused it.", True)
    assert not Ask.objects.exists()
    send_telling(ann, actor=owner)
    assert Delivery.objects.count() == 2


def test_the_share_counts_who_was_told_within_fourteen_days(asked, say, owner, ops):
    for no in range(4):
        link_theme(asked, say(f"Slow {no}", person=f"person-{no}"), actor=owner)
    change = status(asked, owner)
    now, start = timezone.now(), timezone.now() - dt.timedelta(days=15)
    assert read_share(owner, now=now)[0].n_open == 7
    StatusChange.objects.update(made_at=start)
    for days, one in zip((1, 14, 14.5), change.tellings.order_by("pk"), strict=False):
        told = {"state": "told", "way": "hand", "told_at": start + dt.timedelta(days=days)}
        Telling.objects.filter(pk=one.pk).update(**told)
    out = change.tellings.order_by("-pk").first()
    Telling.objects.filter(pk=out.pk).update(state="left_out", left_out="may_not")
    share, rate = read_share(owner, now=now)
    assert (share.n_in_time, share.n_missed, share.n_open, share.n_left_out) == (2, 4, 0, 1)
    assert round(rate["rate"], 3) == 0.333 and (round(rate["low"], 3), round(rate["high"], 3)) == (0.097, 0.7)
    assert read_share(owner, now=now + dt.timedelta(days=200))[0].n_counted == 0


class _Night:
    def __init__(self, now):
        self.now = now

    def progress(self, *args):
        pass


def test_who_set_a_status_is_reminded_once_before_and_once_after(asked, owner):
    change = status(asked, owner)
    counts = []
    for days in (1, 9, 11, 12, 15, 30):
        for _ in range(2):
            remind(_Night(change.made_at + dt.timedelta(days=days)))
        counts.append(Notice.objects.filter(user=owner).count())
    assert counts == [0, 0, 1, 1, 2, 2]


def test_it_stands_in_their_story_goes_out_to_them_and_is_erased_with_them(asked, owner, outsider, ops):
    change = status(asked, owner)
    ann, space = of(change, "ann"), IdSpace.objects.get()
    send_telling(ann, actor=owner)
    delivery = Delivery.objects.get()
    deliver(delivery.pk)
    settle_letters()
    subject = Subject(False, ann.person_id, (ann.person_id,), space.pk, (), True)
    assert "Told about “Speed”: planned" in [one.text for one in read_story(subject, owner).moments]
    assert "Answered" not in [one.kind for one in read_story(subject, outsider).moments]
    ((name, rows),) = export_person(space, ["ann"])
    assert name == "tellings" and "It is slow." in rows[0]["text"]
    assert erase_person(space, ["ann"], ops) == {"letters to them": 1} and not Delivery.objects.exists()
    assert erase_person(space, ["ann"], ops) == {}


def test_people_who_turn_out_to_be_one_are_told_once(asked, people, owner, ops):
    change = status(asked, owner)
    merge_persons(people.source.id_space, "ann", "cy", actor=ops)
    assert draft_missing(change, actor=owner) == 0
    page = read_thing(THEME, asked, now=timezone.now())
    assert [row.telling is not None for row in page.rows if row.is_known] == [True, True]


def test_the_loop_on_pages_and_over_the_api(asked, owner, client_of):
    client = client_of(owner)
    theme_page = client.get(asked.get_absolute_url()).content.decode()
    assert f"/voice/told/of/theme/{asked.pk}/status/" in theme_page
    new = f"{LIST}of/theme/{asked.pk}/status/new/"
    values = {"status": "planned", "is_told": "on", "subject": "News", "letter": LETTER, "seen": "0"}
    refused = client.post(new, {**values, "said": ""})
    assert refused.status_code == 422 and b"Say what those who asked are to hear" in refused.content
    client.post(new, {**values, "said": "It gets quicker in May."})
    change = StatusChange.objects.get()
    assert client.post(new, {**values, "said": "Again"}).status_code == 409
    body = client.get(change.get_absolute_url()).content.decode()
    assert "0 of 3 were told; 3 wait to hear" in body and "“It is slow.”" in body
    ann = of(change, "ann")
    words = {"subject": "News", "text": "Dear Ann, it gets quicker.", "version": "1", "act": "send"}
    assert client.post(f"{LIST}tellings/{ann.pk}/", words).status_code == 302
    ann.refresh_from_db()
    assert (ann.state, Delivery.objects.get().text) == ("sending", "Dear Ann, it gets quicker.")
    client.post(
        f"{LIST}tellings/{of(change, 'cy').pk}/told/",
        {"note": "Called", "told_on": str(timezone.localdate()), "version": 1},
    )
    assert b"Called" in client.get(f"{change.get_absolute_url()}?format=csv").getvalue()
    assert client.get(f"{LIST}?waiting=yes").content.decode().count("table__main") == 1

    def send(method, path, body=None):
        return getattr(client, method)(f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json")

    found = client.get(f"/api/v1/status-changes/{change.pk}/").json()
    assert (found["n_people"], found["n_told"], found["n_open"]) == (3, 1, 2)
    askers = client.get(f"/api/v1/status-changes/askers/?thing_id={asked.pk}").json()
    assert [one["state"] for one in askers] == ["sending", "told", "draft", None]
    newco = change.tellings.get(person=None)
    path = f"tellings/{newco.pk}/"
    assert send("patch", path, {"text": "Hello"}).status_code == 400
    assert send("patch", path, {"text": "Hello", "version": 1}).json()["text"] == "Hello"
    assert send("post", f"{path}send/", {"version": 2}).status_code == 409
    assert send("post", f"{path}leave-out/", {"version": 2, "note": "left"}).json()["left_out"] == "other"
    assert send("post", f"status-changes/{change.pk}/send/").status_code == 409, "nobody is left"
    again = send(
        "post", "status-changes/", {"thing_id": asked.pk, "status": "done", "is_told": False, "seen": change.pk}
    )
    assert again.status_code == 201 and again.json()["n_people"] == 0
    assert client.delete(f"/api/v1/status-changes/{again.json()['id']}/").status_code == 204
    assert StatusChange.objects.get().is_current
