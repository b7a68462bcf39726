"""Opportunities: evidence with weight, who asks, what was decided, and who is told of it."""

import datetime as dt
import json

import pytest

from insights.contacts.actions import create_record
from insights.voice.closing.models import Telling
from insights.voice.closing.public import set_status
from insights.voice.feedback.actions import add_feedback, delete_feedback
from insights.voice.findings.public import create_finding, quote_for_finding
from insights.voice.themes.actions import create_theme
from insights.voice.themes.public import link_theme
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, Conflict, NotAllowed, Stale
from roadmaps.planning.opportunities import actions
from roadmaps.planning.opportunities.behind import list_behind, read_words
from roadmaps.planning.opportunities.demand import demand_of
from roadmaps.planning.opportunities.gathering import add_evidence, quote_for_opportunity, remove_evidence
from roadmaps.planning.opportunities.likeness import similar_to
from roadmaps.planning.opportunities.models import Evidence
from roadmaps.planning.opportunities.public import Demand, read_demand
from tests.factories import make_channel, make_source, store_events

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 1, 20)


@pytest.fixture
def people(product):
    """Ann and Bob of Acme, Cy of Bolt, Di of nobody."""
    rows = [
        {"event": "opened", "distinct_id": who, "timestamp": "2024-01-02T10:00:00+00:00", "event_id": who}
        for who in ("ann", "bob", "cy", "di")
    ]
    traits = [
        {"subject": "person", "subject_id": who, "key": "$account", "value": account, "timestamp": rows[0]["timestamp"]}
        for who, account in (("ann", "acme"), ("bob", "acme"), ("cy", "bolt"))
    ] + [
        {
            "subject": "account",
            "subject_id": "bolt",
            "key": "segment",
            "value": "small",
            "timestamp": rows[0]["timestamp"],
        }
    ]
    return store_events(make_source(product), rows, traits=[{**one, "item_no": 90} for one in traits])


@pytest.fixture
def say(product, people):
    def say(text, who, **more):
        values = {"channel": make_channel("call"), "person": who, "visibility": "company", "said_on": DAY, **more}
        return add_feedback(product, actor=SYSTEM, today=dt.date(2024, 2, 1), text=text, **values)[0]

    return say


@pytest.fixture
def slow(product, owner):
    return actions.create_opportunity(product, title="The timeline is slow", actor=owner)


def test_an_account_counts_once_at_its_highest_weight_whatever_way_it_asked(slow, say, product, owner, outsider):
    """By hand: Acme asks by Ann (1, in feedback), Bob (3, linked to a theme below) — once, critical; Bolt by Cy (2)."""
    add_evidence(slow, actor=owner, kind="feedback", thing_id=say("It is slow.", "ann").pk, weight=1)
    speed = create_theme(product, name="Speed", actor=owner)
    below = create_theme(product, name="Opening", parent=speed, actor=owner)
    link_theme(below, say("Eleven seconds!", "bob"), actor=owner, importance=3)
    add_evidence(slow, actor=owner, kind="theme", thing_id=speed.pk, weight=1)
    finding = create_finding(product, claim="Speed keeps them away", actor=owner)
    quote_for_finding(finding, say("We wait for it.", "cy"), actor=owner, quote="wait")
    quote_for_finding(finding, say("Quick enough.", "di"), actor=owner, quote="Quick", side="against")
    add_evidence(slow, actor=owner, kind="finding", thing_id=finding.pk, weight=2)
    again = say("Still slow.", "ann", said_on=dt.date(2024, 1, 25))
    quote_for_opportunity(slow, again, actor=owner, quote="slow", weight=2)

    found = read_demand([slow.pk])[slow.pk]
    assert found == Demand(4, 3, 2, n_critical=1, n_important=1, n_nice=0, last_said_on=dt.date(2024, 1, 25))

    create_record(product, actor=SYSTEM, account="acme", revenue=1200, segment="large")
    story = demand_of(slow, outsider)  # numbers name nobody
    assert (story.revenue, story.n_with_revenue, story.grouped_by) == (1200.0, 1, "segment")
    assert [(one.name, one.n_accounts, one.revenue) for one in story.segments] == [
        ("large", 1, 1200.0),
        ("small", 1, None),
    ]

    behind = list_behind(slow)
    assert [(one.person_label, one.importance, one.n_pieces) for one in behind] == [
        ("bob", 3, 1),
        ("ann", 2, 2),
        ("cy", 2, 1),
    ]
    words = read_words(slow, [behind[0].link_ids[0], behind[1].link_ids[0]], owner)
    assert sorted(one.text for one in words.values()) == ["Eleven seconds!", "slow"]

    set_status("opportunity", slow.pk, status="planned", said="We do it.", actor=owner)
    assert Telling.objects.count() == 3

    remove_evidence(slow.evidence.get(kind="theme"), actor=owner)
    assert read_demand([slow.pk])[slow.pk].n_critical == 0


