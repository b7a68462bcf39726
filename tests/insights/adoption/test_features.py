"""Features and the page of adoption: through pages, actions and the API."""

import json

import pytest
from django.utils import timezone

from insights.adoption.actions import create_feature, update_feature
from insights.adoption.demo import seed_features
from insights.adoption.models import Feature
from insights.catalogue.reading import read_source
from portal.audit.models import AuditEntry
from portal.operations.contracts import DemoWorld
from portal.shell.public import BadInput, Conflict, NotAllowed
from tests.factories import make_source, store_events

EVENTS = [{"event": "report opened"}]


@pytest.fixture
def make(product, owner):
    def make(name="Reports", events=EVENTS, actor=owner, **more):
        return create_feature(product, name=name, events=events, actor=actor, now=timezone.now(), **more)

    return make


@pytest.fixture
def usage(product):
    source, now = make_source(product), timezone.now()
    rows = [
        ("report opened", "ann", 9),
        ("report opened", "ann", 2),
        ("task created", "bob", 8),
        ("exported", "bob", 1),
    ]
    events = [
        {"event": event, "distinct_id": who, "timestamp": now - timezone.timedelta(days=days), "event_id": str(number)}
        for number, (event, who, days) in enumerate(rows)
    ]
    store_events(source, events)
    read_source(source.pk)


def test_a_feature_belongs_to_its_products_team_and_is_recorded(make, team, owner):
    feature = make(" Reports  and more ")
    assert (feature.team, feature.owner, feature.name) == (team, owner, "Reports and more")
    assert feature.events == [{"event": "report opened", "filters": []}]
    assert AuditEntry.objects.filter(verb="feature.created", thing_id=str(feature.pk)).count() == 1


def test_viewer_and_outsider_cannot_name_a_feature(make, viewer, outsider):
    for user in (viewer, outsider):
        with pytest.raises(NotAllowed):
            make(actor=user)


@pytest.mark.parametrize(
    ("events", "path"),
    [
        ([], "events"),
        ("opened", "events"),
        ([{"event": ""}], "events[0].event"),
        ([{"event": "a", "filters": [{"property": "p", "op": "matches", "value": "("}]}], "events[0].filters[0].value"),
        ([{"event": "a", "x": 1}], "events[0].x"),
    ],
)
def test_events_that_no_question_could_ask_about_are_refused_by_path(make, events, path):
    with pytest.raises(BadInput) as caught:
        make(events=events)
    assert list(caught.value.fields) == [path]


def test_two_features_of_a_product_never_have_one_name(make):
    make()
    with pytest.raises(BadInput) as caught:
        make()
    assert list(caught.value.fields) == ["name"]


def test_second_of_two_changes_is_told(make, owner, editor):
    feature = make()
    update_feature(feature, actor=editor, now=timezone.now(), version=1, name="Reading reports")
    with pytest.raises(Conflict):
        update_feature(feature, actor=owner, now=timezone.now(), version=1, name="Mine")


def test_a_feature_is_added_changed_and_deleted_on_its_pages(client, owner, usage):
    client.force_login(owner)
    page = client.get("/insights/features/new/planner/")
    assert b"report opened" in page.content
    refused = client.post("/insights/features/new/planner/", {"name": "Reports", "visibility": "company"})
    assert refused.status_code == 422
    assert b"Choose an event." in refused.content
    values = {"name": "Reports", "visibility": "company"}
    values |= {"series.0.event": "report opened", "series.1.event": "report shared", "series.2.event": ""}
    assert client.post("/insights/features/new/planner/", values).status_code == 302
    feature = Feature.objects.get()
    assert [spec["event"] for spec in feature.events] == ["report opened", "report shared"]
    twice = client.post("/insights/features/new/planner/", values)
    assert twice.status_code == 422
    assert "has a feature of this name" in twice.content.decode()
    path = f"/insights/features/{feature.pk}/"
    changed = {
        "name": "Reading",
        "series.0.event": "report shared",
        "is_core": "on",
        "visibility": "team",
        "version": 1,
    }
    assert client.post(path, changed).status_code == 302
    feature.refresh_from_db()
    assert (feature.name, feature.is_core, feature.version, len(feature.events)) == ("Reading", True, 2, 1)
    assert client.post(f"{path}delete/").status_code == 302
    assert not Feature.objects.exists()


