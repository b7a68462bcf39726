"""What happens once in the demo's year: visits, sign-ups, onboarding steps, groups, upgrades; rows with traits."""

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from insights.capture.demo.activity import DAY_US, HOUR_US
from insights.capture.demo.people import (
    COUNTRIES,
    INDUSTRIES,
    PLANS,
    ROLES,
    SIZES,
    SOURCES,
    Population,
    account_id,
    account_name,
    person_email,
    person_id,
    person_name,
    visitor_id,
)
from insights.capture.demo.properties import MAKERS
from insights.capture.demo.world import N_DAYS, RELEASE_DAY
from insights.events.contracts import PERSON_ACCOUNT_KEY

_N_STRANGERS = 5200
_STEPS = ("workspace created", "plan created", "invited teammate")
_STEP_HOURS = (0.4, 9.0, 52.0)  # mean hours between a step of onboarding and the next
_SEAT_PRICE = {1: 9, 2: 14, 3: 22}
_MINUTE_US = HOUR_US // 60


@dataclass
class Story:
    """Rows for staging: events (item, name, who, account, ts, JSON), traits (item, subject, id, key, JSON, ts), joins.

    Items count from `first_item`; times are microseconds since the first day's midnight.
    """

    first_item: int
    events: list[tuple] = field(default_factory=list)
    traits: list[tuple] = field(default_factory=list)
    joins: list[tuple] = field(default_factory=list)
    n_items: int = 0

    def item(self) -> int:
        """Return the number of the next item."""
        self.n_items += 1
        return self.first_item + self.n_items - 1

    def tell(self, name: str, who: str, account: str | None, ts: int, properties: dict[str, Any] | None = None) -> int:
        """Add an event if it lies in the year, and return its item number."""
        item = self.item()
        if 0 <= ts < N_DAYS * DAY_US:
            self.events.append((item, name, who, account, int(ts), json.dumps(properties or {})))
        return item

    def set(self, item: int, subject: str, subject_id: str, ts: int, **values: Any) -> None:
        """Set traits of a person or an account."""
        for key, value in values.items():
            if value != "":
                self.traits.append((item, subject, subject_id, key, json.dumps(value), int(ts)))


def tell_story(rng: np.random.Generator, people: Population, first_item: int, *, has_onboarding: bool) -> Story:
    """Return the story of a product; only Planner has the public site and the onboarding."""
    story = Story(first_item)
    upgrades = _upgrades(rng, people)
    is_first = np.r_[True, people.account[1:] != people.account[:-1]]
    for number in range(people.n_people):
        if has_onboarding or people.has_timesheet[number]:
            _tell_person(rng, story, people, number, has_onboarding=has_onboarding)
            if is_first[number] or not has_onboarding:
                _tell_account(story, people, number, upgrades)
    if has_onboarding:
        _tell_upgrades(rng, story, people, upgrades)
        _tell_strangers(rng, story)
    return story


def _signed_up_at(people: Population, number: int) -> int:
    return int(people.joined_on[number]) * DAY_US + 8 * HOUR_US + (number * 37 % 290) * _MINUTE_US


def _tell_person(
    rng: np.random.Generator, story: Story, people: Population, number: int, *, has_onboarding: bool
) -> None:
    who, account = person_id(number), account_id(int(people.account[number]))
    at = _signed_up_at(people, number)
    came_from = SOURCES[people.came_from[number]]
    if has_onboarding and at >= 0:
        visitor = visitor_id(number)
        for visit in range(1 + rng.poisson(1.6)):
            page = MAKERS["page viewed"](rng, False) | ({"utm_source": came_from} if came_from else {})
            story.tell("page viewed", visitor, None, at - (visit + 1) * int(rng.integers(1, 200)) * _MINUTE_US, page)
        method = ("email", "email", "google", "google", "sso")[rng.integers(5)]
        story.tell("signed up", who, account, at, {"method": method} | ({"utm_source": came_from} if came_from else {}))
        _tell_onboarding(rng, story, people, number, at)
    item = story.tell("$identify", who, account, at + 2_000_000)
    if has_onboarding and at >= 0:
        story.joins.append((item, "identify", visitor_id(number), who, at + 2_000_000))
    traits = {
        "name": person_name(number),
        "email": person_email(number, int(people.account[number])),
        "role": ROLES[people.role[number]],
        "country": COUNTRIES[people.country[number]],
        "signed_up_via": came_from,
        PERSON_ACCOUNT_KEY: account,
    }
    story.set(item, "person", who, at + 2_000_000, **traits)


def _tell_onboarding(rng: np.random.Generator, story: Story, people: Population, number: int, at: int) -> None:
    who, account = person_id(number), account_id(int(people.account[number]))
    for name, hours in list(zip(_STEPS, _STEP_HOURS, strict=True))[: int(people.steps[number]) - 1]:
        at += int(rng.exponential(hours) * HOUR_US) + _MINUTE_US
        story.tell(name, who, account, at, MAKERS[name](rng, at >= RELEASE_DAY * DAY_US))


def _tell_account(story: Story, people: Population, number: int, upgrades: dict[int, tuple[int, int]]) -> None:
    account = int(people.account[number])
    at = _signed_up_at(people, number) + 5_000_000
    item = story.tell("$groupidentify", person_id(number), account_id(account), at)
    first_plan = upgrades[account][1] if account in upgrades else int(people.plan[account])
    traits = {
        "name": account_name(account),
        "plan": PLANS[first_plan],
        "company_size": SIZES[people.size[account]],
        "industry": INDUSTRIES[people.industry[account]],
        "country": COUNTRIES[people.account_country[account]],
    }
    story.set(item, "account", account_id(account), at, **traits)


def _upgrades(rng: np.random.Generator, people: Population) -> dict[int, tuple[int, int]]:
    """Return (day, plan before) of the accounts that moved to a larger plan within the year."""
    found = {}
    for account, plan in enumerate(people.plan):
        since = max(0, int(people.started_on[account]) + 10)
        if plan > 0 and since < N_DAYS - 5 and rng.random() < 0.55:
            found[account] = (int(rng.integers(since, N_DAYS - 1)), int(plan) - 1)
    return found


def _tell_upgrades(
    rng: np.random.Generator, story: Story, people: Population, upgrades: dict[int, tuple[int, int]]
) -> None:
    first_of = {int(account): number for number, account in reversed(list(enumerate(people.account)))}
    seats_of = np.bincount(people.account, minlength=len(people.plan))
    for account, (day, before) in upgrades.items():
        after, seats = int(people.plan[account]), int(seats_of[account])
        at = day * DAY_US + int(rng.integers(8, 18)) * HOUR_US + int(rng.integers(0, 3600)) * 1_000_000
        properties = {
            "plan_from": PLANS[before],
            "plan": PLANS[after],
            "seats": seats,
            "amount": seats * _SEAT_PRICE[after],
        }
        item = story.tell("subscription upgraded", person_id(first_of[account]), account_id(account), at, properties)
        story.set(item, "account", account_id(account), at, plan=PLANS[after])


def _tell_strangers(rng: np.random.Generator, story: Story) -> None:
    for number in range(_N_STRANGERS):
        at = int(N_DAYS * np.sqrt(rng.random())) * DAY_US + int(rng.integers(6, 22) * HOUR_US)
        for _ in range(1 + rng.poisson(0.9)):
            story.tell("page viewed", visitor_id(90_000 + number), None, at, MAKERS["page viewed"](rng, False))
            at += int(rng.integers(5, 400)) * 1_000_000