def test_what_somebody_said_goes_with_it_and_what_else_shows_it_keeps_its_name(slow, say, product, owner, outsider):
    piece = say("It is slow.", "ann", visibility="team")
    quote_for_opportunity(slow, piece, actor=owner, quote="slow")
    theme = create_theme(product, name="Speed", actor=owner)
    first, is_new = add_evidence(slow, actor=owner, kind="theme", thing_id=theme.pk, weight=1)
    same, is_new_again = add_evidence(slow, actor=owner, kind="theme", thing_id=theme.pk, weight=3, note="Often")
    assert (is_new, is_new_again, same.pk, same.weight, same.note) == (True, False, first.pk, 3, "Often")
    assert [one.kind for one in Evidence.objects.visible_to(outsider)] == ["theme"]
    delete_feedback(piece, actor=owner)
    assert [one.kind for one in slow.evidence.all()] == ["theme"]
    theme.delete()
    assert slow.evidence.get().title == "Speed"
    with pytest.raises(BadInput):
        add_evidence(slow, actor=owner, kind="theme", thing_id=99_999)
    with pytest.raises(BadInput):
        add_evidence(slow, actor=owner, kind="nothing", thing_id=1)
    with pytest.raises(BadInput):
        add_evidence(slow, actor=owner, kind="feedback", thing_id=say("Again", "cy").pk, weight=4)
    with pytest.raises(NotAllowed):
        add_evidence(slow, actor=outsider, kind="feedback", thing_id=1)
    with pytest.raises(Conflict):
        actions.delete_opportunity(slow, actor=owner)


def test_another_state_is_a_decision_and_is_made_from_the_state_that_was_seen(slow, product, owner, outsider):
    actions.update_opportunity(slow, actor=owner, version=1, state="planned", why="Six accounts ask.")
    with pytest.raises(Stale):
        actions.update_opportunity(slow, actor=owner, version=1, state="dropped")
    actions.decide(slow, actor=owner, what="Measure it first")
    assert [(one.what, one.why) for one in slow.decisions.all()] == [
        ("Measure it first", ""),
        ("Open → Planned", "Six accounts ask."),
    ]
    for wrong in ({"title": " "}, {"state": "gone"}, {"problem": "Call ann@example.com"}):
        with pytest.raises(BadInput):
            actions.update_opportunity(slow, actor=owner, **wrong)
    other = actions.create_opportunity(product, title="Opening the timeline takes long", actor=owner)
    hidden = actions.create_opportunity(product, title="Timeline of others", visibility="team", actor=owner)
    actions.create_opportunity(product, title="Invoices get lost", actor=owner)
    assert set(similar_to(slow, owner)) == {other, hidden}
    assert similar_to(slow, outsider) == [other]


def test_an_opportunity_from_its_first_words_to_a_decision_on_pages_and_over_the_api(
    say, product, owner, outsider, client_of
):
    client = client_of(owner)
    answer = client.post(
        "/opportunities/new/", {"title": "It is slow", "state": "open", "visibility": "team", "owner": owner.pk}
    )
    page = answer["Location"]
    piece = say("It is <b>slow</b>.", "ann", visibility="team")
    answer = client.post(f"{page}evidence/new/?kind=feedback", {"things": piece.pk, "weight": 3, "note": "Loud"})
    assert answer["Location"] == page
    shown = client.get(f"{page}evidence/").content.decode()
    assert "It is &lt;b&gt;slow&lt;/b&gt;." in shown and "Critical" in shown and "Loud" in shown
    assert "1 critical, 0 important" in client.get(page).content.decode()
    pk = int(page.strip("/").rpartition("/")[2])

    quoted = f"/opportunities/of/feedback/{piece.pk}/"
    values = {
        "quote": "slow",
        "opportunity": page.strip("/").rpartition("/")[2],
        "weight": 1,
        "note": "",
        "new_title": "",
    }
    assert client.post(f"{quoted}quote/", {**values, "new_title": "Both"}).status_code == 422
    assert client.post(f"{quoted}quote/", values)["Location"] == piece.get_absolute_url()
    told = client.get(quoted).content.decode()
    assert "“slow”" in told and "all of it" in told

    row = {"HTTP_HX_REQUEST": "true"}
    values = {"title": "It is very slow", "state": "exploring", "owner": "", "version": 1}
    assert client.post(f"{page}row/", values, **row).status_code == 200
    stale = client.post(f"{page}row/", {**values, "state": "dropped"}, **row)
    assert stale.status_code == 422 and "Somebody else changed" in stale.content.decode()
    client.post("/opportunities/bulk/?q=slow", {"chosen": [pk], "state": "planned", "why": "Now"})
    assert "Exploring → Planned" in client.get(page).content.decode()

    api = f"/api/v1/opportunities/{pk}/"
    assert client.get(f"{api}demand/").json()["demand"]["n_accounts"] == 1
    assert [one["what"] for one in client.get(f"{api}decisions/").json()] == ["Exploring → Planned", "Open → Exploring"]
    body = json.dumps({"title": "Slow", "version": 3})
    assert client.patch(api, body, content_type="application/json").json()["version"] == 4
    assert client.patch(api, body, content_type="application/json").status_code == 409
    assert client.get("/opportunities/?format=csv").getvalue().decode().count("Slow") == 1

    client = client_of(outsider)
    for path in (page, f"{page}demand/", f"{page}evidence/", api, f"{page}panels/initiatives/"):
        assert client.get(path).status_code == 404
    assert client.get("/api/v1/opportunity-evidence/").json()["results"] == []
    assert b"It is" not in client.get("/opportunities/").content