def test_an_event_gets_its_conditions_on_the_form(client, owner, make, usage):
    filters = [{"property": "plan", "of": "event", "op": "is", "value": ["pro"]}]
    feature = make(events=[{"event": "report opened", "filters": filters}])
    client.force_login(owner)
    path = feature.get_absolute_url()
    assert b'name="series.0.filters.0.property" value="plan"' in client.get(path).content
    row = {f"series.0.filters.0.{key}": value for key, value in {**filters[0], "value": ["pro", "max"]}.items()}
    values = {"name": "Reports", "series.0.event": "report opened", "visibility": "company", "version": 1, **row}
    page = client.post(path, {**values, "do": "filter:series.0.filters"}).content.decode()
    assert 'name="series.0.filters.1.property"' in page and 'value="max"' in page
    wrong = {**values, "series.0.filters.0.op": "matches", "series.0.filters.0.value": "("}
    refused = client.post(path, wrong)
    assert refused.status_code == 422 and "RE2" in refused.content.decode()
    assert client.post(path, {**values, "series.0.filters.1.op": "is"}).status_code == 302
    feature.refresh_from_db()
    assert feature.events == [{"event": "report opened", "filters": [{**filters[0], "value": ["pro", "max"]}]}]


def test_the_page_shows_the_score_with_its_parts_and_a_row_a_feature(client, owner, usage, make):
    make(is_core=True)
    make("Export", [{"event": "exported"}])
    client.force_login(owner)
    waiting = client.get("/insights/adoption/?product=planner&range=-4w")
    assert b"The answer is being computed" in waiting.content
    text = client.get("/insights/adoption/?product=planner&range=-4w&answer=now").content.decode()
    for part in ("Engagement score", "Adoption", "Stickiness", "Growth", "Reports (core)", "Export"):
        assert part in text
    assert "/insights/explore/people/" in text


def test_an_empty_page_teaches_and_offers_the_first_feature(client, owner, viewer, product):
    client.force_login(owner)
    assert b"Add the first feature" in client.get("/insights/adoption/").content
    client.force_login(viewer)
    text = client.get("/insights/adoption/").content
    assert b"No features yet" in text
    assert b"Add feature" not in text


def test_the_list_keeps_core_features_or_the_others(client, owner, make):
    make("Reports", is_core=True)
    make("Search")
    client.force_login(owner)
    for core, names in (("True", ["Reports"]), ("False", ["Search"]), ("", ["Reports", "Search"])):
        text = client.get(f"/insights/features/?core={core}").content.decode()
        assert [name for name in ("Reports", "Search") if f">{name}</a>" in text] == names


def test_a_hidden_feature_counts_on_nobody_elses_page(client, make, outsider, product):
    make(visibility="team")
    client.force_login(outsider)
    assert b"No features yet" in client.get("/insights/adoption/?product=planner").content


def test_the_api_names_changes_and_deletes_features(client, owner, product):
    client.force_login(owner)
    send = lambda method, path, value: getattr(client, method)(  # noqa: E731 - four short uses
        path, json.dumps(value), content_type="application/json"
    )
    value = {"product": "planner", "name": "Reports", "events": EVENTS, "is_core": True}
    created = send("post", "/api/v1/features/", value)
    assert created.status_code == 201
    pk = created.json()["id"]
    wrong = send("post", "/api/v1/features/", {**value, "name": "Other", "events": [{"event": 1}]})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["events[0].event"])
    path = f"/api/v1/features/{pk}/"
    assert send("patch", path, {"name": "Reading"}).status_code == 400
    assert send("patch", path, {"name": "Reading", "version": 1}).json()["version"] == 2
    assert client.get("/api/v1/features/?core=true").json()["results"][0]["name"] == "Reading"
    assert client.delete(path).status_code == 204


def test_the_demos_features_are_named_once(product):
    world = DemoWorld(timezone.now().date(), 1, {})
    for _ in range(2):
        seed_features(world, lambda done, total, note="": None)
    names = list(Feature.objects.values_list("name", flat=True))
    assert len(names) == len(set(names)) > 3
