"""The rollup of first times: the same answers from fewer rows, and never from parts that are gone."""

from datetime import UTC, datetime

import pytest

from insights.events.compaction import compact
from insights.events.models import Part
from insights.events.public import erase_person, undo_batch
from insights.events.rollups import roll_up_firsts
from portal.people.public import SYSTEM
from tests.factories import make_source, store_events, store_faults

NOW = datetime(2024, 6, 15, tzinfo=UTC)
FIRSTS = "SELECT event_code, distinct_no, min(first_ts) FROM {first_seen} GROUP BY ALL ORDER BY ALL"
ROWS = "SELECT count(*) FROM {first_seen}"


def in_use(kind):
    return Part.objects.filter(kind=kind, removed_version=None)


@pytest.fixture
def monthly():
    """Return a function that stores ann's and bob's events of some months of 2024, a batch a month."""

    def store(source, *months, who=("ann", "bob"), day=3):
        return [
            store_events(
                source,
                [
                    {"event": name, "distinct_id": one, "timestamp": f"2024-{month:02d}-{day:02d}T10:00:00Z"}
                    for name in ("opened", "closed")
                    for one in who
                ],
            )
            for month in months
        ]

    return store


def test_a_rollup_answers_for_its_months_with_one_row_each(source, monthly, read):
    monthly(source, 1, 2, 3, 4, 5, 6)
    before = read(source, FIRSTS)
    assert read(source, ROWS) == [(24,)]
    assert roll_up_firsts(NOW) == 1
    assert in_use("first_ever").get().month.month == 4, "this month and the one before stay out"
    assert read(source, ROWS) == [(4 + 8,)]
    assert read(source, FIRSTS) == before
    assert store_faults() == []
    assert roll_up_firsts(NOW) == 0, "nothing new"


def test_late_events_count_at_once_and_join_the_rollup_in_the_next_night(source, monthly, read):
    monthly(source, 2, 3)
    roll_up_firsts(NOW)
    monthly(source, 1, who=("ann", "cyd"), day=9)
    (first,) = read(source, "SELECT min(first_ts) FROM {first_seen}")
    assert first == (datetime(2024, 1, 9, 10),)
    before = read(source, FIRSTS)
    assert roll_up_firsts(NOW) == 1
    assert in_use("first_ever").count() == 1
    assert read(source, ROWS) == [(6,)]
    assert read(source, FIRSTS) == before
    assert store_faults() == []


def test_a_rollup_goes_with_what_is_taken_out_of_its_months(source, monthly, read):
    january, *_ = monthly(source, 1, 2, 3)
    roll_up_firsts(NOW)
    undo_batch(january, actor=SYSTEM)
    assert not in_use("first_ever").exists()
    assert read(source, "SELECT min(first_ts) FROM {first_seen}") == [(datetime(2024, 2, 3, 10),)]
    roll_up_firsts(NOW)
    erase_person(source.id_space, "ann", actor=SYSTEM)
    assert not in_use("first_ever").exists()
    roll_up_firsts(NOW)
    assert read(source, ROWS) == [(2,)]
    assert store_faults() == []


def test_a_rollup_goes_when_its_parts_are_merged_and_is_made_again(source, monthly, read):
    for day in (3, 4, 5):
        monthly(source, 1, 2, day=day)
    roll_up_firsts(NOW)
    before = read(source, FIRSTS)
    compact(1)
    assert not in_use("first_ever").exists()
    assert read(source, FIRSTS) == before
    assert roll_up_firsts(NOW) == 1
    assert (read(source, FIRSTS), store_faults()) == (before, [])


def test_each_source_has_its_own(source, product, monthly, read):
    other = make_source(product, "Mobile")
    monthly(source, 1, 2)
    monthly(other, 1, who=("bob", "cyd"))
    before = read([source, other], FIRSTS)
    assert roll_up_firsts(NOW) == 1, "one file needs no rollup"
    monthly(other, 2, who=("bob", "cyd"))
    assert roll_up_firsts(NOW) == 1
    assert {part.source_id for part in in_use("first_ever")} == {source.pk, other.pk}
    assert read([source, other], FIRSTS) == before
    assert read(source, ROWS) == [(4,)]
