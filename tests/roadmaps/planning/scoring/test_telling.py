"""Blind rounds are not missed: who is asked is told once, reminded once, and the lead hears when all have scored."""

import datetime as dt
from types import SimpleNamespace

import pytest
import time_machine

from portal.messages.models import Delivery, Notice
from roadmaps.planning.scoring import actions
from roadmaps.planning.scoring.telling import remind_scorers

MONDAY = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
DUE = dt.date(2026, 6, 5)  # Friday


@pytest.fixture
def opened(product, invite, rice, owner, editor, viewer):
    """Return a round that the owner opened on Monday for themself and two others."""
    with time_machine.travel(MONDAY, tick=False):
        return actions.open_round(
            product, rice, title="New year", initiatives=[invite], people=[owner, editor, viewer], actor=owner,
            due_on=DUE,
        )  # fmt: skip


def told(what):
    """Return who got a mail and who a notice whose key begins so."""
    mails = [one.user.name for one in Delivery.objects.filter(key__startswith=what).order_by("user__name")]
    assert mails == [one.user.name for one in Notice.objects.filter(key__startswith=what).order_by("user__name")]
    return mails


def remind(at):
    remind_scorers(SimpleNamespace(now=at, progress=lambda *_: None))


def score(round_, invite, *people):
    for one in people:
        actions.hand_in(round_, actor=one, ballots={invite.pk: {"reach": 100}})


def test_who_is_asked_is_told_where_and_until_when(opened):
    assert told("round-asked:") == ["Editor", "Viewer"]
    mail = Delivery.objects.get(user__name="Viewer")
    assert mail.subject == "Please score “New year”" and mail.url == opened.get_absolute_url()
    assert mail.text.startswith("Owner asks you to score initiatives of Planner, by 5 Jun 2026. Nobody sees")


def test_the_day_before_who_did_not_score_is_reminded_once(opened, invite, editor, viewer):
    score(opened, invite, editor)
    for day, expected in ((3, []), (4, ["Owner", "Viewer"]), (4, ["Owner", "Viewer"]), (5, ["Owner", "Viewer"])):
        remind(dt.datetime(2026, 6, day, 2, tzinfo=dt.UTC))
        assert told("round-due:") == expected
    said = Notice.objects.get(user=viewer, key__startswith="round-due:").text
    assert (
        said
        == "“New year” waits for your scores. The round about Planner is due tomorrow, and your numbers are missing."
    )


def test_a_late_night_reminds_on_the_day_and_never_after_it_or_of_what_is_over(opened, viewer):
    remind(dt.datetime(2026, 6, 6, 2, tzinfo=dt.UTC))
    assert told("round-due:") == []
    type(opened).objects.update(state="cancelled")
    remind(dt.datetime(2026, 6, 4, 2, tzinfo=dt.UTC))
    assert told("round-due:") == []
    type(opened).objects.update(state="open")
    remind(dt.datetime(2026, 6, 5, 2, tzinfo=dt.UTC))
    assert "is due today" in Notice.objects.get(user=viewer, key__startswith="round-due:").text


def test_who_was_asked_just_now_is_not_reminded_on_top(opened):
    type(opened).objects.update(created_at=dt.datetime(2026, 6, 3, 15, tzinfo=dt.UTC))
    remind(dt.datetime(2026, 6, 4, 2, tzinfo=dt.UTC))
    assert told("round-due:") == []


def test_who_may_not_see_the_round_any_more_is_not_reminded(opened, viewer):
    type(opened).objects.update(visibility="team")
    viewer.teams.clear()
    remind(dt.datetime(2026, 6, 4, 2, tzinfo=dt.UTC))
    assert told("round-due:") == ["Editor", "Owner"]


def test_the_lead_hears_once_that_all_have_scored(opened, invite, owner, editor, viewer):
    score(opened, invite, editor, owner)
    assert told("round-complete:") == []
    score(opened, invite, viewer)
    assert told("round-complete:") == ["Owner"]
    actions.take_back(opened, actor=viewer)
    score(opened, invite, viewer)
    assert told("round-complete:") == ["Owner"]
    assert Notice.objects.get(key__startswith="round-complete:").text.startswith("All have scored “New year”.")


def test_home_shows_the_rounds_that_wait_until_one_handed_in(opened, invite, viewer, outsider, client):
    client.force_login(viewer)
    assert 'hx-get="/scoring/rounds/mine/"' in client.get("/").content.decode()
    piece = client.get("/scoring/rounds/mine/", headers={"HX-Request": "true"}).content.decode()
    assert "Rounds that wait for your scores" in piece and "New year" in piece and "<html" not in piece
    assert "1 initiative by RICE" in piece and "5 Jun 2026" in piece
    score(opened, invite, viewer)
    assert "New year" not in client.get("/scoring/rounds/mine/", headers={"HX-Request": "true"}).content.decode()
    assert "No round waits for you" in client.get("/scoring/rounds/mine/").content.decode()
    client.force_login(outsider)
    assert "New year" not in client.get("/scoring/rounds/mine/").content.decode()
