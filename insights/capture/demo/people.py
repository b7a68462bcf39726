"""The people of the demo company's customers: accounts, who works there, when they came and how much they do."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from insights.capture.demo.world import CAMPAIGN_DAYS, N_DAYS

SIZES = ("1-10", "11-50", "51-200", "201-1000", "1001+")
_PEOPLE_OF_SIZE = (3.0, 8.0, 17.0, 30.0, 55.0)
PLANS = ("trial", "team", "business", "enterprise")
INDUSTRIES = ("software", "marketing", "consulting", "construction", "education", "retail", "health")
COUNTRIES = ("DE", "GB", "US", "FR", "NL", "SE", "PL", "IN", "BR", "AU")
_UTC_OFFSETS = np.array([1, 0, -6, 1, 1, 1, 1, 5.5, -3, 10])
_COUNTRY_SHARES = np.array([0.24, 0.14, 0.2, 0.08, 0.08, 0.06, 0.06, 0.06, 0.05, 0.03])
ROLES = ("planner", "manager", "member", "finance")
_ROLE_SHARES = np.array([0.2, 0.16, 0.58, 0.06])
SOURCES = ("search", "newsletter", "partner", "social", "")  # where somebody came from; "" is unknown
_N_ACCOUNTS = 345
_N_CAMPAIGN = 60
_FIRST = [
    "Ada",
    "Ben",
    "Clara",
    "David",
    "Elif",
    "Femi",
    "Grace",
    "Hugo",
    "Ines",
    "Jonas",
    "Kira",
    "Liam",
    "Mona",
    "Nils",
    "Olga",
    "Paul",
    "Quinn",
    "Rosa",
    "Sami",
    "Tara",
]
_LAST = [
    "Adler",
    "Brook",
    "Costa",
    "Dahl",
    "Ekström",
    "Fischer",
    "Green",
    "Horvat",
    "Ivanov",
    "Jansen",
    "Kaya",
    "Lopez",
    "Meyer",
    "Novak",
    "Okafor",
    "Rao",
]
_HALVES = (
    ("North", "Blue", "Green", "Silver", "Urban", "Prime", "Clear", "Stone", "River", "Bright", "Iron", "Swift"),
    ("works", "field", "labs", "craft", "bridge", "point", "forge", "media", "build", "way", "harbour", "partners"),
)

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Population:
    """Accounts and people as columns. Days count from the first of the year of events; below 0 is before it.

    Of accounts: started_on, size, plan, industry, country. Of people: account, joined_on, role, country, came_from,
    level (0-1, the chance of being active on a working day at first), left_on, steps (onboarding steps done, 1-4).
    """

    started_on: Array
    size: Array
    plan: Array
    industry: Array
    account_country: Array
    account: Array
    joined_on: Array
    role: Array
    country: Array
    came_from: Array
    level: Array
    left_on: Array
    steps: Array
    has_timesheet: Array

    @property
    def n_people(self) -> int:
        """Return how many people there are."""
        return len(self.account)

    @property
    def utc_offset_h(self) -> Array:
        """Return each person's hours east of Greenwich."""
        return _UTC_OFFSETS[self.country]


def make_population(rng: np.random.Generator) -> Population:
    """Make accounts and their people; equal generators give equal people."""
    n = _N_ACCOUNTS + _N_CAMPAIGN
    is_campaign = np.arange(n) >= _N_ACCOUNTS
    growing = (N_DAYS * np.sqrt(rng.random(n))).astype(int)
    started_on = np.where(rng.random(n) < 0.4, -rng.integers(30, 700, n), growing)
    started_on = np.where(is_campaign, rng.integers(CAMPAIGN_DAYS.start, CAMPAIGN_DAYS.stop, n), started_on)
    size = np.where(is_campaign, 0, rng.choice(5, n, p=[0.3, 0.3, 0.22, 0.12, 0.06]))
    plan = np.where(is_campaign, 0, np.clip(size - 1 + rng.integers(0, 3, n), 1, 3))
    plan = np.where((started_on > N_DAYS - 30) & (rng.random(n) < 0.7), 0, plan)
    country = rng.choice(10, n, p=_COUNTRY_SHARES)
    counts = 1 + rng.poisson(np.array(_PEOPLE_OF_SIZE)[size])
    account = np.repeat(np.arange(n), counts)
    m = len(account)
    is_first = np.r_[True, account[1:] != account[:-1]]
    joined_on = started_on[account] + np.where(is_first, 0, rng.exponential(70, m)).astype(int)
    keep = joined_on < N_DAYS
    account, joined_on, is_first = account[keep], joined_on[keep], is_first[keep]
    m = len(account)
    of_campaign = is_campaign[account]
    steps = 1 + (rng.random(m) < 0.84) * (1 + (rng.random(m) < 0.79) * (1 + (rng.random(m) < 0.41)))
    stays = rng.random(m) < np.where(of_campaign, 0.08, 0.25 + 0.15 * steps)
    left_on = np.where(stays, N_DAYS * 3, joined_on + rng.exponential(np.where(of_campaign, 6, 45), m)).astype(int)
    came_from = np.where(of_campaign, 1, rng.choice(5, m, p=[0.38, 0.12, 0.1, 0.12, 0.28]))
    return Population(
        started_on=started_on,
        size=size,
        plan=plan,
        industry=rng.choice(len(INDUSTRIES), n),
        account_country=country,
        account=account,
        joined_on=joined_on,
        role=np.where(is_first, 0, rng.choice(4, m, p=_ROLE_SHARES)),
        country=np.where(rng.random(m) < 0.85, country[account], rng.choice(10, m, p=_COUNTRY_SHARES)),
        came_from=came_from,
        level=np.clip(rng.lognormal(-0.75, 0.55, m), 0.03, 0.95) * np.array([0.4, 0.7, 0.9, 1.0])[steps - 1],
        left_on=left_on,
        steps=steps,
        has_timesheet=((rng.random(n) < 0.5) & ~is_campaign)[account] & (rng.random(m) < 0.75),
    )


def account_id(number: int) -> str:
    """Return the id of an account."""
    return f"acc-{number + 1:04d}"


def person_id(number: int) -> str:
    """Return the id of a person who has signed up."""
    return f"user-{number + 1:05d}"


def visitor_id(number: int) -> str:
    """Return the id of a visitor who has not signed up, or not yet."""
    return f"anon-{number + 1:05d}"


def account_name(number: int) -> str:
    """Return an invented company's name; no two are equal."""
    first, second = _HALVES
    name = first[number % 12] + second[number // 12 % 12]
    return name if number < 144 else f"{name} {('Group', 'International', 'Studio')[number // 144 - 1]}"


def person_name(number: int) -> str:
    """Return an invented name."""
    return f"{_FIRST[number * 7 % 20]} {_LAST[number * 11 % 16]}"


def person_email(number: int, account: int) -> str:
    """Return an address under a domain that is reserved for examples."""
    local = person_name(number).lower().replace(" ", ".").replace("ö", "oe")
    return f"{local}.{number + 1}@{account_name(account).lower().replace(' ', '-')}.example"
