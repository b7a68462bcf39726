"""Reading: one version, locked down, with limits, whatever writers do meanwhile."""

import datetime as dt
import gc
import os
import threading
import time

import duckdb
import pytest
from django.db import connection

from insights.events import engine
from insights.events.public import (
    TooSlow,
    changed_since,
    compact,
    current_version,
    open_snapshot,
    pause_source,
)
from portal.people.public import SYSTEM
from portal.shell.public import TooMuch, Unavailable
from tests.factories import make_source, store_events

SLOW = "SELECT count(*) FROM range(100000000) a, range(1000000) b WHERE a.range + b.range = -1"


def test_empty_relations_have_their_types(source):
    with open_snapshot([source.pk], caller="test") as snapshot:
        assert (snapshot.data_until, snapshot.has_joins) == (None, False)
        for relation in ("events", "all_events", "export", "person_map", "first_seen", "traits"):
            assert snapshot.execute(f"SELECT * FROM {{{relation}}}").tuples == []
        kinds = snapshot.execute(
            "SELECT typeof(properties), typeof(ts) FROM (SELECT * FROM {events} UNION ALL BY NAME "
            "SELECT TIMESTAMP '2024-01-01' AS ts)"
        ).tuples
    assert kinds == [("VARIANT", "TIMESTAMP")]


def test_parts_outside_the_asked_time_are_not_read(source, event):
    rows = [{**event(), "timestamp": f"2024-{month:02d}-15T00:00:00+00:00"} for month in range(1, 7)]
    store_events(source, rows)
    sql = "SELECT count(*) FROM {events} WHERE ts >= $since AND ts < $until"
    since, until = dt.datetime(2024, 2, 1), dt.datetime(2024, 4, 1)
    with open_snapshot([source.pk], caller="test") as snapshot:
        answer = snapshot.execute(sql, {"since": since, "until": until}, since=since, until=until)
        assert (answer.tuples, answer.n_scanned) == ([(2,)], 2)
        aware = snapshot.execute("SELECT count(*) FROM {events}", since=since.replace(tzinfo=dt.UTC))
        assert aware.tuples == [(5,)]
        assert snapshot.execute("SELECT count(*) FROM {all_events}", since=until).tuples == [(6,)]


def test_only_the_asked_sources_are_read(product, event, read):
    one, two = make_source(product, "One"), make_source(product, "Two")
    store_events(one, [event()])
    store_events(two, [event(), event(day=2)])
    assert len(read(one)) == 1
    assert len(read([one, two])) == 3
    assert read([]) == []


def test_first_seen_gives_the_first_time_of_each_event_and_id(source, event, read):
    store_events(source, [event(day=5), event(day=3), event("closed", day=4)])
    store_events(source, [event(day=2)])
    sql = "SELECT event_code, distinct_no, min(first_ts) FROM {first_seen} GROUP BY ALL ORDER BY 3"
    assert [row[2].day for row in read(source, sql)] == [2, 4]


def test_properties_are_extracted_by_a_bound_key_across_parts_of_other_shape(source, event, read):
    store_events(source, [event(who=f"p{n}", properties={"plan": "pro", "n": n}) for n in range(50)])
    store_events(source, [event(who="x", day=2, properties={"plan": 7}), event(who="y", day=2)])
    sql = "SELECT variant_extract(properties, $key)::VARCHAR AS v, count(*) FROM {events} GROUP BY 1 ORDER BY 1"
    assert read(source, sql, params={"key": "plan"}) == [("7", 1), ("pro", 50), (None, 1)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO '/tmp/portal-should-not-exist.csv'",
        "ATTACH '/tmp/portal-should-not-exist.db'",
        "SET threads = 64",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM read_parquet('https://example.com/a.parquet')",
    ],
)
def test_the_engine_reads_nothing_but_the_store(source, sql):
    with open_snapshot([source.pk], caller="test") as snapshot, pytest.raises(duckdb.Error):
        snapshot.execute(sql)


