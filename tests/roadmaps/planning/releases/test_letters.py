"""From what people said to the letter that tells them it is there: evidence, initiative, release, drafts, told."""

import datetime as dt

import pytest
from django.core import mail

from insights.voice.closing.models import StatusChange, Telling
from insights.voice.closing.tasks import send_tellings
from insights.voice.closing.telling import settle_letters
from insights.voice.feedback.actions import add_feedback
from insights.voice.themes.actions import create_theme
from insights.voice.themes.public import link_theme
from portal.audit.models import AuditEntry
from portal.messages.models import Delivery
from portal.messages.sending import deliver
from portal.operations.models import OutboxMessage
from portal.people.public import SYSTEM
from roadmaps.planning.initiatives.public import Initiative, create_initiative
from roadmaps.planning.opportunities.gathering import add_evidence, quote_for_opportunity
from roadmaps.planning.opportunities.models import Opportunity
from roadmaps.planning.releases.models import Release
from roadmaps.planning.releases.tasks import tell_listeners
from tests.factories import make_channel, make_source, store_events

DAY = dt.date(2024, 1, 20)
SAID = "A guide leads new teams through their first week."


@pytest.fixture
def say(product):
    """Return how people say something: Ann and Bob of Acme, Cy of Bolt, each with a mail address, and Di without."""
    rows = [
        {"event": "opened", "distinct_id": who, "timestamp": "2024-01-02T10:00:00+00:00", "event_id": who}
        for who in ("ann", "bob", "cy", "di")
    ]
    known = [(who, "email", f"{who}@example.com") for who in ("ann", "bob", "cy")] + [("ann", "name", "Ann Arbor")]
    known += [(who, "$account", account) for who, account in (("ann", "acme"), ("bob", "acme"), ("cy", "bolt"))]
    traits = [
        {
            "subject": "person", "subject_id": who, "key": key, "value": value, "item_no": 90,
            "timestamp": rows[0]["timestamp"],
        }
        for who, key, value in known
    ]  # fmt: skip
    store_events(make_source(product), rows, traits=traits)
    channel = make_channel("call")

    def say(text, who, said_on=DAY):
        values = {"channel": channel, "person": who, "visibility": "company", "said_on": said_on}
        return add_feedback(product, actor=SYSTEM, today=dt.date(2024, 2, 1), text=text, **values)[0]

    return say


def gather(client, say, product, owner):
    """Write two opportunities down over HTTP: Ann (twice), Bob (by a theme) and Di show the first, Cy the second."""
    written = {"state": "open", "owner": owner.pk, "visibility": "company"}
    for title in ("New teams do not know where to begin", "Reports cannot be shared"):
        client.post(f"/opportunities/new/?product={product.slug}", {"title": title, **written})
    lost, reports = Opportunity.objects.order_by("pk")
    quote_for_opportunity(lost, say("We were lost. Where do we begin?", "ann"), actor=owner, quote="Where do we begin?")
    again = say("Still lost after a week.", "ann", said_on=dt.date(2024, 1, 10))
    starting = create_theme(product, name="Starting", actor=owner)
    link_theme(starting, say("Nobody showed us around.", "bob"), actor=owner, importance=3)
    for kind, thing in (("feedback", again), ("theme", starting), ("feedback", say("No idea what to click.", "di"))):
        posted = {"things": [thing.pk], "weight": 2, "note": ""}
        client.post(f"/opportunities/{lost.pk}/evidence/new/?kind={kind}", posted)
    add_evidence(reports, actor=owner, kind="feedback", thing_id=say("I want to share a report.", "cy").pk)
    assert lost.evidence.count() == 4
    return lost, reports


def letters():
    return {one.person.distinct_id: one for one in Telling.objects.select_related("person")}


