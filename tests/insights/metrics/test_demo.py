"""The demo's metrics: made once, with trees and a proposal."""

import datetime as dt

from django.utils import timezone

from insights.capture.demo.world import PLANNER
from insights.metrics.demo import seed_metrics
from insights.metrics.models import Metric, MetricVersion
from portal.operations.contracts import DemoWorld
from tests import factories


def test_the_demos_metrics_are_made_once(team, owner, ops):
    product = factories.make_product(PLANNER.name, team)
    type(product).objects.update(slug=PLANNER.slug)
    world = DemoWorld(dt.date(2026, 11, 21), 1, {"ops": ops, "product_manager": owner})
    for _ in range(2):
        seed_metrics(world, lambda done, total, note="": None)
    assert Metric.objects.count() == 12 and Metric.objects.filter(is_certified=True).count() == 5
    proposal = MetricVersion.objects.get(state="proposed")
    assert (proposal.metric.name, proposal.author) == ("Errors shown", ops)
    assert Metric.objects.get(name="Actions").rule == "product"
    newest, first = Metric.objects.get(name="Activation").versions.all()
    assert (newest.state, newest.number, newest.author, newest.decided_by) == ("current", 2, ops, owner)
    assert (first.state, first.question["window"]["value"]) == ("past", 7)
    assert first.created_at < newest.created_at < newest.decided_at < timezone.now()
