"""Insights in the admin are changed and deleted by the pages' actions."""

from django.urls import reverse

from insights.explore.models import Insight
from portal.audit.models import AuditEntry


def test_an_insight_is_changed_and_deleted_by_its_actions(client_of, admin_user, owner, product):
    question = {"kind": "trend", "products": [product.slug], "series": [{"event": "report opened"}]}
    insight = Insight.objects.create(
        product=product, team=product.team, owner=owner, title="Readers", question=question, chart="line"
    )
    client, url = client_of(admin_user), reverse("admin:insights_explore_insight_change", args=[insight.pk])
    assert client.get(url).status_code == 200
    values = {"title": "Readers a day", "description": "", "chart": "line", "tags": "Health, health", "owner": owner.pk}
    sent = {**values, "visibility": "team", "version": 1}
    assert client.post(url, sent).status_code == 302
    insight.refresh_from_db()
    entry = AuditEntry.objects.latest("pk")
    assert (insight.title, insight.tags, insight.version) == ("Readers a day", ["health"], 2)
    assert (entry.verb, entry.door, entry.changes["visibility"]) == ("insight.changed", "admin", ["company", "team"])
    page = client.post(url, {**sent, "title": "Mine"}, follow=True).content.decode()
    assert "Somebody else changed this insight" in page
    client.post(reverse("admin:insights_explore_insight_delete", args=[insight.pk]), {"post": "yes"})
    assert AuditEntry.objects.latest("pk").verb == "insight.deleted"