def test_those_behind_an_opportunity_are_told_once_what_came_of_what_they_said(say, product, owner, client):
    client.force_login(owner)
    lost, reports = gather(client, say, product, owner)
    # An initiative for the first; another one is still under way for the reports.
    sent = {"title": "Guide", "opportunities": [lost.pk], "stage": "building", "horizon": "now", "version": 0}
    sent |= {"team": product.team_id, "owner": owner.pk, "visibility": "company"}
    assert client.post(f"/initiatives/new/?product={product.slug}", sent).status_code == 302
    guide = Initiative.objects.get(title="Guide")
    share = create_initiative(product, title="Share reports", stage="building", opportunities=[reports], actor=owner)
    # The release with the guide is out, and says what those who asked are to hear.
    planned = {"name": "Spring", "product": product.pk, "planned_on": "2024-02-01", "visibility": "company"}
    page = client.post("/releases/new/", planned).url
    client.post(f"{page}add/", {"initiatives": [guide.pk]})
    client.post(f"{page}out/", {"on": "2024-02-01", "version": 1, "said": SAID})
    release = Release.objects.get()
    assert OutboxMessage.objects.filter(task="planning.tell_listeners", arguments={"release_id": release.pk}).exists()
    for _ in range(2):  # as when a worker died after its work
        tell_listeners(release.pk)
    # In the closing room: a draft for exactly these three, each once, with their own newest or weightiest words.
    change = StatusChange.objects.get()
    assert (change.title, change.status, change.said) == (lost.title, "done", SAID)
    drafts = letters()
    assert sorted(drafts) == ["ann", "bob", "di"] and {one.state for one in drafts.values()} == {"draft"}
    ending = f"{SAID}\n\nThank you for telling us.\n{owner}"
    assert drafts["ann"].text == f"Hello Ann Arbor,\n\nOn 20 January 2024 you told us: “Where do we begin?”\n\n{ending}"
    assert drafts["bob"].text == f"Hello,\n\nOn 20 January 2024 you told us: “Nobody showed us around.”\n\n{ending}"
    shown = client.get(change.get_absolute_url()).content.decode()
    assert "0 of 3 were told; 3 wait to hear" in shown and "“Where do we begin?”" in shown
    assert client.get(f"/opportunities/{lost.pk}/").status_code == 200
    # Sent by whoever closes the loop: each mail once, however often it is asked for; Di has no address and stays.
    assert client.post(f"/voice/told/statuses/{change.pk}/send/").status_code == 302
    for _ in range(2):
        send_tellings(change.pk, owner.pk)
        for one in Delivery.objects.filter(state="waiting"):
            deliver(one.pk)
        settle_letters()
    assert sorted(one.to[0] for one in mail.outbox) == ["ann@example.com", "bob@example.com"]
    assert {who: one.state for who, one in letters().items()} == {"ann": "told", "bob": "told", "di": "draft"}
    ann = letters()["ann"]
    assert (ann.way, ann.told_by) == ("mail", owner) and ann.told_at is not None
    assert AuditEntry.objects.filter(verb="telling.sent", actor_id=owner.pk).count() == 2
    assert "2 of 3 were told; 1 waits to hear" in client.get(change.get_absolute_url()).content.decode()
    # What is under way elsewhere is told of as begun, and nobody of before hears again.
    page = client.post("/releases/new/", {**planned, "name": "Summer"}).url
    part = create_initiative(product, title="Links", stage="building", opportunities=[reports], actor=owner)
    client.post(f"{page}add/", {"initiatives": [part.pk]})
    client.post(f"{page}out/", {"on": "2024-02-01", "version": 1, "said": "A link opens a report."})
    tell_listeners(Release.objects.get(name="Summer").pk)
    begun = StatusChange.objects.exclude(pk=change.pk).get()
    assert (begun.title, begun.status) == (reports.title, "started") and share.stage == "building"
    assert [one.person.distinct_id for one in begun.tellings.select_related("person")] == ["cy"]
    assert Telling.objects.count() == 4
