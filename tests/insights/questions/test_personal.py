"""Personal data of a product is for its team and for ops: others get numbers, but not split or found by it."""

import json

import pytest

from insights.catalogue.actions import describe_property
from insights.catalogue.models import CatalogueProperty
from insights.catalogue.public import read_source
from insights.dashboards.actions import add_tile, create_dashboard
from portal.audit.public import history_of
from portal.people.public import SYSTEM
from tests import factories

pytestmark = pytest.mark.django_db

TREND = {"kind": "trend", "products": ["planner"], "series": [{"event": "a"}]}
PERSONAL = [
    {**TREND, "breakdown": [{"property": "email"}]},
    {**TREND, "breakdown": [{"property": "email", "of": "person"}]},
    {**TREND, "filters": [{"any": [{"property": "email", "op": "is", "value": "x@example.com"}]}]},
    {**TREND, "series": [{"event": "a", "filters": [{"property": "email", "op": "contains", "value": "x"}]}]},
    {**TREND, "series": [{"event": "a", "measure": "max", "property": "phone_of_owner"}]},
    {"kind": "trend", "sources": ["web"], "series": [{"event": "a"}], "breakdown": [{"property": "email"}]},
]


@pytest.fixture(autouse=True)
def _source(product):
    source = factories.make_source(product)
    CatalogueProperty.objects.create(product=product, of="event", name="phone_of_owner", is_personal=True)
    event = {"event": "a", "distinct_id": "u", "timestamp": "2026-01-01T00:00:00+00:00"}
    factories.store_events(source, [{**event, "properties": {"email": "x@example.com", "plan": "pro"}}])


def ask(client, question):
    return client.post("/api/v1/questions/ask", json.dumps(question), content_type="application/json").status_code


@pytest.mark.parametrize("question", PERSONAL, ids=range(len(PERSONAL)))
def test_outsiders_cannot_ask_by_personal_data(client_of, outsider, viewer, ops, question):
    assert ask(client_of(viewer), question) == 200
    assert ask(client_of(outsider), question) == 403  # also when the answer is in the cache
    assert ask(client_of(ops), question) == 200


def test_outsiders_ask_by_everything_else(client_of, outsider):
    client = client_of(outsider)
    assert ask(client, TREND) == ask(client, {**TREND, "breakdown": [{"property": "plan"}]}) == 200


def test_what_people_say_of_a_property_beats_its_name(client_of, outsider, product):
    CatalogueProperty.objects.create(product=product, of="event", name="email", is_personal=False)
    assert ask(client_of(outsider), PERSONAL[0]) == 200


@pytest.mark.parametrize("of", ["event", "person"])
def test_a_property_whose_values_are_ids_of_persons_is_personal_until_somebody_says_otherwise(
    client_of, outsider, owner, product, of
):
    source = factories.make_source(product, "Tasks")
    at = "2026-01-01T00:00:00+00:00"
    rows = [{"event": "a", "distinct_id": who, "timestamp": at, "properties": {"n": 7}} for who in ("ann", "bob", "7")]
    rows[0]["properties"] |= {"given_to": "bob"} if of == "event" else {}
    given = [{"subject_id": who, "key": "given_to", "value": "ann", "timestamp": at} for who in ("ann", "bob")]
    factories.store_events(source, rows, traits=given if of == "person" else [])
    read_source(source.pk)
    client, by_person = client_of(outsider), {**TREND, "breakdown": [{"property": "given_to", "of": of}]}
    assert ask(client, by_person) == 403
    assert ask(client, {**TREND, "breakdown": [{"property": "n"}]}) == 200, "a number that is an id too tells nothing"
    marked = CatalogueProperty.objects.get(name="given_to")
    assert len(history_of(marked)) == 1
    describe_property(marked, actor=owner, is_personal=False)
    factories.store_events(source, [{**rows[0], "timestamp": "2026-01-02T00:00:00+00:00"}])
    read_source(source.pk)
    assert ask(client, by_person) == 200


@pytest.mark.parametrize(
    "address", ["/dashboards/{slug}/", "/dashboards/tiles/{tile}/", "/api/v1/tiles/{tile}/answer/"]
)
def test_a_tile_by_personal_data_is_hidden_from_outsiders(client_of, outsider, viewer, product, address):
    board = create_dashboard(actor=SYSTEM, product=product, title="Board")
    tile = add_tile(board, actor=SYSTEM, question=PERSONAL[0], chart="line")
    address = address.format(slug=board.slug, tile=tile.pk)
    assert client_of(viewer).get(address).status_code == 200
    answer = client_of(outsider).get(address)
    assert answer.status_code == 404 or b"which is for its team and for ops" in answer.content


def test_a_filter_in_the_address_finds_nobody(client_of, outsider, product):
    board = create_dashboard(actor=SYSTEM, product=product, title="Board")
    add_tile(board, actor=SYSTEM, question=TREND, chart="line")
    answer = client_of(outsider).get(f"/dashboards/{board.slug}/?filter=event~email~is~x@example.com")
    assert b"which is for its team and for ops" in answer.content


def test_a_hidden_tile_tells_nothing_of_its_question(client_of, outsider, viewer, product, team):
    secret = factories.make_product("Secret", team, visibility="team")
    board = create_dashboard(actor=SYSTEM, product=product, title="Board")
    question = {**TREND, "products": [secret.slug], "series": [{"event": "merger prepared"}]}
    tile = add_tile(board, actor=SYSTEM, question=question, chart="line")
    for address in (f"/dashboards/{board.slug}/", f"/dashboards/tiles/{tile.pk}/", "/api/v1/tiles/"):
        assert "merger" in client_of(viewer).get(address).content.decode()
        assert "merger" not in client_of(outsider).get(address).content.decode()
    assert client_of(outsider).get(f"/dashboards/tiles/{tile.pk}/csv/").status_code == 404
