"""The note of who did how much: always what the events say, written after the load, gone with its events."""

import pytest

from insights.events.compaction import compact
from insights.events.engine import working_connection
from insights.events.models import Part
from insights.events.parts import path_of
from insights.events.public import current_version, erase_person, undo_batch
from insights.events.rollups import note_activity
from portal.people.public import SYSTEM
from tests.factories import store_events, store_faults

SUMMED = (
    "SELECT distinct_no, account_no, sum(n_events)::BIGINT, min(first_ts), max(last_ts) FROM {activity} "
    "GROUP BY 1, 2 ORDER BY 1, 2 NULLS FIRST"
)
COUNTED = (
    "SELECT distinct_no, account_no, count(*), min(ts), max(ts) FROM {all_events} "
    "GROUP BY 1, 2 ORDER BY 1, 2 NULLS FIRST"
)


def notes():
    return Part.objects.filter(kind="activity", removed_version=None)


@pytest.fixture
def stored(source, event):
    rows = [event(who="ann"), event(who="ann", day=2, account_id="acme"), event(who="bob", day=3)]
    return [store_events(source, rows), store_events(source, [event(who="ann", day=4), event(who="cy", day=5)])]


def test_activity_is_the_same_before_and_after_it_is_noted(source, stored, event, read):
    expected = read(source, COUNTED)
    assert len(expected) == 4
    assert read(source, SUMMED) == expected
    version = current_version([source.pk])
    assert note_activity(least_rows=3) == 1
    assert notes().count() == 1
    assert read(source, SUMMED) == expected, "one part is noted, the other is not"
    assert note_activity(least_rows=1) == 1
    assert note_activity(least_rows=1) == 0
    assert read(source, SUMMED) == expected
    assert current_version([source.pk]) == version, "nothing that an answer knows has changed"
    assert store_faults() == []


def test_a_merge_of_parts_an_undo_and_an_erasure_take_their_notes_along(source, stored, event, ops, read):
    note_activity(least_rows=1)
    compact(most_parts=1)
    assert notes().count() == 1
    assert read(source, SUMMED) == read(source, COUNTED)
    erase_person(source.id_space, "ann", actor=ops)
    assert not notes().exists()
    note_activity(least_rows=1)
    undo_batch(stored[1], actor=SYSTEM)
    assert read(source, SUMMED) == read(source, COUNTED)
    assert len(read(source, SUMMED)) == 1
    assert store_faults() == []


def test_a_wrong_note_is_found(source, stored):
    note_activity(least_rows=1)
    part = notes().first()
    path = path_of(part)
    with working_connection() as duck:
        rows = f"SELECT * REPLACE (n_events + 1 AS n_events) FROM read_parquet('{path}')"
        duck.execute(f"COPY ({rows}) TO '{path}.new' (FORMAT parquet)")
    path.with_suffix(".parquet.new").replace(path)
    from insights.events.parts import checksum_of

    Part.objects.filter(pk=part.pk).update(n_bytes=path.stat().st_size, checksum=checksum_of(path))
    assert [fault for fault in store_faults() if "activity noted" in fault]
