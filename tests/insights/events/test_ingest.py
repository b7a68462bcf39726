"""Loads: every row accounted for, the same row stored once."""

import datetime as dt
import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.events.public import QuarantinedRow, dry_run, open_snapshot
from tests.factories import make_source, stage_events, store_events, store_faults


def counts(batch):
    assert batch.n_read == batch.n_accepted + batch.n_duplicates + batch.n_quarantined
    return batch.n_read, batch.n_accepted, batch.n_duplicates, batch.n_quarantined


def test_stored_events_are_read_back(source, event):
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


def test_same_rows_loaded_twice_add_nothing(source, event, read):
    rows = [event(), event(), event(event_id="e1"), event(day=2)]
    assert counts(store_events(source, rows)) == (4, 4, 0, 0)
    again = store_events(source, rows)
    assert counts(again) == (4, 0, 4, 0)
    assert [(o.n_duplicates, o.earlier_batch.n_accepted) for o in again.overlaps.all()] == [(4, 4)]
    assert len(read(source)) == 4


def test_one_more_identical_row_in_a_longer_file_is_one_more_event(source, event):
    store_events(source, [event(), event()])
    assert counts(store_events(source, [event(), event(), event()])) == (3, 1, 2, 0)


def test_identical_rows_are_one_event_where_the_source_says_so(product, event):
    source = make_source(product, identical_rows="drop")
    assert counts(store_events(source, [event(), event(), event(day=2)])) == (3, 2, 1, 0)


def test_identical_items_of_one_request_are_two_events_of_two_requests_one(product, event):
    source = make_source(product, kind="api")
    rows = [event(request_no=1), event(request_no=1), event(request_no=2)]
    assert counts(store_events(source, rows)) == (3, 2, 1, 0)


def test_same_id_with_other_content_is_quarantined_with_its_text(source, event):
    store_events(source, [event(event_id="a")])
    rows = [event(event_id="a"), event("changed", event_id="a")]
    rows += [event(event_id="b"), event(event_id="b", properties={"x": 1})]
    batch = store_events(source, rows, raw_of=lambda items: {no: f"line {no}" for no in items})
    assert counts(batch) == (4, 1, 1, 2)
    assert batch.n_conflicts == 2
    kept = QuarantinedRow.objects.filter(batch=batch)
    assert [(row.item_no, row.raw, row.reason_code) for row in kept] == [
        (2, "line 2", "conflict"),
        (4, "line 4", "conflict"),
    ]


def test_same_id_with_another_spelling_of_the_time_is_a_conflict(source, event):
    batch = store_events(source, [event(event_id="a", sent_time="10:00"), event(event_id="a", sent_time="10:00Z")])
    assert counts(batch) == (2, 1, 0, 1)


def test_an_id_is_unique_in_its_month_and_for_the_api_also_within_seven_days(product, event):
    rows = [event(event_id="a", day=31), {**event(event_id="a"), "timestamp": "2024-02-01T10:00:00+00:00"}]
    assert counts(store_events(make_source(product), rows)) == (2, 2, 0, 0)
    api = make_source(product, "Key", kind="api")
    assert counts(store_events(api, rows[:1])) == (1, 1, 0, 0)
    assert counts(store_events(api, rows[1:])) == (1, 0, 0, 1)


def test_ids_of_two_sources_do_not_meet(product, event):
    for name in ("One", "Two"):
        assert counts(store_events(make_source(product, name), [event(event_id="a")])) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"event": ""}, "no_event"),
        ({"event": "x" * 201}, "name_too_long"),
        ({"distinct_id": None}, "no_distinct_id"),
        ({"distinct_id": "a\x00b"}, "id_unusable"),
        ({"distinct_id": "x" * 401}, "id_unusable"),
        ({"timestamp": None}, "no_time"),
        ({"timestamp": "1969-12-31T23:59:59.999999+00:00"}, "time_out_of_range"),
        ({"timestamp": "2024-03-02T00:00:00+00:00", "received_at": "2024-03-01T00:59:59+00:00"}, "time_out_of_range"),
    ],
)
def test_rows_that_a_producer_should_have_refused_are_quarantined(source, event, fault, code):
    batch = store_events(source, [event(), {**event(), **fault}])
    assert counts(batch) == (2, 1, 0, 1)
    assert QuarantinedRow.objects.get(batch=batch).reason_code == code


def test_the_first_second_of_1970_and_23_hours_ahead_are_taken(source, event):
    rows = [
        {**event(), "timestamp": "1970-01-01T00:00:00+00:00"},
        {**event(), "timestamp": "2024-03-02T00:00:00+00:00", "received_at": "2024-03-01T01:00:00+00:00"},
    ]
    assert counts(store_events(source, rows)) == (2, 2, 0, 0)


