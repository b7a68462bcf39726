"""Loads: every row accounted for, the same row stored once."""

import datetime as dt

import pytest

from insights.events.public import QuarantinedRow, open_snapshot
from tests.factories import make_source, store_events


@pytest.fixture
def source(product):
    return make_source(product)


def event(name="opened", who="ann", day=1, **extra):
    return {"event": name, "distinct_id": who, "timestamp": f"2024-01-{day:02d}T10:00:00+00:00", **extra}


def rows_of(source, sql="SELECT event_code, distinct_no, ts, properties::JSON::VARCHAR FROM {events} ORDER BY ts"):
    with open_snapshot([source.pk], caller="test") as snapshot:
        return snapshot.execute(sql).tuples


def counts(batch):
    assert batch.n_read == batch.n_accepted + batch.n_duplicates + batch.n_quarantined
    return batch.n_read, batch.n_accepted, batch.n_duplicates, batch.n_quarantined


def test_stored_events_are_read_back(source):
    batch = store_events(source, [event(properties={"plan": "pro", "n": 3}), event("closed", "bob", 2)])
    assert counts(batch) == (2, 2, 0, 0)
    assert batch.state == "done"
    with open_snapshot([source.pk], caller="test") as snapshot:
        codes = snapshot.codes_of(["opened", "closed", "unknown"])
        rows = snapshot.execute("SELECT event_code, ts, properties::JSON::VARCHAR FROM {events} ORDER BY ts")
        assert snapshot.data_until == dt.datetime(2024, 1, 2, 10, tzinfo=dt.UTC)
    assert sorted(codes) == ["closed", "opened"]
    assert rows.n_scanned == 2
    assert rows.tuples == [
        (codes["opened"], dt.datetime(2024, 1, 1, 10), '{"n":3,"plan":"pro"}'),
        (codes["closed"], dt.datetime(2024, 1, 2, 10), None),
    ]


def test_same_rows_loaded_twice_add_nothing(source):
    rows = [event(), event(), event(event_id="e1"), event(day=2)]
    assert counts(store_events(source, rows)) == (4, 4, 0, 0)
    again = store_events(source, rows)
    assert counts(again) == (4, 0, 4, 0)
    assert [(o.n_duplicates, o.earlier_batch.n_accepted) for o in again.overlaps.all()] == [(4, 4)]
    assert len(rows_of(source)) == 4


def test_identical_rows_are_one_event_where_the_source_says_so(product):
    source = make_source(product, identical_rows="drop")
    assert counts(store_events(source, [event(), event(), event(day=2)])) == (3, 2, 1, 0)


def test_same_id_with_other_content_is_quarantined_with_its_text(source):
    store_events(source, [event(event_id="a")])
    batch = store_events(
        source,
        [
            event(event_id="a"),
            event("changed", event_id="a"),
            event(event_id="b"),
            event(event_id="b", properties={"x": 1}),
        ],
        raw_of=lambda items: {no: f"line {no}" for no in items},
    )
    assert counts(batch) == (4, 1, 1, 2)
    assert batch.n_conflicts == 2
    kept = QuarantinedRow.objects.filter(batch=batch)
    assert [(row.item_no, row.raw, row.reason_code) for row in kept] == [
        (2, "line 2", "conflict"),
        (4, "line 4", "conflict"),
    ]
