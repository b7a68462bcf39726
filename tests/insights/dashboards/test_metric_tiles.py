"""Metric tiles: the number of the metrics room, shown with its change, under the dashboard's dates."""

import json

import pytest
import time_machine
from django.urls import reverse

from insights.dashboards import actions
from insights.dashboards.models import Tile
from insights.metrics import actions as metric_actions
from insights.metrics import refreshing
from insights.metrics.forming import read_definition
from insights.metrics.models import Metric, MetricVersion
from insights.metrics.uses import list_uses
from portal.operations.models import OutboxMessage
from portal.shell.public import BadInput, NotFound
from tests.insights.dashboards.conftest import NOW, TREND


@pytest.fixture
def metric(events, product, owner):
    with time_machine.travel(NOW, tick=False):
        definition = read_definition(
            {**TREND, "interval": "week"}, product=product, actor=owner, now=NOW, unit="people", direction="up"
        )
        metric = metric_actions.create_metric(definition, product=product, name="Readers", actor=owner)
        refreshing.refresh_versions(MetricVersion.objects.select_related("metric"), NOW)
    return metric


@pytest.fixture
def shown(metric, dashboard, owner):
    return actions.add_tile(dashboard, actor=owner, kind="metric", metric=metric)


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)


def test_a_number_tile_shows_the_newest_whole_week_whatever_the_dates(client_of, viewer, dashboard, shown, clock):
    page = client_of(viewer).get(dashboard.get_absolute_url()).content.decode()
    assert "Readers" in page and "week of 9 Mar 2026" in page and "headline__value" in page
    assert shown.chart == "number" and (shown.w, shown.h) == (3, 2)


def test_a_line_tile_keeps_to_the_dashboards_dates(client_of, viewer, dashboard, metric, owner, clock):
    tile = actions.add_tile(dashboard, actor=owner, kind="metric", metric=metric, chart="line")
    client = client_of(viewer)
    rows = b"".join(client.get(reverse("dashboards:tile-csv", args=[tile.pk]) + "?about=no").streaming_content)
    days = [line.split(",")[0] for line in rows.decode("utf-8-sig").splitlines()[1:]]
    assert days == ["2026-02-16", "2026-02-23", "2026-03-02", "2026-03-09", "2026-03-16"], "the last 30 days in weeks"
    whole = client.get(reverse("dashboards:tile-page", args=[tile.pk])).content.decode()
    assert "Open the metric" in whole and "Why this number" in whole


def test_a_metric_knows_the_tiles_that_use_it(metric, shown, viewer, outsider, dashboard):
    hits = list_uses(metric, viewer).hits
    assert [(hit.kind, hit.title) for hit in hits] == [("Tile", "Readers on Product health")]
    type(dashboard).objects.update(visibility="team")
    uses = list_uses(metric, outsider)
    assert (len(uses.hits), uses.n_hidden) == (0, 1)


def test_who_may_not_see_the_metric_sees_no_number(client_of, outsider, dashboard, shown, metric, clock):
    client = client_of(outsider)
    assert "headline__value" in client.get(dashboard.get_absolute_url()).content.decode()
    Metric.objects.update(visibility="team")
    page = client.get(dashboard.get_absolute_url()).content.decode()
    assert "headline__value" not in page and "Not shared with you" in page and "Readers" not in page
    assert client.get(f"/api/v1/tiles/{shown.pk}/answer/").status_code == 404


def test_only_a_metric_that_one_sees_is_put_on_a_dashboard(metric, outsider, owner, product):
    from portal.people.public import Product

    own = Product.objects.create(name="Other", slug="other", team=outsider.teams.get())
    board = actions.create_dashboard(actor=outsider, product=own, title="Mine")
    Metric.objects.update(visibility="team")
    with pytest.raises(NotFound):
        actions.add_tile(board, actor=outsider, kind="metric", metric=metric)


def test_a_metric_tile_stays_one(shown, owner, metric, dashboard):
    with pytest.raises(BadInput):
        actions.update_tile(shown, actor=owner, revision=1, question=TREND)
    question = actions.add_tile(dashboard, actor=owner, question=TREND)
    with pytest.raises(BadInput):
        actions.update_tile(question, actor=owner, revision=1, metric=metric)
    assert actions.update_tile(shown, actor=owner, revision=1, chart="bar", title="Who reads").chart == "bar"
    assert actions.duplicate_tile(shown, actor=owner).metric == metric


def test_an_old_metric_is_computed_when_somebody_looks(client_of, viewer, dashboard, shown, source, clock):
    from insights.dashboards import refreshing as boards
    from tests import factories
    from tests.insights.dashboards.conftest import event

    factories.store_events(source, [event("report opened", "dan", 19)])
    page = client_of(viewer).get(dashboard.get_absolute_url()).content.decode()
    assert "updating" in page
    boards.check_dashboard(dashboard.pk, "-30d", "", [])
    assert OutboxMessage.objects.filter(task="metrics.check_values").exists()


def test_a_metric_is_added_on_the_page_and_over_the_api(client_of, owner, dashboard, metric):
    client = client_of(owner)
    address = reverse("dashboards:tile-add", args=[dashboard.slug])
    assert "Readers" in client.get(address).content.decode()
    client.post(address, {"metric": metric.pk, "chart": "line"})
    assert Tile.objects.get().chart == "line"
    sent = json.dumps({"dashboard": dashboard.slug, "metric": metric.pk})
    made = client.post("/api/v1/tiles/", sent, content_type="application/json")
    assert made.status_code == 201 and made.json()["kind"] == "metric"
    answer = client.get(f"/api/v1/tiles/{made.json()['id']}/answer/").json()
    assert answer["answer"]["kind"] == "metric" and answer["answer"]["series"][0]["name"] == "Readers"
    edit = client.get(reverse("dashboards:tile-edit", args=[made.json()["id"]]))
    assert edit.status_code == 200
