"""The pages of the catalogue and its piece of the API: what they show, to whom, and at what cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from insights.catalogue.models import CatalogueEvent, CatalogueProperty
from insights.catalogue.public import read_source
from insights.catalogue.sparkline import sparkline_points
from portal.audit.public import history_of
from portal.people.public import Visibility
from portal.shell.search import find_things
from tests import factories


@pytest.fixture
def source(product):
    return factories.make_source(product, "Web")


def events(*names, days_ago=1, n=1):
    at = timezone.now() - timedelta(days=days_ago)
    return [
        {
            "event": name,
            "distinct_id": f"u{place}",
            "timestamp": at + timedelta(seconds=place),
            "properties": {"k": name},
        }
        for name in names
        for place in range(n)
    ]


def test_the_list_shows_names_with_counts_and_what_went_quiet(client_of, viewer, source):
    factories.store_events(source, [*events("opened", n=3), *events("forgotten", days_ago=40, n=12)])
    read_source(source.pk)
    factories.store_events(source, events("surprise"))
    read_source(source.pk)
    page = client_of(viewer).get(reverse("catalogue:event-list")).content.decode()
    assert page.index("forgotten") < page.index("opened") < page.index("surprise")
    assert page.count("Went quiet") == 1
    assert page.count("new since") == 1
    assert page.count("<polyline") == 3


def test_a_file_loaded_once_did_not_go_quiet_when_other_sources_go_on(client_of, viewer, source):
    once = factories.make_source(source.product, "Old file")
    factories.store_events(once, events("exported", days_ago=300, n=12))
    factories.store_events(source, [*events("opened"), *events("forgotten", days_ago=40, n=12)])
    read_source(once.pk)
    read_source(source.pk)
    page = client_of(viewer).get(reverse("catalogue:event-list"), {"seen": "quiet"}).content.decode()
    assert [name for name in ("exported", "opened", "forgotten") if f">{name}<" in page] == ["forgotten"]
    factories.store_events(source, events("exported", days_ago=299, n=1))  # now it is an event of both
    read_source(source.pk)
    page = client_of(viewer).get(reverse("catalogue:event-list"), {"seen": "quiet"}).content.decode()
    assert ">exported<" in page


def test_filters_sort_and_csv_keep_to_what_is_asked(client_of, viewer, source):
    factories.store_events(source, [*events("opened", n=3), *events("closed"), *events("gone", days_ago=40, n=12)])
    read_source(source.pk)
    client, url = client_of(viewer), reverse("catalogue:event-list")
    assert "closed" not in client.get(url, {"q": "open"}).content.decode().partition("<tbody>")[2]
    quiet = client.get(url, {"seen": "quiet"}).content.decode().partition("<tbody>")[2]
    assert "gone" in quiet
    assert "opened" not in quiet
    by_name = client.get(url, {"sort": "name"}).content.decode()
    assert by_name.index(">closed<") < by_name.index(">opened<")
    lines = b"".join(client.get(url, {"format": "csv", "source": source.slug})).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("product,name,status")
    assert len(lines) == 4
    part = client.get(url, {"q": "open"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


@pytest.mark.parametrize("name", ["event-list", "property-list"])
def test_a_list_costs_the_same_however_long_it_is(client_of, viewer, source, name):
    client, url = client_of(viewer), reverse(f"catalogue:{name}")
    costs = []
    for n_names in (2, 40):
        factories.store_events(source, events(*[f"event {number}" for number in range(n_names)]))
        read_source(source.pk)
        client.get(url)  # the first request of a session writes it down
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        costs.append(len([one for one in queries if "usersession" not in one["sql"] and "SAVEPOINT" not in one["sql"]]))
    assert costs[0] == costs[1] <= 12


def test_a_team_s_product_keeps_its_names_to_the_team(client_of, outsider, source, product):
    factories.store_events(source, events("secret"))
    read_source(source.pk)
    product.visibility = Visibility.TEAM
    product.save()
    event = CatalogueEvent.objects.get()
    client = client_of(outsider)
    assert "secret" not in client.get(reverse("catalogue:event-list")).content.decode()
    assert client.get(reverse("catalogue:event-page", args=[event.pk])).status_code == 404
    assert client.get(f"/api/v1/event-names/{event.pk}/").status_code == 404
    assert find_things(outsider, "secret", 5) == []


def test_an_empty_catalogue_teaches(client_of, viewer):
    page = client_of(viewer).get(reverse("catalogue:event-list")).content.decode()
    assert "No events yet" in page


def test_an_editor_describes_an_event_and_the_trail_tells(client_of, editor, viewer, source):
    factories.store_events(source, events("opened"))
    read_source(source.pk)
    event = CatalogueEvent.objects.get()
    url = reverse("catalogue:event-page", args=[event.pk])
    said = {"description": "A report was opened.", "status": "retired", "owner": editor.pk}
    assert client_of(editor).post(url, said).status_code == 302
    page = client_of(editor).get(url).content.decode()
    assert "A report was opened." in page
    assert "Retired" in page
    assert history_of(event)[0].entry.verb == "event_name.described"
    assert client_of(editor).post(url, {"status": "odd"}).status_code == 422
    assert client_of(viewer).post(url, said).status_code == 403
    assert "<textarea" not in client_of(viewer).get(url).content.decode()


def test_a_property_page_hides_personal_values(client_of, editor, source):
    factories.store_events(source, events("opened", "closed"))
    read_source(source.pk)
    prop = CatalogueProperty.objects.get(name="k")
    url = reverse("catalogue:property-page", args=[prop.pk])
    client = client_of(editor)
    assert "<code>opened</code>" in client.get(url).content.decode()
    client.post(url, {"status": "expected", "is_personal": "on"})
    page = client.get(url).content.decode()
    assert "<code>opened</code>" not in page
    assert "personal, not shown" in page


def test_the_api_lists_filters_and_describes(client_of, editor, source):
    factories.store_events(source, events("opened", "closed"))
    read_source(source.pk)
    client = client_of(editor)
    (found,) = client.get("/api/v1/event-names/?q=open").json()["results"]
    assert (found["name"], found["n_events"], found["product"]) == ("opened", 1, "planner")
    answer = client.patch(f"/api/v1/event-names/{found['id']}/", {"status": "odd"}, content_type="application/json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["status"])
    url = f"/api/v1/event-names/{found['id']}/"
    assert client.patch(url, {"description": "Yes."}, content_type="application/json").json()["description"] == "Yes."
    prop = client.get("/api/v1/event-properties/?of=event").json()["results"][0]
    url = f"/api/v1/event-properties/{prop['id']}/"
    assert client.patch(url, {"is_personal": True}, content_type="application/json").json()["is_personal"] is True


def test_a_sparkline_stays_in_its_box():
    assert sparkline_points([]) == ""
    assert sparkline_points([5]) == "0,1 120,1"
    assert sparkline_points([0, 0]) == "0,23 120,23"
