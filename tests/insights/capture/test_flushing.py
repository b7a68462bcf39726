"""From the inbox into the store: who is whom, what was sent twice, and that each request is stored exactly once."""

import json
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.urls import reverse

from insights.capture import flushing
from insights.capture.contracts import Header
from insights.capture.flushing import flush_inbox, flush_source
from insights.capture.inbox import pack
from insights.events.public import Batch, DistinctId, InboxRequest, PersonJoin, QuarantinedRow, open_snapshot
from insights.sources.replay import replay_rows
from portal.shell.public import Conflict
from tests.running import wait_until

AT = "2026-11-20T10:00:00Z"


def _traits(source, subject):
    with open_snapshot([source.pk], caller="test") as snapshot:
        rows = snapshot.execute(
            "SELECT subject_no, key, arg_max(value, ts) AS value FROM {traits} WHERE subject = $s GROUP BY ALL",
            {"s": subject},
        )
        return {row["key"]: row["value"] for row in rows.dicts()}


def test_identify_makes_the_visitor_and_the_user_one_person(send, stored, source):
    send("/v1/page", {"anonymousId": "a", "messageId": "1", "timestamp": "2026-11-20T09:00:00Z"})
    identify = {"userId": "u", "anonymousId": "a", "messageId": "2", "timestamp": AT, "traits": {"plan": "pro"}}
    send("/v1/identify", identify)
    send("/v1/track", {"userId": "u", "event": "e", "messageId": "3", "timestamp": "2026-11-20T11:00:00Z"})
    rows = stored()
    assert [row["event"] for row in rows] == ["$pageview", "$identify", "e"]
    assert len({row["person"] for row in rows}) == 1
    assert _traits(source, "person") == {"plan": '"pro"'}


def test_a_shared_device_is_not_merged_twice(send, stored):
    for number, user in enumerate(["u1", "u2"]):
        item = {"userId": user, "anonymousId": "tablet", "messageId": user, "timestamp": f"2026-11-20T1{number}:00:00Z"}
        send("/v1/identify", item)
    assert len({row["person"] for row in stored()}) == 2
    assert PersonJoin.objects.filter(state=PersonJoin.State.REFUSED).count() == 1
    assert Batch.objects.get().n_joins_refused == 1


def test_alias_joins_and_group_gives_the_account(send, stored, source):
    send("/v1/track", {"userId": "old", "event": "e", "messageId": "1", "timestamp": AT})
    send("/v1/alias", {"userId": "new", "previousId": "old", "messageId": "2", "timestamp": AT})
    send("/v1/group", {"userId": "new", "groupId": "acme", "messageId": "3", "timestamp": AT, "traits": {"plan": "x"}})
    rows = stored()
    assert len({row["person"] for row in rows}) == 1
    assert {row["event"]: row["account_no"] is not None for row in rows} == {
        "$create_alias": False,
        "$groupidentify": True,
        "e": False,
    }
    assert _traits(source, "account") == {"plan": '"x"'}
    assert "$account" in _traits(source, "person")


def test_set_once_keeps_the_first_value_and_set_wins(send, client, key, stored, source):
    def capture(uuid, at, **properties):
        body = {"api_key": key, "event": "e", "uuid": uuid, "distinct_id": "u", "timestamp": at}
        client.post("/capture/", body | {"properties": properties}, content_type="application/json")

    capture("1", "2026-11-20T10:00:00Z", **{"$set_once": {"first": "second", "plan": "free"}})
    capture("2", "2026-11-20T09:00:00Z", **{"$set_once": {"first": "earliest"}})
    capture("3", "2026-11-20T08:00:00Z", **{"$set": {"plan": "pro"}})
    stored()
    assert _traits(source, "person") == {"first": '"earliest"', "plan": '"pro"'}


def test_what_is_sent_again_is_a_duplicate_and_what_differs_a_conflict(send, stored):
    item = {"type": "track", "event": "e", "userId": "u", "messageId": "m", "timestamp": AT, "properties": {"n": 1}}
    send("/v1/batch", {"batch": [item], "sentAt": "2026-11-20T10:00:01Z"})
    assert len(stored()) == 1
    send("/v1/batch", {"batch": [item], "sentAt": "2026-11-20T10:00:09Z"})
    send("/v1/batch", {"batch": [item | {"properties": {"n": 2}}]})
    assert len(stored()) == 1
    last = Batch.objects.first()
    assert (last.n_read, last.n_accepted, last.n_duplicates, last.n_quarantined) == (2, 0, 1, 1)
    row = QuarantinedRow.objects.get()
    assert row.reason_code == "conflict"
    assert json.loads(row.raw)["properties"] == {"n": 2}


def test_without_an_id_the_text_and_its_place_among_equals_is_the_identity(send, stored):
    twice = [{"type": "track", "event": "e", "userId": "u", "timestamp": AT}] * 2
    send("/v1/batch", {"batch": twice})
    send("/v1/batch", {"batch": twice})
    assert len(stored()) == 2


