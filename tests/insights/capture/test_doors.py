"""The public doors: what is taken, what is refused and how, and that an answer of 2xx means durable."""

import base64
import gzip
import json
from datetime import timedelta
from unittest import mock

import pytest
from django.db import OperationalError
from django.utils import timezone

from insights.capture import pressure
from insights.capture.actions import revoke_write_key, rotate_write_key
from insights.capture.contracts import MAX_BODY_BYTES
from insights.capture.models import WriteKey
from insights.events.public import InboxRequest, QuarantinedRow, pause_source
from portal.people.public import SYSTEM

TRACK = {"event": "report opened", "userId": "u1", "messageId": "m1", "properties": {"n": 1}}


def test_a_track_call_is_durable_when_it_is_answered(send, source):
    response = send("/v1/track", TRACK)
    assert response.status_code == 200
    assert response.json() == {
        "success": True,
        "n_accepted": 1,
        "n_rejected": 0,
        "items": [{"item": 1, "verdict": "accepted"}],
    }
    request = InboxRequest.objects.get()
    assert (request.source, request.n_items) == (source, 1)
    assert WriteKey.objects.get().last_used_at is not None


def test_the_inbox_holds_no_key(send, key):
    send("/v1/track", TRACK | {"writeKey": key})
    from insights.capture.inbox import unpack

    assert key not in str(unpack(bytes(InboxRequest.objects.get().body)))


@pytest.mark.parametrize("path", ["/v1/identify", "/v1/page/", "/v1/screen", "/v1/p", "/v1/i"])
def test_segments_other_calls_are_taken(send, path):
    assert send(path, {"userId": "u1", "name": "Home"}).status_code == 200


def test_a_batch_gets_a_verdict_for_each_item(send, stored):
    items = [TRACK | {"type": "track"}, {"type": "track", "userId": "u2"}, "nonsense"]
    answer = send("/v1/batch", {"batch": items}).json()
    assert [item["verdict"] for item in answer["items"]] == ["accepted", "rejected", "rejected"]
    assert answer["items"][1]["code"] == "no_event_name"
    assert [row["event"] for row in stored()] == ["report opened"]
    assert not InboxRequest.objects.exists()
    quarantined = list(QuarantinedRow.objects.order_by("item_no").values_list("item_no", "reason_code", "raw"))
    assert quarantined == [
        (2, "no_event_name", '{"type":"track","userId":"u2"}'),
        (3, "not_an_object", '"nonsense"'),
    ]


def test_a_single_call_that_cannot_be_taken_is_a_400_and_goes_to_quarantine(send, stored):
    response = send("/v1/track", {"event": "x"})
    assert response.status_code == 400
    assert response.json()["code"] == "no_distinct_id"
    assert stored() == []
    assert QuarantinedRow.objects.get().reason_code == "no_distinct_id"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [(b"{", 400, "bad_json"), ({"batch": []}, 400, "empty_batch"), ({"x": 1}, 400, "no_batch")],
)
def test_a_body_that_cannot_be_read_is_refused_whole(send, body, status, code):
    response = send("/v1/batch", body)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert not InboxRequest.objects.exists()


def test_too_large_a_body_is_refused_as_sent_and_as_unpacked(send):
    assert send("/v1/batch", b" " * (MAX_BODY_BYTES + 1)).status_code == 413
    bomb = gzip.compress(b" " * (MAX_BODY_BYTES + 1))
    assert send("/v1/batch", bomb, **{"Content-Encoding": "gzip"}).status_code == 413
    assert send("/v1/batch", b"{}", **{"Content-Encoding": "br"}).status_code == 415


