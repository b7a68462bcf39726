"""The demo's saved insights."""

from datetime import date

from django.urls import reverse

from insights.explore.demo import seed_insights
from insights.explore.models import Insight
from portal.operations.contracts import DemoWorld


def test_the_demo_has_five_insights_however_often_it_is_seeded(client_of, product, owner):
    world = DemoWorld(date.today(), 0, {})
    for _ in range(2):
        seed_insights(world, lambda done, total: None)
    found = Insight.objects.order_by("pk")
    assert len(found) == 5 and {one.owner for one in found} == {owner}
    assert {one.chart for one in found} == {"line", "funnel", "sankey", "heatmap"}
    for one in found:
        assert client_of(owner).get(reverse("explore:insight", args=[one.pk])).status_code == 200
