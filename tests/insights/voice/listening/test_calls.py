"""Whom to call next: worth it, allowed, fair; and calls: claimed once, planned, given back, read by a calendar."""

import datetime as dt
import json
import re

import pytest
import time_machine

from insights.cohorts.demo import BETA, HEAVY, STOPPED
from insights.contacts.actions import create_contact
from insights.contacts.public import Ask, AskKind, claim_ask, find_speaker, opt_out
from insights.events.public import DistinctId, default_id_space
from insights.voice.conversations.actions import add_conversation
from insights.voice.conversations.contracts import ParticipantInput
from insights.voice.listening.calendars import address_of, open_feed
from insights.voice.listening.calling import claim_call, end_call, update_call
from insights.voice.listening.demo import REASONS, seed_listening
from insights.voice.listening.fairness import Candidate, Share, order_fairly
from insights.voice.listening.models import CalendarFeed, Call, CallList, CallReason, CallSuggestion
from insights.voice.listening.night import make_lists
from insights.voice.listening.personal import erase_person, export_person
from insights.voice.listening.picking import make_list, not_planned
from insights.voice.listening.reasons import add_reason
from portal.audit.models import AuditEntry
from portal.operations.contracts import DemoWorld
from portal.people.public import SYSTEM
from portal.shell.ical import CalendarEntry, escape, fold, write_calendar
from portal.shell.public import BadInput, Conflict, NotAllowed
from tests.factories import make_cohort, make_product, make_source, make_user, store_events

