"""Saved insights: through pages, actions and the API."""

import json

import pytest

from insights.explore.actions import create_insight, update_insight
from insights.explore.models import Insight
from insights.questions.public import parse_question
from portal.audit.models import AuditEntry
from portal.people.models import Visibility
from portal.shell.public import BadInput, Conflict, NotAllowed
from tests import factories

QUESTION = {
    "kind": "trend",
    "products": ["planner"],
    "series": [{"event": "opened", "measure": "persons"}],
    "date_from": "-7d",
}


@pytest.fixture
def question(product, now):
    return parse_question(QUESTION, now=now, default_zone="UTC")


@pytest.fixture
def now():
    from django.utils import timezone

    return timezone.now()


@pytest.fixture
def insight(question, owner):
    return create_insight(question, title="Readers", actor=owner, tags=["Weekly  Look", "weekly look"])


def test_insight_belongs_to_its_products_team_and_is_recorded(insight, team, owner):
    assert (insight.team, insight.owner, insight.tags) == (team, owner, ["weekly look"])
    assert AuditEntry.objects.filter(verb="insight.created", thing_id=str(insight.pk)).count() == 1


def test_viewer_and_outsider_cannot_save(question, viewer, outsider):
    for user in (viewer, outsider):
        with pytest.raises(NotAllowed):
            create_insight(question, title="Mine", actor=user)


def test_insight_of_a_product_that_one_may_not_see_is_refused(question, product, outsider):
    product.visibility = Visibility.TEAM
    product.save()
    with pytest.raises(BadInput):
        create_insight(question, title="Mine", actor=outsider)


def test_second_of_two_changes_is_told(insight, owner, editor):
    update_insight(insight, actor=editor, version=1, title="Readers a week")
    with pytest.raises(Conflict):
        update_insight(insight, actor=owner, version=1, title="Other")
    insight.refresh_from_db()
    assert (insight.title, insight.version) == ("Readers a week", 2)


def test_chart_that_cannot_draw_the_question_becomes_its_own(insight, owner):
    assert update_insight(insight, actor=owner, version=1, chart="heatmap").chart == "line"


def test_form_keeps_what_was_typed_when_the_title_is_missing(client_of, owner, product):
    response = client_of(owner).post(
        "/insights/saved/new/", {"title": "", "description": "Kept", "question": json.dumps(QUESTION), "chart": "line"}
    )
    assert response.status_code == 422
    assert "Kept" in response.content.decode()
    assert not Insight.objects.exists()


def test_page_shows_history_and_edit_only_to_those_who_may(client_of, insight, owner, viewer):
    assert "Edit" in client_of(owner).get(insight.get_absolute_url()).content.decode()
    page = client_of(viewer).get(insight.get_absolute_url()).content.decode()
    assert f"/insights/saved/{insight.pk}/edit/" not in page
    assert "History" in page


def test_list_filters_sorts_and_counts_its_queries(client_of, owner, question, django_assert_max_num_queries):
    for number in range(60):
        create_insight(question, title=f"Insight {number:02}", actor=owner, tags=["even"] if number % 2 == 0 else [])
    client = client_of(owner)
    client.get("/insights/saved/")
    with django_assert_max_num_queries(12):
        page = client.get("/insights/saved/?sort=title").content.decode()
    assert page.index("Insight 00") < page.index("Insight 01")
    assert "Insight 59" not in page, "the second page has it"
    tagged = client.get("/insights/saved/?tag=even&q=insight+0").content.decode()
    assert "Insight 02" in tagged
    assert "Insight 03" not in tagged
    for sort in ("title", "-product", "kind", "-owner", "updated", "nonsense"):
        assert client.get(f"/insights/saved/?sort={sort}&kind=trend&product=planner").status_code == 200
    text = client.get("/insights/saved/?format=csv").getvalue().decode("utf-8-sig")
    assert len(text.splitlines()) == 61


def test_star_is_ones_own(client_of, insight, owner, editor):
    client_of(owner).post(f"/insights/saved/{insight.pk}/star/", {"starred": "1"})
    assert "Readers" in client_of(owner).get("/insights/saved/?show=starred").content.decode()
    assert "Readers" not in client_of(editor).get("/insights/saved/?show=starred").content.decode()


def test_api_saves_changes_answers_and_deletes(client_of, owner, product):
    client = client_of(owner)
    made = client.post(
        "/api/v1/insights/", {"title": "Readers", "question": QUESTION, "tags": ["a"]}, content_type="application/json"
    )
    assert made.status_code == 201, made.json()
    url = f"/api/v1/insights/{made.json()['id']}/"
    assert client.get("/api/v1/insights/?tag=a&kind=trend&product=planner").json()["results"][0]["title"] == "Readers"
    changed = client.patch(url, {"title": "All readers", "version": 1}, content_type="application/json")
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert client.patch(url, {"title": "Late", "version": 1}, content_type="application/json").status_code == 409
    factories.make_source(product)
    assert client.get(f"{url}answer/").json()["kind"] == "trend"
    assert client.put(f"{url}star/").json()["is_starred"] is True
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404


def test_api_names_the_faults_of_a_question_by_their_paths(client_of, owner, product):
    wrong = {**QUESTION, "series": [{"event": "opened", "measure": "loudness"}]}
    response = client_of(owner).post(
        "/api/v1/insights/", {"title": "Readers", "question": wrong}, content_type="application/json"
    )
    assert response.status_code == 400
    assert "question.series[0].measure" in response.json()["fields"]
