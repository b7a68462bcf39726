"""Measures of flow, each worked out by hand."""

import datetime as dt

import pytest

from roadmaps.delivery.work.contracts import Change, CycleTimes, Sent
from roadmaps.delivery.work.flow import (
    course_of,
    cycle_days,
    cycle_times,
    guess_phase,
    largest_usual,
    percentile,
    weekly_throughput,
)

PHASES = {"To Do": "waiting", "In Progress": "doing", "In Review": "doing", "Done": "done", "Won't Do": "dropped"}


def at(day, hour=12):
    return dt.datetime(2026, 3, day, hour, tzinfo=dt.UTC)


def moves(*statuses):
    before, found = "", []
    for day, status in statuses:
        found.append(Change(at(day), before, status))
        before = status
    return found


def test_weeks_without_work_are_zeros_and_the_week_that_runs_is_left_out():
    finished = {dt.date(2026, 3, 3): 2, dt.date(2026, 3, 8): 1, dt.date(2026, 3, 18): 4, dt.date(2026, 3, 24): 9}
    weeks = weekly_throughput(finished, today=dt.date(2026, 3, 25))
    assert [(str(week.starts_on), week.n_done) for week in weeks] == [
        ("2026-03-02", 3),
        ("2026-03-09", 0),
        ("2026-03-16", 4),
    ]
    assert [week.n_done for week in weekly_throughput(finished, today=dt.date(2026, 3, 25), n_weeks=2)] == [0, 4]
    assert weekly_throughput({dt.date(2026, 3, 24): 9}, today=dt.date(2026, 3, 25)) == []


def test_cycle_times_count_both_days_and_are_never_below_zero():
    assert cycle_days(dt.date(2026, 3, 2), dt.date(2026, 3, 6)) == 5
    assert cycle_days(dt.date(2026, 3, 6), dt.date(2026, 3, 2)) == 0
    assert cycle_times([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) == CycleTimes(10, 5, 9, 10)
    assert cycle_times([]) == CycleTimes(0)
    assert percentile([7], 5) == 7


def test_size_is_judged_by_what_was_finished_and_not_by_little():
    assert largest_usual([1] * 9) is None
    assert largest_usual([1, 1, 1, 2, 2, 3, 3, 5, 8, 13]) == 8


@pytest.mark.parametrize(
    ("history", "status", "expected"),
    [
        ([(1, "To Do"), (3, "In Progress"), (5, "In Review"), (9, "Done")], "Done", ("done", 3, 9, None)),
        (
            [(1, "To Do"), (3, "In Progress"), (5, "Done"), (6, "In Progress"), (9, "Done")],
            "Done",
            ("done", 3, 9, None),
        ),
        ([(1, "To Do"), (3, "In Progress"), (5, "Done"), (6, "In Progress")], "In Progress", ("doing", 3, None, None)),
        ([(1, "To Do"), (4, "Won't Do")], "Won't Do", ("dropped", None, None, 4)),
        ([(1, "To Do"), (4, "Limbo")], "Limbo", ("", None, None, None)),
        ([(1, "To Do"), (4, "Done")], "Done", ("done", None, 4, None)),
    ],
    ids=["straight", "reopened", "reopened-open", "dropped", "unknown", "never-begun"],
)
def test_a_history_says_when_work_began_and_ended(history, status, expected):
    found = course_of(status, PHASES, moves(*history), Sent(opened_at=at(1)))
    days = [one and one.day for one in (found.started_at, found.finished_at, found.dropped_at)]
    assert (found.phase, *days) == expected


def test_times_that_a_tracker_sends_count_where_no_history_does():
    sent = Sent(opened_at=at(1), started_at=at(4), finished_at=at(9))
    assert course_of("Done", PHASES, [], sent).finished_at == at(9)
    assert course_of("Limbo", PHASES, [], sent).phase == "done"  # it says itself that it was finished
    assert course_of("To Do", PHASES, [], sent).finished_at is None  # it was opened again
    assert course_of("Done", PHASES, [], Sent(opened_at=at(1), finished_at=at(9))).started_at is None
    counted = course_of("Done", PHASES, [], Sent(opened_at=at(1), finished_at=at(9)), counts_from_opening=True)
    assert counted.started_at == at(1)
    waits = course_of("To Do", PHASES, [], Sent(opened_at=at(1)), counts_from_opening=True)
    assert waits.started_at is None


def test_a_status_is_guessed_by_its_name_and_its_category():
    assert guess_phase("CLOSED") == "done"
    assert guess_phase("Canceled", "Done") == "dropped"
    assert guess_phase("Ready 4 dev", "In Progress") == "doing"
    assert guess_phase("Draught") == ""