TODAY = dt.date(2024, 4, 3)  # a Wednesday
PEOPLE = {"ann": "big-1", "bob": "big-1", "cy": "big-2", "dora": "small-1", "eve": "small-2", "finn": "small-3"}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(dt.datetime(2024, 4, 3, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def people(product):
    """Six people of two large and three small accounts."""
    at = "2024-03-25T10:00:00+00:00"
    rows = [
        {"event": "opened", "distinct_id": who, "account_id": account, "timestamp": at, "event_id": who}
        for who, account in PEOPLE.items()
    ]
    traits = [
        {"subject": "person", "subject_id": who, "key": "$account", "value": account, "timestamp": at}
        for who, account in PEOPLE.items()
    ]
    traits += [
        {"subject": "account", "subject_id": one, "key": "segment", "value": one.split("-")[0], "timestamp": at}
        for one in set(PEOPLE.values())
    ]
    traits.append({"subject": "person", "subject_id": "ann", "key": "name", "value": "Ann Arbor", "timestamp": at})
    return store_events(make_source(product), rows, traits=traits)


def person(product, text):
    no = find_speaker(product, person=text).person_no
    return DistinctId.objects.select_related("id_space__product__team").get(no=no)


def listed(product):
    return [row.person.distinct_id for row in not_planned(product)]


def talk(product, *who, on=TODAY):
    values = {"held_on": on, "participants": [ParticipantInput(one) for one in who]}
    return add_conversation(product, actor=SYSTEM, today=TODAY, title="Call", **values)


def test_the_list_is_of_those_who_are_worth_it_and_may_be_asked(people, product, owner):
    add_reason(product, make_cohort(product, "Stopped", ["ann", "bob", "cy"]), actor=owner, why="dropped", weight=3)
    add_reason(product, make_cohort(product, "Heavy", ["ann", "dora"]), actor=owner, why="power", weight=1)
    claim_ask(person(product, "cy"), kind=AskKind.SURVEY, about="NPS", actor=SYSTEM)
    opt_out(person(product, "eve"), actor=SYSTEM)
    talk(product, "finn", on=TODAY - dt.timedelta(days=10))
    made = make_list(product, actor=owner)
    rows = {row.person.distinct_id: row for row in not_planned(product)}
    assert rows.keys() == {"ann", "dora"}  # not bob: of ann's account; nobody else may be asked
    assert (rows["ann"].name, rows["ann"].segment, rows["ann"].account.account_id) == ("Ann Arbor", "big", "big-1")
    assert [reason["code"] for reason in rows["ann"].reasons] == ["dropped", "power", "unheard", "never"]
    assert rows["ann"].reasons[0]["words"] == "Dropped out of onboarding: “Stopped”"
    assert (made.n_looked_at, made.n_resting, made.n_talked) == (4, 1, 0)


def test_people_of_segments_that_nobody_hears_are_found_without_a_reason(people, product, owner):
    talk(product, "ann", on=TODAY - dt.timedelta(days=40))
    make_list(product, actor=owner)
    assert sorted(listed(product)) == ["dora", "eve", "finn"]
    assert {row.segment for row in not_planned(product)} == {"small"}


def test_each_segment_has_its_turn():
    shares = [Share("big", 40, 4), Share("small", 60, 1)]
    many = [Candidate(no, no, "big", 5) for no in range(10)] + [
        Candidate(100 + no, no + 50, "small", 1) for no in range(9)
    ]
    chosen = order_fairly(many, shares, day=TODAY, most=15)
    heard = [sum(1 for one in chosen if one.segment == name) for name in ("big", "small")]
    assert [one.segment for one in chosen[:4]] == ["small", "small", "small", "small"]  # 5 of 9: heard enough again
    assert heard == [6, 9]
    assert len(order_fairly([Candidate(1, 7, "a", 1), Candidate(2, 7, "a", 1)], [], day=TODAY, most=5)) == 1
    never, long_ago = Candidate(1, 1, "a", 1, None), Candidate(2, 2, "a", 1, 300)
    assert order_fairly([long_ago, never], [], day=TODAY, most=2) == [never, long_ago]
    lots = {order_fairly(many, shares, day=TODAY + dt.timedelta(days=n), most=1)[0].person_no for n in range(9)}
    assert len(lots) > 1  # another one first on another day


def test_a_call_holds_the_ask_and_of_two_people_one_gets_it(people, product, owner, editor):
    make_list(product, actor=owner)
    one = not_planned(product).first()
    call = claim_call(product, one.person, actor=owner, suggestion=one)
    assert (call.planned_on, call.caller, call.ask.kind, call.reasons) == (
        dt.date(2024, 4, 4),
        owner,
        "call",
        one.reasons,
    )
    assert claim_call(product, one.person, actor=owner) == call  # pressed twice
    with pytest.raises(Conflict, match="Asked on 3 Apr 2024"):
        claim_call(product, one.person, actor=editor)
    assert one.person.distinct_id not in listed(product)
    assert (Call.objects.count(), Ask.objects.count()) == (1, 1)


def test_a_call_given_back_frees_them_and_one_that_they_declined_does_not(people, product, owner, editor):
    ann, dora = person(product, "ann"), person(product, "dora")
    call = end_call(claim_call(product, ann, actor=owner), actor=owner, how="released", version=1)
    assert (call.state, Ask.objects.count()) == ("released", 0)
    again = claim_call(product, ann, actor=editor)
    end_call(claim_call(product, dora, actor=owner), actor=owner, how="declined", version=1)
    with pytest.raises(Conflict):
        claim_call(product, dora, actor=editor)
    with pytest.raises(Conflict, match="in the meantime"):
        update_call(again, actor=owner, version=7, minutes=45)
    held = end_call(again, actor=editor, how="held", version=1, conversation=talk(product, "ann"))
    assert held.conversation is not None
    with pytest.raises(Conflict, match="over"):
        update_call(held, actor=editor, version=2, minutes=45)
    verbs = AuditEntry.objects.filter(thing_type="insights_voice_listening.call").values_list("verb", flat=True)
    assert sorted(verbs) == [
        "call.declined",
        "call.held",
        "call.planned",
        "call.planned",
        "call.planned",
        "call.released",
    ]


@pytest.mark.parametrize(
    "values", [{"minutes": 4}, {"planned_on": dt.date(2030, 1, 1)}, {"note": "a\0b"}, {"mood": "bad"}]
)
def test_what_cannot_be_planned_claims_nothing(people, product, owner, values):
    with pytest.raises(BadInput) as caught:
        claim_call(product, person(product, "ann"), actor=owner, **values)
    assert (list(caught.value.fields), Ask.objects.count()) == (list(values), 0)


def test_who_may_not_call(people, product, outsider, viewer, owner):
    for user in (outsider, viewer):
        with pytest.raises(NotAllowed):
            claim_call(product, person(product, "ann"), actor=user)
        with pytest.raises(NotAllowed):
            make_list(product, actor=user)
    other = make_cohort(make_product("Other", product.team), "Theirs", [])
    with pytest.raises(BadInput):
        add_reason(product, other, actor=owner)


def test_pages_and_the_api_from_the_list_to_the_conversation(client_of, people, product, owner, outsider):
    client = client_of(owner)
    page = client.get("/voice/listening/next/").content.decode()
    assert "No list yet" in page
    cohort = make_cohort(product, "Stopped", ["ann", "dora"])
    sent = {"cohort": cohort.slug, "why": "dropped", "weight": 3}
    assert client.post("/voice/listening/reasons/", sent).status_code == 302
    assert client.post("/voice/listening/reasons/", sent).status_code == 422
    assert client.post("/voice/listening/next/make/?product=planner").status_code == 302
    page = client.get("/voice/listening/next/").content.decode()
    assert "Dropped out of onboarding: “Stopped”" in page
    ann = CallSuggestion.objects.get(person__distinct_id="ann")
    answer = client.post(f"/voice/listening/next/{ann.pk}/claim/", follow=True)
    call = Call.objects.get()
    assert "You call Ann Arbor." in answer.content.decode()
    address = f"/voice/listening/calls/{call.pk}/"
    values = {"planned_on": "2024-04-05", "planned_at": "14:30", "minutes": "45", "note": "Why?", "version": "1"}
    assert client.post(address, values).status_code == 302
    stale = client.post(address, {**values, "note": "Mine"})
    assert stale.status_code == 409
    assert all(words in stale.content.decode() for words in ("Somebody else saved this", "Why?", "Mine"))
    text = client.get(f"{address}call.ics").content.decode()
    assert "DTSTART:20240405T143000Z" in text
    assert "SUMMARY:Call Ann Arbor\\, big-1" in text
    shown = client.get(f"/voice/listening/of/{call.person_id}/").content.decode()
    assert "again from 3 May 2024 on" in shown
    ended = client.post(f"{address}end/", {"how": "held", "version": "2"})
    assert ended["Location"].startswith("/voice/conversations/new/?person=ann")
    api = "/api/v1/calls/"
    body = json.dumps({"product": "planner", "person": "dora", "planned_on": "2024-04-09"})
    made = client.post(api, body, content_type="application/json")
    assert (made.status_code, made.json()["planned_on"], made.json()["who"]) == (201, "2024-04-09", "dora")
    assert client.post(api, json.dumps({"person": "dora"}), content_type="application/json").status_code == 400
    end = json.dumps({"how": "released", "version": 1})
    one = f"{api}{made.json()['id']}/"
    assert client.post(f"{one}end/", end, content_type="application/json").json()["state"] == "released"
    stranger = client_of(outsider)
    assert stranger.get(address).status_code == 404
    assert stranger.get(api).json()["results"] == []
    assert stranger.get("/api/v1/call-suggestions/").json()["results"] == []
    assert "Ann" not in stranger.get("/voice/listening/calls/?format=csv").getvalue().decode()


def test_a_calendar_reads_its_owners_calls_alone_and_says_names_only_if_told(client, people, product, owner, editor):
    call = claim_call(product, person(product, "ann"), actor=owner, note="Ask Ann")
    claim_call(product, person(product, "dora"), actor=editor)
    first = address_of(open_feed(actor=owner)).partition("/calendars/")[2]
    answer = client.get(f"/calendars/{first}")
    text = answer.content.decode()
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200,
        "text/calendar; charset=utf-8",
        "private, no-store",
    )
    assert text.count("BEGIN:VEVENT") == 1
    assert not re.search("Ann|dora|big-1", text)
    assert "DTSTART;VALUE=DATE:20240404" in text
    second = address_of(open_feed(actor=owner, has_names=True)).partition("/calendars/")[2]
    assert client.get(f"/calendars/{first}").status_code == 404  # made anew, the one before is dead
    end_call(call, actor=owner, how="released", version=1)
    text = client.get(f"/calendars/{second}").content.decode()
    assert "STATUS:CANCELLED" in text
    assert "SEQUENCE:1" in text
    assert "Ann Arbor" in text
    feed = CalendarFeed.objects.get()
    assert second.partition(".")[0] not in f"{feed.token_hash}{feed.sealed_token}"
    owner.is_active = False
    owner.save()
    assert client.get(f"/calendars/{second}").status_code == 404


def test_a_member_who_left_the_team_reads_nothing_any_more(client, people, product, team):
    mover = make_user("mover", "product_manager", team)
    claim_call(product, person(product, "ann"), actor=mover)
    path = address_of(open_feed(actor=mover)).partition("/calendars/")[2]
    assert "BEGIN:VEVENT" in client.get(f"/calendars/{path}").content.decode()
    mover.membership_set.all().delete()
    assert "BEGIN:VEVENT" not in client.get(f"/calendars/{path}").content.decode()


def test_hostile_names_cannot_leave_their_line_and_lines_are_short():
    at = dt.datetime(2024, 4, 3, 12, tzinfo=dt.UTC)
    nasty = "Ann\r\nEND:VCALENDAR\x00;,\\ " + "ü" * 200
    text = write_calendar([CalendarEntry("1@x", TODAY, nasty, at, starts_at=at, description=nasty)], name="Mine\nX:1")
    assert text.count("END:VCALENDAR\r\n") == 1
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert all(part.startswith(" ") or ":" in part for part in text.split("\r\n") if part)
    unfolded = text.replace("\r\n ", "")
    assert f"SUMMARY:{escape(nasty)}" in unfolded.split("\r\n")
    assert fold("a" * 75) == "a" * 75


def test_a_person_takes_their_calls_along(people, product, owner):
    make_list(product, actor=owner)
    ann = person(product, "ann")
    claim_call(product, ann, actor=owner, note="Ask her")
    space = default_id_space(product)
    files = dict(export_person(space, ["ann"]))
    assert files["calls"][0]["note"] == "Ask her"
    erase_person(space, ["ann"], SYSTEM)
    assert erase_person(space, ["ann"], SYSTEM) == {}
    assert not Call.objects.exists()
    assert not CallSuggestion.objects.filter(person=ann).exists()


def test_the_night_makes_each_list_once_a_day(people, product):
    class Night:
        def __init__(self):
            self.said = []

        def check_still_mine(self):
            pass

        def progress(self, done, total, words):
            self.said.append(words)

    create_contact(product, actor=SYSTEM, name="Gil", address="gil@example.com")
    first, second = Night(), Night()
    make_lists(first)
    made_at = CallList.objects.get().made_at
    make_lists(second)
    assert first.said == ["Planner: 6 people to call"]
    assert second.said == ["Planner: made already"]
    assert CallList.objects.get().made_at == made_at


def test_the_demo_has_a_list_and_a_call_and_is_seeded_once(people, product, owner):
    for name, _, _ in REASONS:
        make_cohort(product, name, ["ann", "dora"])
    world = DemoWorld(TODAY, 1, {})
    for _ in range(2):
        seed_listening(world, lambda done, total, note="": None)
    call = Call.objects.get()
    assert (CallReason.objects.count(), call.caller, call.reasons[0]["code"]) == (3, owner, "dropped")
    assert call.person.distinct_id not in listed(product)
    assert {name for name, _, _ in REASONS} == {STOPPED, HEAVY, BETA}
