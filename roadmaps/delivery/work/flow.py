"""The measures of flow: throughput a week, cycle times and their percentiles, what is too large. Pure.

Source of the definitions: throughput and cycle time as in the Kanban Guide; percentiles by nearest rank.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from roadmaps.delivery.work.contracts import (
    DOING,
    DONE,
    DROPPED,
    UNKNOWN,
    WAITING,
    Change,
    Course,
    CycleTimes,
    Sent,
    Week,
)

FEWEST_SIZES = 10
_WEEK = timedelta(days=7)


def week_of(day: date) -> date:
    """Return the first day of a day's week, a Monday.

    >>> str(week_of(date(2026, 11, 22)))
    '2026-11-16'
    """
    return day - timedelta(days=day.weekday())


def weekly_throughput(finished: Mapping[date, int], *, today: date, n_weeks: int | None = None) -> list[Week]:
    """Return how many items were finished in each whole week up to the last one, weeks without work included.

    finished — counts by day or by first day of the week. It begins with the first week in which anything was finished,
    or with the last `n_weeks` of these. The week that runs is never counted.
    """
    counts: Counter[date] = Counter()
    for day, count in finished.items():
        counts[week_of(day)] += count
    end = week_of(today)
    weeks = [week for week in counts if week < end]
    if not weeks:
        return []
    first = min(weeks)
    if n_weeks is not None:
        first = max(first, end - n_weeks * _WEEK)
    return [Week(at, counts[at]) for at in (first + step * _WEEK for step in range((end - first) // _WEEK))]


def cycle_days(started_on: date, finished_on: date) -> int:
    """Return finish - start + 1 calendar days, never below 0.

    >>> cycle_days(date(2026, 1, 1), date(2026, 1, 1)), cycle_days(date(2026, 1, 5), date(2026, 1, 1))
    (1, 0)
    """
    return max(0, (finished_on - started_on).days + 1)


def percentile(values: Sequence[float], percent: int) -> float | None:
    """Return the nearest-rank percentile: the smallest value that at least so many percent of all do not exceed.

    >>> percentile([15, 20, 35, 40, 50], 30), percentile([15, 20, 35, 40, 50], 100), percentile([], 50)
    (20, 50, None)
    """
    ordered = sorted(values)
    return ordered[max(1, -(-percent * len(ordered) // 100)) - 1] if ordered else None


def cycle_times(days: Sequence[int]) -> CycleTimes:
    """Return the percentiles of cycle times."""
    found = [percentile(days, percent) for percent in (50, 85, 95)]
    p50, p85, p95 = (None if one is None else int(one) for one in found)
    return CycleTimes(len(days), p50, p85, p95)


def largest_usual(sizes: Sequence[float]) -> float | None:
    """Return the size beyond which an item is larger than usual: the 85th percentile of what the team has finished.

    None under 10 finished items with a size, for these say nothing of what is usual.
    """
    return percentile(sizes, 85) if len(sizes) >= FEWEST_SIZES else None


def course_of(
    status: str, phases: Mapping[str, str], changes: Iterable[Change], sent: Sent, *, counts_from_opening: bool = False
) -> Course:
    """Return what an item's status, its history and its tracker's own times come to.

    phases — the phase of each status; one that is not there is unknown, and then the tracker's own times alone count.
    Work began when the item first came into a status of work, or left the last one of waiting for one of done; it ended
    with the change into the status of the end that it has not left since. With `counts_from_opening` an item of which
    no start is known began when it was opened.
    """
    history = sorted(changes, key=lambda one: one.at)
    phase = phases.get(status, UNKNOWN)
    started_at, ended_at = _start_in(history, phases), _end_in(history, phases, phase)
    finished_at = dropped_at = None
    if phase == DONE or (phase == UNKNOWN and sent.finished_at and not sent.dropped_at):
        finished_at = ended_at or sent.finished_at
        phase = DONE if finished_at else phase
    elif phase == DROPPED or (phase == UNKNOWN and sent.dropped_at):
        dropped_at = ended_at or sent.dropped_at or sent.finished_at
        phase = DROPPED if dropped_at else phase
    is_begun = phase in (DOING, DONE, DROPPED)
    started_at = started_at or sent.started_at
    if started_at is None and counts_from_opening and is_begun:
        started_at = sent.opened_at
    return Course(phase, started_at, finished_at, dropped_at)


def _start_in(history: Sequence[Change], phases: Mapping[str, str]) -> datetime | None:
    for change in history:
        if phases.get(change.to_status, UNKNOWN) == DOING:
            return change.at
    return None


def _end_in(history: Sequence[Change], phases: Mapping[str, str], phase: str) -> datetime | None:
    """Return when an item came into the phase of the end that it is in, and has not left since."""
    if phase not in (DONE, DROPPED):
        return None
    found = None
    for change in reversed(history):
        if phases.get(change.to_status, UNKNOWN) != phase:
            break
        found = change.at
    return found


_WORDS: dict[str, tuple[str, ...]] = {
    DROPPED: (
        *("won't do", "wont do", "won't fix", "wont fix", "wontfix", "cancelled", "canceled", "duplicate", "rejected"),
        *("declined", "withdrawn", "abandoned", "not planned", "closed not planned", "obsolete", "superseded"),
        *("cannot reproduce", "invalid", "closed unmerged", "not done", "dropped", "closed duplicate"),
    ),
    DONE: (
        *("done", "closed", "resolved", "completed", "complete", "merged", "released", "shipped", "finished", "final"),
        *("deployed", "live", "fixed", "closed completed", "in production", "verified"),
    ),
    DOING: (
        *("in progress", "doing", "in review", "review", "code review", "in testing", "testing", "qa", "in qa"),
        *("in development", "development", "started", "blocked", "waiting", "ready for review", "ready for qa"),
        *("ready to merge", "ready for release", "reopened in progress", "in design", "under review", "building"),
        *("open pull request", "draft pull request"),
    ),
    WAITING: (
        *("to do", "todo", "open", "backlog", "new", "triage", "selected for development", "ready", "reopened"),
        *(
            "planned",
            "draft",
            "open reopened",
            "icebox",
            "unstarted",
            "ready for development",
            "next",
            "inbox",
            "deferred",
        ),
    ),
}
_PHASE_OF_WORD = {word: phase for phase, words in _WORDS.items() for word in words}
_CATEGORIES = {
    "to do": WAITING,
    "new": WAITING,
    "indeterminate": DOING,
    "in progress": DOING,
    "done": DONE,
    "complete": DONE,
}


def guess_phase(status: str, category: str = "") -> str:
    """Return what a status probably means, by its name and its tracker's category of it; "" where nothing says.

    A status that sounds like giving up is that, though trackers put it into the category of what is done.
    >>> guess_phase("In Review"), guess_phase("Won't Do", "Done"), guess_phase("Parked", "To Do"), guess_phase("Limbo")
    ('doing', 'dropped', 'waiting', '')
    """
    plain = " ".join(re.sub(r"[_:()\[\]-]+", " ", status.lower()).split())
    found = _PHASE_OF_WORD.get(plain, UNKNOWN)
    by_category = _CATEGORIES.get(category.strip().lower(), UNKNOWN)
    return found if found == DROPPED or not by_category else by_category
