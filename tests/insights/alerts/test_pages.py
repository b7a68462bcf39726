"""The pages of alerts and incidents, as people use them; dry runs are worked out by the worker's own function."""

import datetime as dt

import pytest
import time_machine

from insights.alerts import actions
from insights.alerts.checking import check_alert
from insights.alerts.contracts import Condition
from insights.alerts.models import Alert, DayOff, DryRun, Incident
from insights.alerts.replaying import run_dry
from insights.alerts.series import Subject, subject_of
from insights.catalogue.models import CatalogueProperty
from insights.explore.actions import create_insight
from insights.questions.public import parse_question
from portal.audit.models import AuditEntry
from portal.shell.public import BadInput
from tests.insights.alerts.conftest import NOW, QUESTION, load_days, usual


@pytest.fixture
def insight(product, owner):
    question = parse_question({**QUESTION, "products": [product.slug]}, now=NOW, default_zone="UTC")
    return create_insight(question, title="Reports a day", actor=owner)


def form_of(insight, **changes):
    start = {"name": "Reports fell", "subject": f"insight:{insight.pk}:0", "kind": "unlike", "sense": "normal"}
    return {**start, "side": "down", "visibility": "company", **changes}


def test_an_alert_is_tried_saved_and_shown(client_of, owner, editor, insight, source):
    counts = usual(120)
    counts[-20] = 3
    load_days(source, counts)
    client = client_of(owner)
    with time_machine.travel(NOW, tick=False):
        page = client.get(f"/alerts/new/?subject=insight:{insight.pk}:0")
        assert b"Reports a day" in page.content
        answer = client.post("/alerts/new/", {**form_of(insight), "people": [owner.pk], "try": "1"})
        run = DryRun.objects.get()
        assert answer.url == f"/alerts/new/?try={run.pk}#tried"
        assert "A worker tries it" in client.get(answer.url).content.decode()
        run_dry(run.pk)
        shown = client.get(answer.url).content.decode()
    assert "It would have fired once in the last 90 days." in shown
    assert "29 Oct 2026, low" in shown
    assert "events that came late are in them already" in shown
    assert 'value="Reports fell"' in shown
    saved = client.post("/alerts/new/", {**form_of(insight), "people": [owner.pk, editor.pk]})
    alert = Alert.objects.get()
    assert saved.url == alert.get_absolute_url()
    assert (alert.owner, set(alert.people.all())) == (owner, {owner, editor})
    page = client.get(saved.url).content.decode()
    assert "lower than its own past leads one to expect" in page
    assert AuditEntry.objects.filter(verb="alert.created").exists()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": ""}, "This field is required."),
        ({"subject": "insight:999999:0"}, "Select a valid choice"),
        ({"kind": "below"}, "Type a number."),
        ({"kind": "late"}, "Only a source can be late."),
    ],
    ids=["no-name", "gone", "no-limit", "late"],
)
def test_a_form_with_a_fault_says_so_and_keeps_what_was_typed(client_of, owner, insight, changes, fault):
    answer = client_of(owner).post("/alerts/new/", form_of(insight, **changes))
    assert answer.status_code == 422
    assert fault in answer.content.decode()
    assert not Alert.objects.exists()


def test_a_viewer_cannot_make_one_and_another_team_does_not_see_a_teams(client_of, viewer, outsider, make_alert):
    alert = make_alert(visibility="team")
    assert client_of(viewer).get("/alerts/new/").status_code == 403
    client = client_of(outsider)
    assert client.get(alert.get_absolute_url()).status_code == 404
    assert client.get(f"/api/v1/alerts/{alert.pk}/").status_code == 404
    assert alert.name not in client.get("/alerts/").content.decode()


def test_somebody_of_another_team_watches_for_their_own_team(client_of, outsider, insight):
    client = client_of(outsider)
    assert client.post("/alerts/new/", form_of(insight)).status_code == 302
    alert = Alert.objects.get()
    assert (alert.team.name, alert.product.name) == ("Other team", "Planner")


def test_two_editors_do_not_overwrite_each_other(client_of, owner, insight, make_alert):
    alert = make_alert()
    client = client_of(owner)
    first = {**form_of(insight), "subject": f"alert:{alert.pk}", "revision": alert.revision}
    assert client.post(f"/alerts/{alert.pk}/edit/", {**first, "name": "First"}).status_code == 302
    second = client.post(f"/alerts/{alert.pk}/edit/", {**first, "name": "Second"})
    assert second.status_code == 422
    assert "Somebody else changed this alert" in second.content.decode()
    alert.refresh_from_db()
    assert alert.name == "First"