def test_rejects_are_kept_with_place_and_reason(source, event):
    rejects = [{"item_no": 7, "raw": 'a,"b\x00",,', "reason_code": "bad_time", "reason": "Cannot read the time."}]
    batch = store_events(source, [event()], rejects=rejects)
    assert counts(batch) == (2, 1, 0, 1)
    row = QuarantinedRow.objects.get(batch=batch)
    assert (row.item_no, row.raw, row.reason_code, row.event_time) == (7, 'a,"b\ufffd",,', "bad_time", None)


def test_an_empty_load_is_done_with_nothing(source):
    assert counts(store_events(source)) == (0, 0, 0, 0)


def test_dry_run_says_what_a_load_would_come_to_and_stores_nothing(source, event, tmp_path, read):
    store_events(source, [event(event_id="a")])
    rows = [event(event_id="a"), event("other", event_id="a"), event(event_id="b"), event(who="")]
    stage_events(tmp_path, rows)
    told = dry_run(source, tmp_path)
    assert (told.n_read, told.n_accepted, told.n_duplicates, told.n_quarantined) == (4, 1, 1, 2)
    assert len(read(source)) == 1


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ('{"a":{"b":[1,{"c":null}],"e":{}},"f":[]}', '{"a":{"b":[1,{"c":null}],"e":{}},"f":[]}'),
        ('{"i":9007199254740993,"m":-9223372036854775808}', '{"i":9007199254740993,"m":-9223372036854775808}'),
        ('{"u":18446744073709551615}', '{"u":"18446744073709551615"}'),
        ('{"big":123456789012345678901234}', '{"big":"123456789012345678901234"}'),
        ('{"f":0.1,"g":1.50,"h":1e400}', '{"f":0.1,"g":1.5,"h":"1e400"}'),
        ('{"":1}', '{"(empty)":1}'),
        ('{"t":"\\ud800x","ü":"\\u00e9 😀"}', '{"t":"\ufffdx","ü":"é 😀"}'),
        ('{"b":true,"n":null,"s":""}', '{"b":true,"n":null,"s":""}'),
        ("{}", "{}"),
        (None, None),
    ],
)
def test_properties_come_back_as_they_were(source, event, read, sent, stored):
    store_events(source, [event(properties=sent)])
    assert read(source, "SELECT properties::JSON::VARCHAR FROM {events}") == [(stored,)]


def test_json_nested_a_thousand_deep_does_not_end_the_process(source, event, read):
    for depth in (60, 15_000):
        deep = '{"a":' + "[" * depth + "]" * depth + "}"
        store_events(source, [event(properties=deep, event_id=f"d{depth}")])
    assert read(source, "SELECT count(*) FROM {events} WHERE properties IS NOT NULL") == [(2,)]


_ROW = st.tuples(
    st.sampled_from(["a", "b", None]),  # event id
    st.sampled_from(["opened", "closed"]),
    st.sampled_from(["ann", "bob", ""]),
    st.sampled_from(["2024-01-31T23:00:00+00:00", "2024-02-01T00:00:00+00:00"]),
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(st.lists(_ROW, max_size=6), min_size=1, max_size=3))
def test_any_loads_in_any_order_keep_the_first_of_each_identity(product, files):
    source = make_source(product, f"Source {json.dumps(files)}"[:60] + str(id(files)))
    seen: dict = {}
    for rows in files:
        dicts = [dict(zip(("event_id", "event", "distinct_id", "timestamp"), row, strict=True)) for row in rows]
        ordinals: Counter = Counter()
        expected = Counter()
        for event_id, event, who, time in rows:
            if not who:
                expected["quarantined"] += 1
                continue
            content = (event, who, time)
            ordinals[content] += event_id is None
            identity = (time[:7], event_id) if event_id else (content, ordinals[content])
            if identity not in seen:
                seen[identity] = content
                expected["accepted"] += 1
            else:
                expected["duplicates" if seen[identity] == content else "quarantined"] += 1
        batch = store_events(source, dicts)
        assert counts(batch) == (
            len(rows),
            expected["accepted"],
            expected["duplicates"],
            expected["quarantined"],
        )
    with open_snapshot([source.pk], caller="test") as snapshot:
        assert snapshot.execute("SELECT count(*) FROM {events}").tuples == [(len(seen),)]


def test_the_store_agrees_with_its_manifest_after_loads(source, event):
    store_events(source, [event(day=day, who=f"p{day % 3}") for day in range(1, 20)], joins=[])
    store_events(source, [event(day=3, who="p0"), event(who="")])
    assert store_faults() == []
