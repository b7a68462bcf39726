"""The pages of metrics, used as a person would."""

import json

import pytest
from django.urls import reverse

from insights.explore.actions import create_insight
from insights.metrics import actions
from insights.metrics.access import get_metric
from insights.metrics.models import Metric, MetricSeries, MetricVersion
from insights.questions.public import parse_question
from tests.insights.metrics.conftest import EVENTS, FUNNEL, NOW, PEOPLE, RETENTION, define, refresh


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)


def page(client, name, pk, **query):
    return client.get(reverse(f"metrics:{name}", args=[pk]), query)


def q(question, product):
    return json.dumps({"products": [product.slug], **question})


def test_a_question_from_explore_becomes_a_metric(client_of, owner, product, events, clock):
    client = client_of(owner)
    address = reverse("metrics:metric-new") + f"?q={q(PEOPLE, product)}"
    shown = client.get(address)
    assert shown.status_code == 200 and b"people who did" in shown.content.lower()
    sent = {"name": "Readers", "interval": "week", "unit": "people", "direction": "up", "visibility": "company"}
    answer = client.post(address, {**sent, "question": q(PEOPLE, product), "tags": "reports, Health"})
    metric = Metric.objects.get()
    assert answer.url == metric.get_absolute_url() and metric.tags == ["reports", "health"]
    assert metric.owner == owner and not metric.is_certified
    refresh()
    shown = page(client, "metric-page", metric.pk).content.decode()
    assert "Readers" in shown and "draft" in shown and "week of 9 Mar 2026" in shown


def test_a_saved_insight_is_a_start(client_of, owner, product, events, clock):
    question = parse_question({"products": [product.slug], **FUNNEL, "view": "trend"}, now=NOW, default_zone="UTC")
    insight = create_insight(question, title="Sign-up to report", actor=owner)
    client = client_of(owner)
    assert "Sign-up to report" in client.get(reverse("metrics:metric-new")).content.decode()
    shown = client.get(reverse("metrics:metric-new"), {"insight": insight.pk})
    assert shown.status_code == 200 and 'name="unit"' not in shown.content.decode()
    assert "Make it a metric" in client.get(insight.get_absolute_url()).content.decode()


def test_explore_offers_to_make_a_metric_and_remembers_for_which(client_of, owner, product, metric):
    client = client_of(owner)
    shown = client.get(reverse("explore:explore"), {"q": q(PEOPLE, product)}).content.decode()
    assert reverse("metrics:metric-new") in shown
    shown = client.get(reverse("explore:explore"), {"q": q(PEOPLE, product), "metric": metric.pk}).content.decode()
    assert reverse("metrics:proposal-new", args=[metric.pk]) in shown and "Use for the metric" in shown
    for odd in ("x", "²", "9" * 40):
        assert client.get(reverse("explore:explore"), {"q": q(PEOPLE, product), "metric": odd}).status_code == 200


def test_faults_of_a_definition_stand_on_the_form(client_of, owner, product, events):
    client, asked = client_of(owner), {"kind": "trend", "series": [{"event": "a"}, {"event": "b"}]}
    sent = {
        "name": "Two",
        "interval": "week",
        "direction": "up",
        "visibility": "company",
        "question": q(asked, product),
    }
    answer = client.post(reverse("metrics:metric-new"), sent)
    assert answer.status_code == 422 and "This question has 2 series." in answer.content.decode()
    for odd in ("[1]", "nonsense", '"text"'):
        assert client.post(reverse("metrics:metric-new"), {**sent, "question": odd}).status_code in (400, 422)


def test_a_name_that_is_taken_is_said_beside_it(client_of, owner, product, metric):
    sent = {"name": metric.name, "interval": "week", "direction": "up", "visibility": "company"}
    answer = client_of(owner).post(reverse("metrics:metric-new"), {**sent, "question": q(EVENTS, product)})
    assert answer.status_code == 422 and "One name means one number" in answer.content.decode()


def test_a_retention_asks_how_much_later(client_of, owner, product, events, clock):
    client = client_of(owner)
    sent = {"name": "Back after a week", "interval": "week", "direction": "up", "visibility": "company"}
    sent["question"] = q(RETENTION, product)
    assert client.post(reverse("metrics:metric-new"), sent).status_code == 422
    client.post(reverse("metrics:metric-new"), {**sent, "column": "1"})
    refresh()
    metric = Metric.objects.get()
    shown = page(client, "metric-page", metric.pk).content.decode()
    assert "comes back 1 week later" in shown and "%" in shown


