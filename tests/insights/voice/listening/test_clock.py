"""The contact clock: who talked when, against which target, which segments nobody hears; on pages and in the API."""

import datetime as dt
import json

import pytest
import time_machine

from insights.contacts.actions import create_record
from insights.contacts.public import group_accounts
from insights.voice.conversations.actions import add_conversation
from insights.voice.conversations.contracts import ParticipantInput
from insights.voice.listening.actions import set_target
from insights.voice.listening.models import ContactTarget
from insights.voice.listening.queries import read_clock, read_segments
from portal.audit.models import AuditEntry
from portal.people.public import SYSTEM, Product
from portal.shell.public import BadInput, Conflict, NotAllowed
from tests.factories import make_product, make_source, make_user, store_events

TODAY = dt.date(2024, 4, 3)  # a Wednesday; its whole weeks run from Monday 1 January to Sunday 31 March
PAGE, API = "/voice/listening/", "/api/v1/contact-clock/"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(dt.datetime(2024, 4, 3, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def accounts(product):
    """Two large accounts, three small ones, one of which nothing is known; an account of a person's group alone."""
    at = "2024-03-20T10:00:00+00:00"
    seen = ("big-1", "big-2", "small-1", "small-2", "dark")
    rows = [{"event": "opened", "distinct_id": f"p-{one}", "account_id": one, "timestamp": at} for one in seen]
    rows.append({"event": "opened", "distinct_id": "p-group", "timestamp": "2023-01-01T10:00:00+00:00"})
    said = {"big-1": "Large", "big-2": "Large", "small-1": "Small", "small-2": "Small", "small-3": "Small"}
    traits = [
        {"subject": "account", "subject_id": one, "key": "segment", "value": value, "timestamp": at}
        for one, value in said.items()
    ]
    traits.append(
        {"subject": "person", "subject_id": "p-group", "key": "$account", "value": "small-3", "timestamp": at}
    )
    return store_events(make_source(product), rows, traits=traits)


@pytest.fixture
def talk(product, owner):
    def talk(day, *accounts, of=product, led_by=(owner,), **more):
        who = [ParticipantInput(account=one) for one in accounts]
        values = {"title": f"Call of {day}", "held_on": dt.date.fromisoformat(day), "participants": who, **more}
        return add_conversation(of, actor=SYSTEM, today=TODAY, led_by=list(led_by), **values)

    return talk


def clocks(page):
    return {one.name: one.clock for one in page.people}


def test_weeks_without_a_conversation_count_and_the_open_one_does_not(talk, product, owner, editor, team):
    talk("2024-04-02", led_by=(owner, editor))  # this week
    talk("2024-03-31", led_by=(owner,))
    talk("2024-01-01", led_by=(owner, editor))
    talk("2023-12-31", led_by=(owner,))  # before the quarter
    page = read_clock([product], owner, today=TODAY)
    first, second = clocks(page)["Owner"], clocks(page)["Editor"]
    assert (first.days_since, first.weeks[0], first.weeks[-1], first.n_conversations, first.n_this_week) == (
        *(1, 1, 1),
        *(2, 1),
    )
    assert (first.per_week, second.n_conversations) == (pytest.approx(2 / 13), 1)
    of_team = page.teams[0].clock
    assert (of_team.n_conversations, of_team.n_this_week, page.total.n_conversations) == (2, 1, 2)  # two led one


def test_who_never_talked_stands_first_and_leaders_of_other_roles_have_no_target(talk, product, owner, editor, viewer):
    talk("2024-03-01", led_by=(owner, viewer))
    page = read_clock([product], owner, today=TODAY)
    assert [one.name for one in page.people] == ["Editor", "Owner", "Viewer"]
    assert (clocks(page)["Editor"].days_since, clocks(page)["Viewer"].target, page.people[2].role) == (
        None,
        None,
        "Viewer",
    )
    assert (page.n_on_target, page.n_with_target) == (0, 2)


def test_a_target_is_set_once_by_the_team_and_reached_exactly(talk, product, team, owner, outsider, viewer):
    target = set_target(team, actor=owner, per_person=0.15, unheard_days=30)
    assert (float(target.per_person), float(target.per_team), target.version) == (0.15, 1.0, 1)
    talk("2024-03-01")
    talk("2024-03-08")
    assert clocks(read_clock([product], owner, today=TODAY))["Owner"].is_on_target  # 2 / 13 = 0.154
    with pytest.raises(Conflict):
        set_target(team, actor=owner, version=0, per_person=2)
    for user in (outsider, viewer):
        with pytest.raises(NotAllowed):
            set_target(team, actor=user, version=1, per_person=2)
    for values in ({"per_person": -1}, {"per_team": 21}, {"unheard_days": 0}):
        with pytest.raises(BadInput) as caught:
            set_target(team, actor=owner, version=1, **values)
        assert set(caught.value.fields) == set(values)
    assert AuditEntry.objects.filter(verb="contact_target.set").count() == 1


def test_segments_count_accounts_once_and_say_which_are_unheard(talk, accounts, product, say, channel):
    talk("2024-03-30", "big-1", "big-2")
    talk("2024-01-04", "small-1")  # 90 days ago
    talk("2024-03-20", "dark")
    talk("2024-03-21")
    say(account="small-2", said_on=dt.date(2024, 1, 20))
    found = read_segments(product, today=TODAY)
    rows = {row.name: row for row in found.rows}
    assert (found.meaning, found.n_accounts, found.n_without_account) == ("segment", 6, 1)
    large, small = rows["Large"], rows["Small"]
    assert (large.n_accounts, large.n_accounts_talked, large.clock.n_conversations) == (2, 2, 1)
    assert (small.n_accounts, small.clock.days_since, small.is_unheard, small.n_feedback) == (3, 90, True, 1)
    assert [row.name for row in found.unheard] == ["Small"]
    assert (small.clock.target, small.clock.is_on_target, rows[""].clock.target) == (
        0.5,
        False,
        None,
    )  # 3 of 6 accounts
    assert (rows[""].n_accounts, rows[""].clock.days_since, found.rows[-1].name) == (1, 14, "")


def test_what_was_typed_of_an_account_wins_and_counts_without_events(accounts, product):
    create_record(product, actor=SYSTEM, account="small-1", segment="Large")
    create_record(product, actor=SYSTEM, account="lead", segment="Leads")
    create_record(product, actor=SYSTEM, account="small-2", name="Says nothing of the segment")
    since = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
    groups = group_accounts(product, "segment", active_from=since)
    sizes = {name: (group.n_accounts, group.n_active) for name, group in groups.sizes.items()}
    assert sizes == {"Large": (3, 3), "Small": (2, 1), "Leads": (1, 0), "": (1, 1)}
    assert (groups.n_accounts, groups.n_named) == (7, 6)


def test_pages_and_the_api_agree_and_hidden_products_stay_away(client_of, talk, accounts, product, owner, team, viewer):
    hidden = make_product("Secret", make_user("other", "product_manager", team).teams.first(), "team")
    talk("2024-03-30", "big-1")
    talk("2024-04-02", of=hidden, title="Nothing for others")
    client = client_of(viewer)
    page = client.get(f"{PAGE}?product=planner").content.decode()
    assert "Owner" in page
    assert "below" in page
    segments = client.get(f"{PAGE}segments/?product=planner").content.decode()
    assert "Nobody hears “Small”." in segments
    answer = client.get(f"{API}?product=planner").json()
    assert [one["clock"]["days_since"] for one in answer["people"] if one["name"] == "Owner"] == [4]
    rows = client.get(f"{API}segments/?product=planner").json()["rows"]
    assert [row["name"] for row in rows] == ["Small", "Large", ""]
    assert client.get(f"{API}segments/?product=planner&by=mood").status_code == 400
    file = b"".join(client.get(f"{PAGE}?format=csv").streaming_content).decode()
    assert "segment of Planner,Small" in file
    stranger = client_of(make_user("stranger", "viewer"))
    assert stranger.get(f"{API}?product=secret").status_code == 404
    assert stranger.get(API).json()["total"]["days_since"] == 4  # not 1: what nobody may know of does not count
    assert Product.objects.count() == 2


def test_a_target_over_pages_and_the_api(client_of, team, owner):
    client = client_of(owner)
    address = f"{PAGE}targets/{team.slug}/"
    assert (
        client.post(address, {"per_person": "x", "per_team": "1", "unheard_days": "90", "version": 0}).status_code
        == 422
    )
    sent = {"per_person": "0.5", "per_team": "2", "unheard_days": "60", "version": 0}
    assert client.post(address, sent).status_code == 302
    assert client.post(address, sent).status_code == 409
    target = ContactTarget.objects.get()
    one = f"/api/v1/contact-targets/{target.pk}/"
    changed = client.patch(one, json.dumps({"per_person": 3, "version": 1}), content_type="application/json")
    assert (changed.status_code, changed.json()["per_person"], changed.json()["version"]) == (200, 3.0, 2)
    assert (
        client.patch(one, json.dumps({"per_person": 1, "version": 1}), content_type="application/json").status_code
        == 409
    )
