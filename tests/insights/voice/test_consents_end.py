"""Consents end: seen before and after, with what may no longer be used, and told once to who looks after the person."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from insights.contacts.ending import tell_ending
from insights.contacts.public import Consent, Contact
from insights.events.public import DistinctId
from insights.voice.conversations.actions import add_conversation
from insights.voice.conversations.contracts import ParticipantInput
from portal.audit.models import AuditEntry
from portal.messages.models import Notice

NOW = dt.datetime(2026, 3, 20, 9, 0, tzinfo=dt.UTC)
TODAY = NOW.date()


class Night:
    now = NOW

    def progress(self, *said):
        self.said = said


@pytest.fixture(autouse=True)
def on_that_day():
    with time_machine.travel(NOW, tick=False):
        yield


def _consent(who, purpose, days, **more):
    person = DistinctId.objects.get(distinct_id=who)
    about = {"given_on": dt.date(2025, 1, 1), "expires_on": TODAY + dt.timedelta(days), "proof": "mail", **more}
    return Consent.objects.create(person=person, purpose=purpose, **about)


def test_what_ends_is_seen_with_what_may_no_longer_be_used(people, product, owner, client_of, outsider):
    Contact.objects.create(person=DistinctId.objects.get(distinct_id="ann"), name="Ann Arbor", created_by=owner)
    _consent("anon-1", "recording", -3)  # an id of hers from before the login
    _consent("bob", "survey", 20)
    _consent("cy", "survey", 5)
    _consent("cy", "survey", 200)  # given anew
    _consent("bob", "quote", -200)
    _consent("bob", "contact", -1, withdrawn_at=NOW)
    participants = [ParticipantInput("ann", "Ann")]
    about = {"recording_url": "https://example.com/1", "participants": participants, "held_on": dt.date(2026, 1, 1)}
    add_conversation(product, actor=owner, today=TODAY, title="How she plans", **about)
    client, url = client_of(owner), reverse("contacts:consent-ending")
    page = client.get(url).content.decode()
    assert "Ann Arbor" in page and "take away what was recorded" in page and "How she plans" in page
    assert page.count('class="table__main"') == 2
    home = client.get(reverse("contacts:consent-home"), headers={"HX-Request": "true"}).content.decode()
    assert "<strong>1</strong> has ended" in home and "<strong>1</strong> ends" in home
    assert client.get(url, {"state": "ended", "format": "csv"}).getvalue().decode().count("Ann Arbor") == 1
    client_of(outsider)
    assert 'class="table__main"' not in client.get(url).content.decode()


def test_whoever_looks_after_somebody_is_told_once(people, owner, editor):
    Contact.objects.create(person=DistinctId.objects.get(distinct_id="ann"), owner=editor, created_by=owner)
    ended, _ends, _later = _consent("ann", "recording", -1), _consent("bob", "survey", 10), _consent("bob", "quote", 25)
    night = Night()
    tell_ending(night)
    tell_ending(night)
    told = sorted((notice.user.name, notice.text) for notice in Notice.objects.all())
    assert told == [
        ("Editor", "A consent to recording what is said has ended, of somebody of Planner."),
        ("Editor", "A consent to surveys ends on 30 Mar 2026, of somebody of Planner."),
        ("Owner", "A consent to surveys ends on 30 Mar 2026, of somebody of Planner."),
    ]
    assert AuditEntry.objects.get(verb="consent.ended").thing_id == str(ended.pk)