def test_a_change_is_proposed_seen_and_approved(client_of, owner, editor, ops, metric, product, clock):
    Metric.objects.update(description="Different people who open a report.")
    actions.certify_metric(metric, actor=ops)
    refresh()
    client = client_of(editor)
    address = reverse("metrics:proposal-new", args=[metric.pk])
    assert "Propose a change" in client.get(address).content.decode()
    new = {**PEOPLE, "series": [{"event": None, "measure": "persons"}]}
    sent = {"interval": "week", "unit": "people", "direction": "up", "question": q(new, product)}
    assert client.post(address, sent).status_code == 422, "the reason is missing"
    answer = client.post(address, {**sent, "reason": "Reports are not all that counts."})
    proposal = MetricVersion.objects.get(state="proposed")
    assert answer.url == proposal.get_absolute_url()
    refresh()
    shown = client.get(answer.url).content.decode()
    assert "any event" in shown and "Reports are not all that counts." in shown
    assert '"name": "now"' in shown and '"name": "proposed"' in shown, "both lines are drawn"
    assert "It says" not in shown or "would say" in shown
    client = client_of(owner)
    assert "A change of its definition is proposed" in page(client, "metric-page", metric.pk).content.decode()
    decide = reverse("metrics:version-decide", args=[proposal.pk])
    assert client.post(decide, {"act": "decline"}).status_code == 400
    assert client.post(decide, {"act": "approve", "decision": "Agreed."}).url == metric.get_absolute_url()
    assert client.post(decide, {"act": "decline", "decision": "Late."}).status_code == 409
    shown = page(client, "metric-history", metric.pk).content.decode()
    assert "Agreed." in shown and "Version 1" in shown and "Version 2" in shown
    assert page(client, "version-page", MetricVersion.objects.get(number=1).pk).status_code == 200


def test_who_may_not_decide_reads_why(client_of, editor, ops, metric, product):
    Metric.objects.update(description="Different people who open a report.")
    actions.certify_metric(metric, actor=ops)
    proposal = actions.propose_version(
        get_metric(editor, metric.pk), define(EVENTS, product, editor), actor=editor, reason="Events say more."
    )
    client = client_of(editor)
    shown = client.get(proposal.get_absolute_url()).content.decode()
    assert "somebody else decides about your proposal" in shown and "Take it back" in shown
    decide = reverse("metrics:version-decide", args=[proposal.pk])
    assert client.post(decide, {"act": "approve"}).status_code == 403
    assert client.post(decide, {"act": "withdraw"}).status_code == 302


def test_the_list_shows_values_and_finds(client_of, viewer, make_metric, events, clock):
    make_metric(name="Readers", tags=["health"])
    make_metric(EVENTS, name="Reports")
    refresh()
    client, address = client_of(viewer), reverse("metrics:metric-list")
    shown = client.get(address).content.decode()
    assert "Readers" in shown and "Reports" in shown and "sparkline" in shown
    assert "Reports" not in client.get(address, {"tag": "health"}).content.decode().split('id="rows"')[1]
    assert "No metrics fit" in client.get(address, {"show": "certified"}).content.decode()
    lines = b"".join(client.get(address, {"format": "csv"}).streaming_content).decode("utf-8-sig").splitlines()
    assert any(line.startswith("Readers,Planner,Owner,draft") and ",2026-03-09," in line for line in lines)


def test_numbers_of_personal_data_are_kept_from_others_everywhere(
    client_of, outsider, make_metric, product, events, clock
):
    from insights.catalogue.models import CatalogueProperty

    question = {**EVENTS, "filters": [{"property": "plan", "of": "event", "op": "is", "value": "pro"}]}
    metric = make_metric(question, name="Pro reports", unit="reports")
    refresh()
    CatalogueProperty.objects.update_or_create(product=product, of="event", name="plan", defaults={"is_personal": True})
    client, said = client_of(outsider), "This metric reads personal data"
    assert said in page(client, "metric-page", metric.pk).content.decode()
    assert page(client, "metric-csv", metric.pk).status_code == 403
    assert client.get(f"/api/v1/metrics/{metric.pk}/values/").status_code == 403
    value = Metric.objects.get().current.series.summary["value"]
    lines = b"".join(client.get(reverse("metrics:metric-list"), {"format": "csv"}).streaming_content).decode()
    assert f",{value}," not in lines and "Pro reports" in lines