def test_an_incident_is_acknowledged_snoozed_and_resolved_with_a_note(client_of, owner, source, make_alert):
    load_days(source, [*usual(70), 3])
    alert = make_alert(people=[owner])
    check_alert(alert.pk, NOW)
    incident = Incident.objects.get()
    client = client_of(owner)
    assert "Needs your attention" in client.get("/").content.decode()
    client.post(f"/alerts/incidents/{incident.pk}/acknowledge/")
    until = (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    client.post(f"/alerts/incidents/{incident.pk}/snooze/", {"until": until})
    incident.refresh_from_db()
    assert (incident.state, incident.acknowledged_by) == ("snoozed", owner)
    assert "Needs your attention" not in client.get("/").content.decode()
    client.post(f"/alerts/incidents/{incident.pk}/resolve/", {"note": "Outage", "is_drawn": "on"})
    page = client.get(incident.get_absolute_url()).content.decode()
    assert "Owner resolved it" in page and "Drawn on the charts of Planner." in page
    verbs = list(AuditEntry.objects.filter(verb__startswith="incident.").values_list("verb", flat=True))
    assert sorted(verbs) == ["incident.acknowledged", "incident.resolved", "incident.snoozed"]


def test_a_snooze_in_the_past_is_refused(client_of, owner, source, make_alert):
    load_days(source, [*usual(70), 3])
    check_alert(make_alert().pk, NOW)
    incident = Incident.objects.get()
    answer = client_of(owner).post(f"/alerts/incidents/{incident.pk}/snooze/", {"until": "2020-01-01T09:00"})
    assert answer.status_code == 422
    assert "Choose a time within the next three months." in answer.content.decode()


def test_a_dry_run_uses_what_the_alert_saw_then(make_alert, owner, source):
    load_days(source, usual(120))
    alert = make_alert(Condition("threshold", side="below", value=10))
    alert.readings.create(label="2026-11-10", value=4, state="breach", side="down", checked_at=NOW)
    run = actions.ask_dry_run(subject_of(alert), alert.rule, actor=owner, alert=alert)
    run_dry(run.pk, lambda: NOW)
    run.refresh_from_db()
    assert run.result["occurrences"] == [["2026-11-10", "2026-11-10", "down"]]
    assert run.result["n_known_then"] == 1


def test_days_off_are_added_once_and_removed(client_of, owner, ops, product):
    client = client_of(owner)
    day = {"day": "2026-12-25", "name": "Christmas", "product": product.pk}
    assert client.post("/alerts/days-off/", day).status_code == 302
    again = client.post("/alerts/days-off/", day)
    assert (again.status_code, "in the list already" in again.content.decode()) == (422, True)
    assert client.post("/alerts/days-off/", {**day, "day": "2026-12-26", "product": ""}).status_code == 422
    one = DayOff.objects.get()
    assert client.post(f"/alerts/days-off/{one.pk}/remove/").status_code == 302
    assert client_of(ops).post("/alerts/days-off/", {**day, "product": ""}).status_code == 302
    company = DayOff.objects.get()
    assert client_of(owner).post(f"/alerts/days-off/{company.pk}/remove/").status_code == 403


def test_hostile_names_are_shown_as_text(client_of, owner, make_alert):
    alert = make_alert(name="=cmd|'/c calc'!A1 <script>alert(1)</script>")
    client = client_of(owner)
    assert "<script>alert(1)" not in client.get(alert.get_absolute_url()).content.decode()
    rows = b"".join(client.get("/alerts/?format=csv").streaming_content).decode()
    assert "'=cmd" in rows


def test_the_api_makes_changes_tries_and_acts(client_of, owner, source, product):
    load_days(source, [*usual(70), 3])
    client = client_of(owner)
    sent = {
        "name": "Reports fell",
        "question": QUESTION,
        "product": product.slug,
        "condition": {"kind": "unlike", "side": "down"},
        "people": [owner.pk],
    }
    made = client.post("/api/v1/alerts/", sent, content_type="application/json")
    assert made.status_code == 201, made.content
    body = made.json()
    assert body["in_words"] == "Tells when Reports fell is lower than its own past leads one to expect."
    bad = {**sent, "condition": {"kind": "unlike", "percent": 5}}
    refused = client.post("/api/v1/alerts/", bad, content_type="application/json")
    assert refused.json()["fields"] == {"condition.percent": ["This belongs to another kind. Leave it out."]}
    tried = client.post("/api/v1/alerts/dry-run/", sent, content_type="application/json").json()
    run_dry(tried["id"], lambda: NOW)
    assert client.get(f"/api/v1/dry-runs/{tried['id']}/").json()["result"]["occurrences"][0][0] == "2026-11-17"
    change = {"revision": body["revision"], "name": "Fewer reports"}
    changed = client.patch(f"/api/v1/alerts/{body['id']}/", change, content_type="application/json")
    assert changed.json()["name"] == "Fewer reports"
    Alert.objects.update(starts_at=NOW)
    check_alert(body["id"], NOW)
    (incident,) = client.get("/api/v1/incidents/?state=open").json()["results"]
    answer = client.post(f"/api/v1/incidents/{incident['id']}/resolve/", {"note": "Ours"})
    assert (answer.json()["state"], answer.json()["note"]) == ("resolved", "Ours")
    assert client.delete(f"/api/v1/alerts/{body['id']}/").status_code == 204
    assert Alert.objects.get().archived_at is not None


def test_what_an_alert_watches_says_so_and_offers_it(client_of, owner, insight):
    page = client_of(owner).get(insight.get_absolute_url()).content.decode()
    assert "Alert me" in page
    client_of(owner).post("/alerts/new/", form_of(insight))
    page = client_of(owner).get(insight.get_absolute_url()).content.decode()
    assert Alert.objects.get().get_absolute_url() in page
    assert "Reports fell" in client_of(owner).get("/search/?q=reports fell").content.decode()


def test_numbers_of_personal_data_stay_in_the_team(client_of, owner, viewer, outsider, product, source):
    CatalogueProperty.objects.create(product=product, of="event", name="phone", is_personal=True)
    filters = [{"property": "phone", "of": "event", "op": "is_set"}]
    question = {**QUESTION, "products": [product.slug], "series": [{"event": "report opened", "filters": filters}]}
    subject = Subject("Reports by phone", product, question=question)
    with pytest.raises(BadInput) as refused:
        actions.create_alert(subject, Condition("unlike"), actor=owner, name="Phones")
    assert "personal data" in refused.value.fields["visibility"][0]
    alert = actions.create_alert(subject, Condition("unlike"), actor=owner, name="Phones", visibility="team")
    assert client_of(viewer).get(alert.get_absolute_url()).status_code == 200
    assert client_of(outsider).get(alert.get_absolute_url()).status_code == 404