def test_a_wrong_key_opens_nothing(send, client, key):
    assert send("/v1/track", TRACK, text="wk_00000000_nothing").status_code == 401
    assert send("/v1/track", TRACK, text=key[:-1] + "x").status_code == 401
    response = client.post("/v1/track", TRACK, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (401, "bad_key")
    assert not InboxRequest.objects.exists()


def test_the_key_may_be_in_the_body(client, key):
    response = client.post("/v1/track", TRACK | {"writeKey": key}, content_type="application/json")
    assert response.status_code == 200


def test_a_rotated_key_works_until_it_expires_and_a_revoked_one_not_at_all(send, key):
    old = WriteKey.objects.get()
    new, text = rotate_write_key(old, actor=SYSTEM)
    assert send("/v1/track", TRACK).status_code == 200
    assert send("/v1/track", TRACK, text=text).status_code == 200
    WriteKey.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert send("/v1/track", TRACK).status_code == 401
    revoke_write_key(new, actor=SYSTEM)
    assert send("/v1/track", TRACK, text=text).status_code == 401


def test_a_paused_source_takes_nothing(send, source):
    pause_source(source, actor=SYSTEM)
    assert send("/v1/track", TRACK).status_code == 403


def test_senders_are_held_back_under_pressure(send, monkeypatch):
    monkeypatch.setattr(pressure, "MAX_RATE", 0.1)
    batch = {"batch": [TRACK | {"type": "track"}] * 2}
    response = send("/v1/batch", batch)
    assert (response.status_code, response.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(response["Retry-After"]) <= 11
    monkeypatch.setattr(pressure, "MAX_RATE", 1000)
    monkeypatch.setattr(pressure, "MAX_WAITING", 0)
    assert send("/v1/batch", batch).status_code == 429
    assert not InboxRequest.objects.exists()


def test_rates_are_counted_here_while_valkey_is_away(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    counter = pressure.RateCounter()
    assert [counter.add(1, 5, 100.0), counter.add(1, 5, 100.0), counter.add(2, 1, 100.0)] == [5, 10, 1]
    assert counter.add(1, 5, 120.0) == 5


def test_an_absent_database_is_a_503_to_come_back_after(send):
    with mock.patch("insights.capture.receiving.find_write_key", side_effect=OperationalError("gone")):
        response = send("/v1/track", TRACK)
    assert (response.status_code, response.json()["code"]) == (503, "unavailable")
    assert int(response["Retry-After"]) > 0


def test_browsers_of_any_site_may_write_without_credentials(client, key):
    preflight = client.options("/e/", headers={"Origin": "https://shop.example"})
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Origin"] == "*"
    assert "POST" in preflight["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in preflight
    body = json.dumps({"event": "e", "distinct_id": "u", "api_key": key})
    response = client.post("/e/", body, content_type="text/plain")
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    assert client.get("/e/").status_code == 405


def test_posthogs_ways_of_packing_are_understood(client, key, stored):
    event = {"event": "e", "properties": {"distinct_id": "u", "token": key}}
    text = json.dumps(event).encode()
    packed = base64.b64encode(text).decode()
    ways = [
        ("/capture/", text, "application/json", {}),
        ("/i/v0/e/?compression=gzip-js", gzip.compress(text), "text/plain", {}),
        ("/e/?compression=base64", f"data={packed}".encode(), "application/x-www-form-urlencoded", {}),
        ("/e/", json.dumps([event]).encode(), "application/json", {}),
        ("/batch", gzip.compress(text), "application/json", {"Content-Encoding": "gzip"}),
    ]
    for path, data, kind, headers in ways:
        response = client.post(path, data, content_type=kind, headers=headers)
        assert response.status_code == 200, (path, response.content)
    assert client.post("/e/?beacon=1", text, content_type="text/plain").status_code == 204
    rows = stored()
    assert [row["event"] for row in rows] == ["e"] * 6  # no id and no time: each is an event of its own
    assert rows[0]["properties"] == {}


def test_posthogs_newer_protocol_answers_by_uuid(client, key, stored):
    batch = [
        {"event": "e", "uuid": "u-1", "distinct_id": "u", "timestamp": "2026-01-01T00:00:00Z", "options": {}},
        {"event": "", "uuid": "u-2", "distinct_id": "u", "timestamp": "2026-01-01T00:00:00Z", "options": {}},
    ]
    response = client.post(
        "/i/v1/analytics/events",
        {"batch": batch, "created_at": "x"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    results = response.json()["results"]
    assert results["u-1"]["result"] == "ok"
    assert results["u-2"] == {"result": "drop", "details": "The event has no name."}
    assert len(stored()) == 1


def test_flags_are_answered_with_none(client):
    answer = client.post("/flags/?v=4", {"api_key": "x"}, content_type="application/json").json()
    assert answer["featureFlags"] == {}
    assert answer["errorsWhileComputingFlags"] is False


def test_no_key_and_no_personal_data_in_the_log(send, key, caplog):
    caplog.set_level("DEBUG")
    send("/v1/track", TRACK | {"userId": "person@example.com", "writeKey": key})
    send("/v1/track", {"userId": "person@example.com"})
    send("/v1/track", TRACK, text=key + "x")
    own = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert not [line for line in own if key in line or "person@example.com" in line]


@pytest.mark.parametrize("key", ["phc_unknown", "wk_some-key"])
def test_browser_script_is_told_that_nothing_is_switched_on(client, key):
    answer = client.get(f"/array/{key}/config", headers={"Origin": "https://shop.example"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    config = answer.json()
    assert (config["sessionRecording"], config["surveys"], config["hasFeatureFlags"]) == (False, False, False)
    script = client.get(f"/array/{key}/config.js")
    assert script["Content-Type"].startswith("text/javascript")
    sets = script.content.decode().partition(f'window._POSTHOG_REMOTE_CONFIG["{key}"] = ')[2].rstrip(";\n")
    assert json.loads(sets) == {"config": {"token": key, **config}, "siteApps": []}


@pytest.mark.parametrize("key", ["a'b", '"];alert(1)//', "%0a", "k" * 101])
def test_config_of_a_key_that_is_none_is_not_there(client, key):
    assert client.get(f"/array/{key}/config.js").status_code in (302, 404)


def test_old_clients_find_the_same_in_decide(client):
    answer = client.post("/decide/?v=3", {"token": "x", "distinct_id": "y"}, content_type="application/json").json()
    assert (answer["featureFlags"], answer["siteApps"], answer["sessionRecording"]) == ({}, [], False)
