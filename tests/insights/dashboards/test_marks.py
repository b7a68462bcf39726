"""What a dashboard is for one person and for all: star, home, its own dates and filters; by page and by API."""

import pytest
from django.urls import reverse

from insights.catalogue.public import read_source
from insights.dashboards import actions
from insights.dashboards.models import Dashboard
from portal.people.models import Membership
from portal.people.owners import MOST_IN_A_MENU, OwnerField
from portal.people.public import User
from tests import factories

FILTER = "account~plan~is~pro"
OWN = [{"property": "plan", "of": "account", "op": "is", "value": "pro"}]


@pytest.fixture
def dashboard(product, owner):
    return actions.create_dashboard(actor=owner, product=product, title="Health", date_from="-30d")


def api(name, *args):
    return reverse(f"api:dashboard-{name}", args=args)


@pytest.mark.parametrize(("name", "mark"), [("star", "is_starred"), ("home", "is_home")])
def test_a_mark_is_set_and_taken_off_over_the_api(client_of, viewer, dashboard, name, mark):
    client, url = client_of(viewer), api(name, dashboard.slug)
    assert client.put(url).json()[mark] is True
    assert client.put(url).json()[mark] is True
    assert client.get(api("detail", dashboard.slug)).json()[mark] is True
    assert client.delete(url).json()[mark] is False


def test_what_is_filtered_on_the_page_is_kept_for_everybody(client_of, owner, viewer, dashboard):
    client, query = client_of(owner), {"from": "-90d", "filter": FILTER}
    url = dashboard.get_absolute_url()
    actions.add_tile(dashboard, actor=owner, question={"kind": "trend", "series": [{"event": "opened"}]})
    assert "Keep for everybody" in client.get(url, query).content.decode()
    assert "Keep for everybody" not in client.get(url).content.decode()
    assert "Keep for everybody" not in client_of(viewer).get(url, query).content.decode()
    keep = f"{reverse('dashboards:dashboard-keep', args=[dashboard.slug])}?from=-90d&filter={FILTER}"
    answer = client_of(owner).post(keep, {"revision": dashboard.revision})
    assert answer.url == url
    dashboard.refresh_from_db()
    assert (dashboard.date_from, dashboard.filters) == ("-90d", OWN)
    assert client.post(keep, {"revision": 1}).status_code == 409  # somebody was first


def test_a_kept_filter_is_taken_away_in_the_settings(client_of, owner, dashboard):
    actions.update_dashboard(dashboard, actor=owner, revision=1, filters=OWN)
    client, url = client_of(owner), reverse("dashboards:dashboard-edit", args=[dashboard.slug])
    assert "Filters of every tile" in client.get(url).content.decode()
    values = {"title": "Health", "product": dashboard.product_id, "visibility": "company", "date_from": "-30d"}
    client.post(url, {**values, "owner": owner.pk, "revision": 2})
    dashboard.refresh_from_db()
    assert dashboard.filters == []


def test_a_starter_is_made_over_the_api(client_of, owner, product):
    source = factories.make_source(product, "Web")
    rows = [{"event": "opened", "distinct_id": "a", "timestamp": "2026-03-01T09:00:00Z"}]
    factories.store_events(source, rows)
    read_source(source.pk)
    answer = client_of(owner).post(api("starter"), {"source": "web"}, content_type="application/json")
    assert answer.status_code == 201
    assert Dashboard.objects.get(slug=answer.json()["slug"]).tiles.count() >= 5


def test_owners_are_people_of_the_team(client_of, owner, viewer, outsider, dashboard):
    page = client_of(owner).get(reverse("dashboards:dashboard-edit", args=[dashboard.slug])).content.decode()
    assert f">{owner}</option>" in page
    assert f">{outsider}</option>" not in page


def test_one_of_many_is_found_by_name_or_address(team):
    people = [User(email=f"p{n}@team.example", name=f"Person {n}") for n in range(MOST_IN_A_MENU + 1)]
    User.objects.bulk_create(people)
    members = User.objects.filter(email__endswith="@team.example")
    Membership.objects.bulk_create(Membership(user=one, team=team) for one in members)
    field = OwnerField()
    field.offer([team.pk])
    assert "<select" not in field.widget.render("owner", "", {"id": "id_owner"})
    assert field.clean("person 7").email == field.clean("P7@team.example").email == "p7@team.example"
    assert field.prepare_value(members.get(name="Person 7").pk) == "p7@team.example"
    with pytest.raises(Exception, match="Nobody of the team"):
        field.clean("Nobody Known")