def test_a_wrong_clock_does_not_move_an_event(send, stored):
    item = {"type": "track", "event": "e", "userId": "u", "timestamp": "2001-01-01T00:00:00Z"}
    send("/v1/batch", {"batch": [item], "sentAt": "2001-01-01T00:10:00Z"})
    (row,) = stored()
    off_s = (datetime.now(UTC).replace(tzinfo=None) - row["ts"]).total_seconds()
    assert 599 < off_s < 660


def test_all_counts_add_up_over_many_requests(send, stored):
    for number in range(30):
        batch = [{"type": "track", "event": "e", "userId": f"u{n}", "messageId": f"{number}-{n}"} for n in range(7)]
        send("/v1/batch", {"batch": [*batch, {"type": "track"}]})
    assert len(stored()) == 210
    batch = Batch.objects.get()
    assert (batch.n_read, batch.n_accepted, batch.n_quarantined) == (240, 210, 30)


def _wait(source, n_requests=1):
    for number in range(n_requests):
        item = json.dumps({"type": "track", "event": "e", "userId": "u", "messageId": str(number), "timestamp": AT})
        body, n_bytes = pack(Header("segment"), [item])
        InboxRequest.objects.create(source=source, body=body, n_items=1, n_bytes=n_bytes)


def test_a_flusher_that_comes_late_stores_nothing(source, monkeypatch):
    _wait(source, 3)
    requests = flushing._next_requests(source.pk, after=0)
    flush_inbox()
    with pytest.raises(Conflict, match="already"):
        flushing._store(requests)
    assert DistinctId.objects.count() == 1
    assert [batch.state for batch in Batch.objects.all()] == ["failed", "done"]


def test_a_flusher_that_dies_leaves_the_inbox_as_it_was(source, stored, monkeypatch):
    _wait(source, 3)

    def die(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(flushing, "_take_out", die)
    with pytest.raises(KeyboardInterrupt):
        flush_inbox()
    assert InboxRequest.objects.count() == 3
    monkeypatch.undo()
    assert len(stored()) == 3
    assert sorted(Batch.objects.values_list("state", flat=True)) == ["done", "failed"]


@pytest.mark.django_db(transaction=True)
def test_a_second_flusher_leaves_a_source_to_the_first(source):
    _wait(source)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [flushing._LOCK_CLASS, source.pk])
        assert flush_source(source.pk).n_read == 0
    other.close()
    wait_until(lambda: flush_source(source.pk).n_read == 1, 10)  # the server takes a moment to end a session


def test_one_bad_request_stops_nobody_else(source, stored, monkeypatch):
    _wait(source, 5)
    bad = InboxRequest.objects.order_by("pk")[2].pk
    add = flushing.StagedRequests.add

    def stumble(self, request, *, refusal=None):
        if request.pk == bad and refusal is None:
            raise ValueError("cannot be staged")
        add(self, request, refusal=refusal)

    monkeypatch.setattr(flushing.StagedRequests, "add", stumble)
    assert len(stored()) == 4
    assert QuarantinedRow.objects.get().reason_code == "not_storable"
    assert not InboxRequest.objects.exists()


def test_a_corrected_item_comes_in_again(send, stored, ops):
    send("/v1/batch", {"batch": [{"type": "track", "userId": "u", "messageId": "m", "timestamp": AT}]})
    assert stored() == []
    row = QuarantinedRow.objects.get()
    corrected = json.dumps({**json.loads(row.raw), "event": "opened"}, indent=1)
    replay_rows([row], actor=ops, texts={row.pk: corrected})
    assert [one["event"] for one in stored()] == ["opened"]
    row.refresh_from_db()
    assert row.state == QuarantinedRow.State.REPLAYED
    assert QuarantinedRow.objects.count() == 1


def test_what_is_still_wrong_is_quarantined_anew(send, stored, ops):
    send("/v1/batch", {"batch": [{"type": "track", "userId": "u"}]})
    stored()
    row = QuarantinedRow.objects.get()
    replay_rows([row], actor=ops, texts={row.pk: "{ broken"})
    assert stored() == []
    assert QuarantinedRow.objects.exclude(pk=row.pk).get().reason_code == "bad_json"


def test_a_row_of_the_api_is_corrected_on_its_page(send, stored, client_of, ops):
    send("/v1/batch", {"batch": [{"type": "track", "userId": "u", "messageId": "m", "timestamp": AT}]})
    stored()
    row = QuarantinedRow.objects.get()
    url = reverse("sources:row-page", args=[row.pk])
    answer = client_of(ops).post(url, {"raw": json.dumps({**json.loads(row.raw), "event": "opened"})})
    assert answer.status_code == 302
    assert [one["event"] for one in stored()] == ["opened"]