def test_hostile_words_are_only_words(client_of, owner, make_metric, events, clock):
    bad = "<script>alert(1)</script>=2+2"
    metric = make_metric(name=bad, unit="<b>", description=bad)
    refresh()
    client = client_of(owner)
    for name in ("metric-page", "metric-history", "metric-uses"):
        assert "<script>alert(1)" not in page(client, name, metric.pk).content.decode()
    actions.update_metric(metric, actor=owner, revision=1, name="=2+2")
    lines = b"".join(client.get(reverse("metrics:metric-list"), {"format": "csv"}).streaming_content).decode()
    assert "'=2+2" in lines


def test_words_are_edited_and_a_second_editor_keeps_theirs(client_of, owner, metric):
    client, address = client_of(owner), reverse("metrics:metric-edit", args=[metric.pk])
    sent = {"name": "Readers", "description": "New", "owner": owner.pk, "visibility": "team", "revision": 1}
    assert client.post(address, sent).status_code == 302
    answer = client.post(address, {**sent, "name": "Mine", "revision": 1})
    assert answer.status_code == 409 and 'value="Mine"' in answer.content.decode()
    assert client.post(address, {**sent, "name": "Mine", "revision": 2}).status_code == 302


def test_the_admin_shows_a_metric_with_its_versions(client_of, admin_user, metric):
    page = client_of(admin_user).get(f"/admin/insights_metrics/metric/{metric.pk}/change/")
    assert page.status_code == 200
    assert "The first definition." in page.content.decode()


def test_home_shows_what_is_mine_or_starred(client_of, owner, viewer, metric):
    assert "My metrics" in client_of(owner).get("/").content.decode()
    client = client_of(viewer)
    assert "My metrics" not in client.get("/").content.decode()
    client.post(reverse("metrics:metric-star", args=[metric.pk]), {"starred": "1"})
    assert "My metrics" in client.get("/").content.decode()


def test_the_api_does_what_the_pages_do(client_of, owner, editor, ops, product, events, clock):
    client = client_of(owner)

    def send(path, value, method="post"):
        return getattr(client, method)(f"/api/v1/{path}", json.dumps(value), content_type="application/json")

    made = send("metrics/", {"name": "Readers", "question": {**PEOPLE, "products": ["planner"]}, "unit": "people"})
    assert made.status_code == 201 and made.json()["current"]["number"] == 1
    pk = made.json()["id"]
    fault = send("metrics/", {"name": "Bad", "question": {**PEOPLE, "products": ["planner"], "interval": "hour"}})
    assert fault.status_code == 400 and "question.interval" in fault.json()["fields"]
    refresh()
    found = client.get(f"/api/v1/metrics/{pk}/values/?from=2026-03-01").json()
    assert [one["starts_on"] for one in found["values"]] == ["2026-03-02", "2026-03-09", "2026-03-16"]
    assert found["values"][-1]["is_partial"] and found["freshness"]["state"] == "fresh"
    assert client.get(f"/api/v1/metrics/{pk}/values/?from=soon").status_code == 400
    changed = send(f"metrics/{pk}/", {"description": "Different people.", "revision": 1}, "patch")
    assert changed.status_code == 200
    client = client_of(ops)
    assert client.put(f"/api/v1/metrics/{pk}/certificate/").json()["is_certified"]
    client = client_of(editor)
    value = {"metric": pk, "question": {**EVENTS, "products": ["planner"]}, "unit": "reports", "reason": "More."}
    proposal = send("metric-proposals/", value).json()
    assert proposal["state"] == "proposed"
    assert send(f"metric-proposals/{proposal['id']}/approve/", {}).status_code == 403
    client = client_of(owner)
    assert send(f"metric-proposals/{proposal['id']}/approve/", {}).json()["number"] == 2
    versions = client.get(f"/api/v1/metric-versions/?metric={pk}").json()["results"]
    assert {one["state"] for one in versions} == {"past", "current"}
    assert client.get(f"/api/v1/metric-versions/{versions[-1]['id']}/values/").json()["values"]
    assert client.delete(f"/api/v1/metrics/{pk}/").status_code == 204
    assert not client.get("/api/v1/metrics/").json()["results"]


def test_looking_at_an_old_metric_has_it_computed(client_of, owner, metric, clock):
    from portal.operations.models import OutboxMessage

    page(client_of(owner), "metric-page", metric.pk)
    assert OutboxMessage.objects.filter(task="metrics.check_values").exists()
    assert MetricSeries.objects.get().state == "waiting"
