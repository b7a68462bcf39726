"""An event's and an insight's page name the dashboards and insights that use them, to those who may see these."""

import pytest
from django.urls import reverse

from insights.catalogue.models import CatalogueEvent
from insights.catalogue.public import read_source
from insights.dashboards import actions
from insights.explore.models import Insight
from portal.people.public import Visibility
from tests.insights.dashboards.conftest import TREND


@pytest.fixture
def opened(source, events, product):
    read_source(source.pk)
    return CatalogueEvent.objects.get(product=product, name="report opened")


def _page_of(client, event) -> str:
    return client.get(reverse("catalogue:event-page", args=[event.pk])).content.decode()


def test_an_event_names_the_tiles_and_insights_that_ask_about_it(client_of, viewer, opened, tile, product, team, owner):
    Insight.objects.create(product=product, team=team, owner=owner, title="Readers", question=TREND, chart="line")
    page = _page_of(client_of(viewer), opened)
    assert "People who read reports on Product health" in page
    assert "Readers" in page


def test_an_event_that_nothing_asks_about_names_nothing(client_of, viewer, source, opened, tile, product):
    signed_up = CatalogueEvent.objects.get(product=product, name="signed up")
    assert "People who read reports" not in _page_of(client_of(viewer), signed_up)


def test_other_teams_private_dashboards_are_not_named(client_of, outsider, opened, tile, dashboard):
    type(dashboard).objects.filter(pk=dashboard.pk).update(visibility=Visibility.TEAM)
    assert "People who read reports" not in _page_of(client_of(outsider), opened)


def test_an_insight_names_the_tile_that_shows_it(client_of, viewer, dashboard, product, team, owner, events):
    insight = Insight.objects.create(
        product=product, team=team, owner=owner, title="Readers", question=TREND, chart="line"
    )
    actions.add_tile(dashboard, actor=owner, insight=insight, question=TREND, chart="line")
    page = client_of(viewer).get(reverse("explore:insight", args=[insight.pk])).content.decode()
    assert "on Product health" in page