def test_a_question_ends_at_its_time_limit(source, settings):
    settings.QUESTION_TIME_LIMIT_S = 0.3
    with open_snapshot([source.pk], caller="test") as snapshot, pytest.raises(TooSlow):
        snapshot.execute(SLOW)
    with open_snapshot([source.pk], caller="test") as snapshot:
        assert snapshot.execute("SELECT 1").tuples == [(1,)]
        time.sleep(0.3)
        with pytest.raises(TooSlow):
            snapshot.execute("SELECT 1")


def test_too_many_rows_are_refused(source):
    with open_snapshot([source.pk], caller="test") as snapshot, pytest.raises(TooMuch):
        snapshot.execute("SELECT * FROM range(11)", max_rows=10)


def test_the_third_question_at_once_is_told_to_wait():
    with engine.question_slot(), engine.question_slot(), pytest.raises(Unavailable), engine.question_slot(0.05):
        pass
    with engine.question_slot(0.05):
        pass


def test_an_internal_error_is_retried_once_on_a_fresh_connection():
    seen = []

    def fetch(cursor):
        seen.append(engine._process.connection)
        if len(seen) == 1:
            raise duckdb.InternalException("INTERNAL Error: dict-surviving cache")
        return cursor.fetchall()

    assert engine.run("SELECT 42", {}, limit_s=5, fetch=fetch) == [(42,)]
    assert seen[0] is not seen[1]

    def always(cursor):
        raise duckdb.InternalException("INTERNAL Error: again")

    with pytest.raises(duckdb.InternalException):
        engine.run("SELECT 42", {}, limit_s=5, fetch=always)


def test_a_forked_child_asks_on_a_connection_of_its_own(source):
    with open_snapshot([source.pk], caller="test") as snapshot:
        snapshot.execute("SELECT 1")
        child = os.fork()
        if child == 0:
            code = 1
            try:
                code = 0 if snapshot.execute("SELECT 7").tuples == [(7,)] else 2
                gc.collect()
            finally:
                os._exit(code)
        deadline = time.monotonic() + 20
        while (done := os.waitpid(child, os.WNOHANG))[0] == 0 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert done[0] == child, "the child hangs"
        assert os.waitstatus_to_exitcode(done[1]) == 0


def test_changes_are_known_by_source_and_time(product, event):
    one, two = make_source(product, "One"), make_source(product, "Two")
    store_events(one, [event(day=10)])
    version = current_version([one.pk, two.pk])
    store_events(two, [event(day=20)])
    store_events(one, [event(day=12, who="late")])
    day = [dt.datetime(2024, 1, day, tzinfo=dt.UTC) for day in range(1, 32)]
    assert not changed_since([one.pk], version, day[0], day[10])
    assert changed_since([one.pk], version, day[10], day[12])
    assert changed_since([one.pk], version, None, None)
    assert not changed_since([one.pk], current_version([one.pk]))
    pause_source(one, actor=SYSTEM)
    assert not changed_since([one.pk], current_version([one.pk]))


@pytest.mark.django_db(transaction=True)
def test_readers_see_whole_versions_while_parts_are_merged_and_loaded(source, event):
    for n in range(8):
        store_events(source, [event(who=f"p{n}-{k}", day=1 + k % 28) for k in range(50)])
    faults, n_reads, is_over = [], [0, 0], threading.Event()

    def ask(place):
        try:
            while not is_over.is_set():
                with open_snapshot([source.pk], caller="test") as snapshot:
                    n_rows = snapshot.execute("SELECT count(*) FROM {events}").tuples[0][0]
                    n_first = snapshot.execute("SELECT count(*) FROM {first_seen}").tuples[0][0]
                if n_rows % 50 or n_rows < 400 or n_first != n_rows:
                    faults.append((n_rows, n_first))
                n_reads[place] += 1
        except Exception as fault:  # any failure of a reader is what this test looks for
            faults.append(fault)
        finally:
            connection.close()

    readers = [threading.Thread(target=ask, args=(place,)) for place in range(2)]
    for reader in readers:
        reader.start()
    for n in range(8, 14):
        store_events(source, [event(who=f"p{n}-{k}", day=1 + k % 28) for k in range(50)])
        compact(2)
    is_over.set()
    for reader in readers:
        reader.join(timeout=30)
    assert faults == []
    assert min(n_reads) > 3
