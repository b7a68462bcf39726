"""Metrics in digests: their own, and on dashboards."""

import time_machine

from insights.dashboards import actions as boards
from insights.dashboards.digests.composing import compose_dashboard
from insights.metrics.access import get_metric
from insights.metrics.digests import compose_metric, find_metric, offer_metrics
from insights.metrics.models import Metric, MetricValue
from tests.insights.metrics.conftest import EVENTS, NOW


def test_a_digest_of_a_metric_says_its_newest_week(metric, owner, viewer):
    with time_machine.travel(NOW, tick=False):
        (part,) = compose_metric(get_metric(viewer, metric.pk), viewer, since=NOW, now=NOW)
    assert MetricValue.objects.exists(), "it was computed for the digest"
    assert (part.title, part.period) == ("People who read reports", "week of 9 Mar 2026")
    (line,) = part.lines
    assert line.value == "1" and line.noise == "too few to say" and line.weight == 0
    assert part.charts[0].n_partial == 1 and part.freshness.startswith("Data until 9 Mar 2026")


def test_only_who_may_read_a_metric_gets_it(metric, viewer, outsider, owner):
    assert find_metric(viewer, str(metric.pk)) == metric
    for odd in ("", "x", "²", "99999999"):
        assert find_metric(viewer, odd) is None
    Metric.objects.update(visibility="team")
    assert find_metric(outsider, str(metric.pk)) is None
    assert offer_metrics(owner) == [(str(metric.pk), metric.name)] and offer_metrics(viewer) == []


def test_personal_numbers_are_in_no_digest(events, make_metric, product, owner):
    from insights.catalogue.models import CatalogueProperty

    question = {**EVENTS, "filters": [{"property": "plan", "of": "event", "op": "is", "value": "pro"}]}
    metric = make_metric(question)
    defaults = {"is_personal": True}
    CatalogueProperty.objects.update_or_create(product=product, of="event", name="plan", defaults=defaults)
    with time_machine.travel(NOW, tick=False):
        (part,) = compose_metric(get_metric(owner, metric.pk), owner, since=NOW, now=NOW)
    assert not part.lines and "personal data" in part.problems[0]


def test_a_dashboards_digest_tells_its_metrics_too(metric, product, owner, outsider):
    board = boards.create_dashboard(actor=owner, product=product, title="Health")
    boards.add_tile(board, actor=owner, kind="metric", metric=metric)
    with time_machine.travel(NOW, tick=False):
        (part,) = compose_dashboard(board, owner, since=NOW, now=NOW)
        assert [(line.label, line.value) for line in part.lines] == [("People who read reports", "1")]
        Metric.objects.update(visibility="team")
        (part,) = compose_dashboard(board, outsider, since=NOW, now=NOW)
        assert not part.lines
