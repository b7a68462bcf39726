"""The page of a finished load leads to a dashboard in one click, and later back to it."""

import pytest
from django.urls import reverse

from insights.dashboards.models import Dashboard
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_finished_load_offers_a_starter_and_then_the_dashboard(client_of, owner, product):
    source = factories.make_source(product, "Web")
    rows = [
        {"event": name, "distinct_id": "a", "timestamp": f"2026-03-0{day}T09:00:00Z"}
        for day, name in enumerate(("signed up", "report opened"), 1)
    ]
    batch = factories.store_events(source, rows)
    client = client_of(owner)
    load_page, source_page = (
        reverse("sources:batch-page", args=[batch.pk]),
        reverse("sources:source-page", args=["web"]),
    )
    for page in (load_page, source_page):
        assert "Make a starter dashboard" in client.get(page).content.decode()
    answer = client.post(reverse("dashboards:starter-create"), {"source": "web"})
    board = Dashboard.objects.get()
    assert answer.url == board.get_absolute_url()
    questions = [tile.question for tile in board.tiles.all()]
    assert {"signed up", "report opened"} <= {step["event"] for one in questions for step in one.get("steps", [])}
    for page in (load_page, source_page):
        text = client.get(page).content.decode()
        assert f'href="{board.get_absolute_url()}"' in text
        assert "Make a starter dashboard" not in text


def test_who_may_not_make_a_dashboard_is_not_offered_one(client_of, viewer, product):
    source = factories.make_source(product, "Web")
    batch = factories.store_events(source, [{"event": "x", "distinct_id": "a", "timestamp": "2026-03-01T09:00:00Z"}])
    page = client_of(viewer).get(reverse("sources:batch-page", args=[batch.pk])).content.decode()
    assert "starter dashboard" not in page
