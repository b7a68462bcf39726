"""What hostile input does: nothing; it is refused by name, and never a fault of ours."""

import json
from urllib.parse import quote

import pytest

from tests import factories

pytestmark = pytest.mark.django_db

TREND = {"kind": "trend", "products": ["planner"], "series": [{"event": "a"}]}
HOSTILE = [
    {**TREND, "series": [{"event": "a\x00b"}]},
    {**TREND, "series": [{"event": "a\ud800b"}]},
    {**TREND, "series": [{"event": "a", "measure": "sum", "property": "\x00"}]},
    {**TREND, "products": ["plan\x00ner"]},
    {**TREND, "products": ["plan\ud800ner"]},
    {**TREND, "filters": [{"property": "x", "op": "is", "value": "\ud800"}]},
    {**TREND, "filters": [{"property": "\ud800", "op": "is", "value": "x"}]},
    {**TREND, "filters": [{"property": "x", "op": "matches", "value": "\ud800"}]},
    {**TREND, "filters": [{"property": "x", "op": "matches", "value": "(((a{100}){100}){100})"}]},
    {**TREND, "timezone": "../../etc/passwd"},
    {**TREND, "date_from": "9999-12-01", "date_to": "9999-12-31"},
    {**TREND, "date_from": "-99999999999d"},
    {**TREND, "\ud800": 1},
    {"kind": "\ud800"},
]


@pytest.fixture(autouse=True)
def _source(product):
    source = factories.make_source(product)
    event = {"event": "a", "distinct_id": "u", "timestamp": "2026-01-01T00:00:00+00:00", "properties": {"x": "1"}}
    factories.store_events(source, [event])


@pytest.fixture
def signed_in(client_of, owner):
    return client_of(owner)


@pytest.mark.parametrize("question", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_question_is_refused_at_every_door(signed_in, question):
    body = json.dumps(question)
    assert signed_in.post("/api/v1/questions/ask", body, content_type="application/json").status_code == 400
    saved = json.dumps({"title": "t", "question": question})
    assert signed_in.post("/api/v1/insights/", saved, content_type="application/json").status_code == 400
    assert signed_in.get(f"/insights/explore/?q={quote(body)}").status_code == 200


def test_an_infinite_bound_is_refused(signed_in):
    body = json.dumps({**TREND, "filters": [{"property": "x", "op": "gt", "value": 0}]}).replace("0}]", "1e999}]")
    assert signed_in.post("/api/v1/questions/ask", body, content_type="application/json").status_code == 400
    assert signed_in.get(f"/insights/explore/?q={quote(body)}").status_code == 200


@pytest.mark.parametrize("depth", [200, 5_000, 100_000])
def test_json_without_end_is_refused(signed_in, depth):
    body = '{"kind":"trend","filters":' + "[" * depth + "]" * depth + "}"
    for address in ("/api/v1/questions/ask", "/api/v1/insights/"):
        assert signed_in.post(address, body, content_type="application/json").status_code == 400, address
    for address in ("/v1/track", "/batch/"):  # without a key nobody gets far
        assert signed_in.post(address, body, content_type="application/json").status_code in (400, 401), address


@pytest.mark.parametrize(
    "address",
    ["/api/v1/tiles/²/", "/api/v1/quarantined-rows/x/", "/api/v1/batches/x/", "/api/v1/insights/?cursor=cD0lMDA%3D"],
)
def test_an_address_that_names_nothing_is_not_found(signed_in, address):
    assert signed_in.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/search/?q=%00", "/api/v1/sources/%00/", "/api/v1/tiles/?dashboard=%00"])
def test_a_zero_character_in_an_address_is_refused(signed_in, client, address):
    assert signed_in.get(address).status_code == 400
    client.logout()
    assert client.get(address).status_code == 400


def test_a_large_body_is_refused_before_it_is_read(signed_in, client):
    large = b'{"x":"' + b"a" * 5_000_000 + b'"}'
    answer = signed_in.post("/api/v1/questions/ask", large, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert signed_in.post("/data/sources/new/", {"name": "a" * 5_000_000}).status_code == 413


def test_nobody_who_is_not_signed_in_fills_the_disk(client, product):
    source = product.sources.get()
    file = factories.large_file(5_000_000)
    assert client.post(f"/data/sources/{source.slug}/load/", {"file": file}).status_code in (302, 404, 413)
    assert client.post("/accounts/login/", {"file": factories.large_file(5_000_000)}).status_code == 413


def test_filters_of_a_dashboard_are_checked(signed_in, product):
    body = {"title": "T", "product": product.slug, "filters": [{"op": "is"}]}
    assert signed_in.post("/api/v1/dashboards/", body, content_type="application/json").status_code == 400
