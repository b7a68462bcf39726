"""Dashboards over the API: the same actions, the same door, every fault by its field."""

import json

import pytest
from django.urls import reverse

from insights.dashboards import actions
from insights.dashboards.models import Tile
from insights.explore.actions import create_insight
from insights.explore.models import Insight
from insights.questions.public import parse_question
from portal.people.models import Product, Visibility
from tests.insights.dashboards.conftest import NOW, TREND


@pytest.fixture
def hidden(outsider_team, product):
    """A product that its team keeps to itself."""
    return Product.objects.create(name="Secret", slug="secret", team=outsider_team, visibility=Visibility.TEAM)


@pytest.fixture
def outsider_team(outsider):
    return outsider.teams.first()


def send(client, method, path, **body):
    answer = getattr(client, method)(f"/api/v1/{path}", json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json() if answer.content else None


def test_a_dashboard_and_its_tile_are_made_changed_and_put_away(owner, product, client_of):
    client = client_of(owner)
    status, made = send(client, "post", "dashboards/", title="Health", product="planner", date_from="-7d")
    assert (status, made["slug"], made["date_from"]) == (201, "health", "-7d")
    status, changed = send(client, "patch", "dashboards/health/", purpose="To decide", revision=1)
    assert (status, changed["purpose"], changed["revision"]) == (200, "To decide", 2)
    assert send(client, "patch", "dashboards/health/", purpose="Late", revision=1)[0] == 409
    status, tile = send(client, "post", "tiles/", dashboard="health", title="People", question=TREND)
    assert status == 201 and tile["in_words"] == "People who did “report opened”, by day."
    assert client.get("/api/v1/tiles/?dashboard=health").json()["results"][0]["id"] == tile["id"]
    assert client.get("/api/v1/tiles/?dashboard=other").json()["results"] == []
    assert client.get(f"/api/v1/tiles/{tile['id']}/answer/").json()["state"] == "waiting"
    assert send(client, "delete", f"tiles/{tile['id']}/")[0] == 204
    assert send(client, "post", f"tiles/{tile['id']}/restore/")[0] == 200
    assert send(client, "delete", "dashboards/health/")[0] == 204
    assert client.get("/api/v1/dashboards/").json()["results"] == []


def test_an_annotation_is_made_for_a_dashboard_or_a_product(dashboard, owner, client_of):
    client = client_of(owner)
    status, note = send(client, "post", "annotations/", text="Release", starts_on="2026-03-01", product="planner")
    assert (status, note["product"], note["dashboard"]) == (201, "planner", None)
    assert send(client, "post", "annotations/", text="Release", starts_on="2026-03-01")[0] == 400
    status, fault = send(client, "patch", f"annotations/{note['id']}/", ends_on="2026-02-01")
    assert status == 400 and "ends_on" in fault["fields"]
    assert client.get("/api/v1/annotations/?product=planner").json()["results"][0]["id"] == note["id"]
    assert send(client, "delete", f"annotations/{note['id']}/")[0] == 204


def test_a_tile_about_a_product_that_its_author_may_not_see_is_refused(dashboard, owner, hidden, client_of):
    asked = {**TREND, "products": ["secret"]}
    status, fault = send(client_of(owner), "post", "tiles/", dashboard=dashboard.slug, question=asked)
    assert (status, list(fault["fields"])) == (400, ["question.products[0]"])
    page = client_of(owner).post(
        reverse("dashboards:tile-create"), {"q": json.dumps(asked), "dashboard": dashboard.pk, "title": "Spy"}
    )
    assert page.status_code == 422 and "not shared with you" in page.content.decode()
    assert not Tile.objects.exists()


def test_a_tile_is_not_changed_to_what_its_author_may_not_see(tile, owner, hidden, client_of):
    asked = {**TREND, "products": ["secret"]}
    status, fault = send(client_of(owner), "patch", f"tiles/{tile.pk}/", question=asked)
    assert (status, list(fault["fields"])) == (400, ["question.products[0]"])
    url = reverse("dashboards:tile-question", args=[tile.pk])
    page = client_of(owner).post(url, {"q": json.dumps(asked), "revision": 1}, follow=True)
    assert "was not changed" in page.content.decode()
    tile.refresh_from_db()
    assert tile.question == TREND


def test_an_insight_about_what_one_may_not_see_makes_no_tile(dashboard, owner, outsider, hidden, client_of):
    question = parse_question({**TREND, "products": ["secret"]}, now=NOW, default_zone="UTC")
    insight = create_insight(question, title="Secret users", actor=outsider)
    Insight.objects.filter(pk=insight.pk).update(visibility=Visibility.COMPANY)
    added = client_of(owner).post(
        reverse("dashboards:tile-add", args=[dashboard.slug]), {"insight": insight.pk}, follow=True
    )
    assert "was not added" in added.content.decode() and not Tile.objects.exists()


def test_an_insight_makes_a_tile_with_its_question_and_chart(dashboard, owner, product):
    question = parse_question({**TREND, "products": ["planner"]}, now=NOW, default_zone="UTC")
    insight = create_insight(question, title="Readers", actor=owner, chart="bar")
    tile = actions.add_tile(dashboard, actor=owner, insight=insight)
    assert (tile.chart, tile.question["products"], str(tile)) == ("bar", ["planner"], "Readers")
