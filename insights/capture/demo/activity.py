"""What the demo's people do: who is active on which day, how often, what and at what time."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from insights.capture.demo.people import Array, Population
from insights.capture.demo.world import GUIDE_DAY, N_DAYS, OUTAGE_DAY, RELEASE_DAY, day_of

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
_WEEKDAYS = np.array([1.0, 1.06, 1.05, 1.0, 0.82, 0.13, 0.1])  # Monday first
OUTAGE_HOURS = (8, 14)  # UTC
_RAMP_DAYS = 20

PLANNER_EVENTS = (
    "task created",
    "task completed",
    "comment added",
    "report opened",
    "search used",
    "plan created",
    "plan shared",
    "report exported",
    "timeline opened",
    "invited teammate",
    "integration connected",
    "error shown",
)
# By role: planner, manager, member, finance. The timeline's share holds once it has been found, after the release.
_PLANNER_MIX = np.array(
    [
        [24, 16, 16, 13, 10, 5.0, 4.0, 3.0, 9, 0.8, 0.25, 0.5],
        [10, 8, 16, 27, 9, 2.0, 3.5, 6.0, 8, 1.0, 0.15, 0.5],
        [22, 28, 24, 7, 13, 0.6, 1.0, 0.6, 4, 0.2, 0.05, 0.5],
        [4, 4, 8, 38, 12, 0.4, 2.0, 15, 1, 0.1, 0.02, 0.5],
    ]
)
TIMESHEET_EVENTS = (
    "timer started",
    "timer stopped",
    "entry submitted",
    "timesheet approved",
    "invoice created",
    "report opened",
    "error shown",
)
_TIMESHEET_MIX = np.array(
    [
        [30, 29, 18, 5, 0.5, 9, 0.4],
        [18, 17, 12, 22, 3.0, 20, 0.4],
        [38, 37, 20, 0, 0.0, 2, 0.4],
        [10, 9, 6, 10, 18, 30, 0.4],
    ]
)


@dataclass(frozen=True)
class Activity:
    """Events as columns: person, ts (microseconds since the first day's midnight, UTC), event, released, variant."""

    person: Array
    ts: Array
    event: Array
    released: Array
    variant: Array


def _quiet_days(end_on: date) -> Array:
    """Return a factor for each day: working days by weekday, and the quiet weeks of the year."""
    days = [day_of(number, end_on) for number in range(N_DAYS)]
    factor = _WEEKDAYS[[day.weekday() for day in days]].copy()
    for number, day in enumerate(days):
        if (day.month, day.day) >= (12, 23) or (day.month, day.day) <= (1, 2):
            factor[number] *= 0.25
        elif day.month == 8 and day.day <= 20:
            factor[number] *= 0.78
    return factor


def _active_days(rng: np.random.Generator, people: Population, end_on: date, scale: Array) -> tuple[Array, Array]:
    """Return (person, day) of every day on which a person did something."""
    days = np.arange(N_DAYS)
    age = days[None, :] - people.joined_on[:, None]
    habit = 0.45 + 0.55 * np.exp(-np.maximum(age, 0) / 14.0)
    chance = (people.level * scale)[:, None] * habit * _quiet_days(end_on)[None, :]
    is_there = (age >= 0) & (days[None, :] < people.left_on[:, None])
    is_first = age == 0  # whoever signs up does something that day
    return np.nonzero((rng.random(chance.shape) < np.where(is_first, 0.97, chance)) & is_there)


def _times(rng: np.random.Generator, people: Population, person: Array, day: Array) -> Array:
    local_h = np.where(
        rng.random(len(person)) < 0.93, 8 + 10.5 * rng.beta(1.9, 2.2, len(person)), 24 * rng.random(len(person))
    )
    ts = (day * DAY_US + (local_h - people.utc_offset_h[person]) * HOUR_US).astype(np.int64)
    return np.clip(ts, 0, N_DAYS * DAY_US - 1_000_000)


def _pick_events(rng: np.random.Generator, mix: Array, role: Array, weight: Array | None = None) -> Array:
    """Return an event's number for each row by the role's mix; `weight` changes it row by row."""
    shares = mix[role] if weight is None else mix[role] * weight
    edges = np.cumsum(shares, axis=1)
    draws = rng.random(len(role)) * edges[:, -1]
    return (draws[:, None] >= edges).sum(axis=1).astype(np.uint8)


def make_planner(rng: np.random.Generator, people: Population, end_on: date) -> Activity:
    """Return what people do in Planner, after onboarding."""
    person, day = _active_days(rng, people, end_on, np.full(people.n_people, 1.0))
    repeats = 1 + rng.poisson(6.9 * (0.7 + people.level[person]))
    person, day = np.repeat(person, repeats), np.repeat(day, repeats)
    ts = _times(rng, people, person, day)
    weight = np.ones((len(person), len(PLANNER_EVENTS)), dtype=np.float32)
    since_release = day - RELEASE_DAY
    weight[:, PLANNER_EVENTS.index("timeline opened")] = np.clip(since_release / _RAMP_DAYS, 0, 1)
    weight[:, PLANNER_EVENTS.index("report opened")] = np.where(since_release >= 0, 1.36, 1.0)
    weight[:, PLANNER_EVENTS.index("invited teammate")] = np.where(day >= GUIDE_DAY, 1.6, 1.0)
    event = _pick_events(rng, _PLANNER_MIX, people.role[person], weight)
    hour = ts // HOUR_US - OUTAGE_DAY * 24
    is_out = (hour >= OUTAGE_HOURS[0]) & (hour < OUTAGE_HOURS[1])
    event = np.where(is_out, PLANNER_EVENTS.index("error shown"), event).astype(np.uint8)
    keep = ~is_out | (rng.random(len(person)) < 0.35)
    return _activity(rng, people, person[keep], ts[keep], event[keep])


def make_timesheet(rng: np.random.Generator, people: Population, end_on: date) -> Activity:
    """Return what people do in Timesheet: timers daily, entries on Fridays, approvals on Mondays, invoices early."""
    person, day = _active_days(rng, people, end_on, np.where(people.has_timesheet, 0.9, 0.0))
    keep = people.has_timesheet[person]
    person, day = person[keep], day[keep]
    repeats = 1 + rng.poisson(6.2, len(person))
    person, day = np.repeat(person, repeats), np.repeat(day, repeats)
    dates = [day_of(number, end_on) for number in range(N_DAYS)]
    weekday = np.array([one.weekday() for one in dates])[day]
    is_early = np.array([one.day <= 4 for one in dates])[day]
    weight = np.ones((len(person), len(TIMESHEET_EVENTS)), dtype=np.float32)
    weight[:, TIMESHEET_EVENTS.index("entry submitted")] = np.where(weekday == 4, 3.0, 0.8)
    weight[:, TIMESHEET_EVENTS.index("timesheet approved")] = np.where(weekday == 0, 3.0, 0.4)
    weight[:, TIMESHEET_EVENTS.index("invoice created")] = np.where(is_early, 6.0, 0.3)
    event = _pick_events(rng, _TIMESHEET_MIX, people.role[person], weight)
    return _activity(rng, people, person, _times(rng, people, person, day), event)


def _activity(rng: np.random.Generator, people: Population, person: Array, ts: Array, event: Array) -> Activity:
    # Nobody does anything before they have signed up: what lies earlier on the first day follows an hour later.
    signed_up = people.joined_on[person] * DAY_US + 13 * HOUR_US
    too_early = ts < signed_up
    ts = np.where(too_early, signed_up + HOUR_US + rng.integers(0, 4 * HOUR_US, len(ts)), ts)
    keep = ts < N_DAYS * DAY_US
    order = np.argsort(ts[keep], kind="stable")
    person, ts, event = person[keep][order], ts[keep][order], event[keep][order]
    variant = rng.integers(0, 400, len(ts)).astype(np.uint16)
    return Activity(person, ts, event, (ts >= RELEASE_DAY * DAY_US).astype(np.uint8), variant)
