"""The fixed facts of the demo company: its teams, products, sources, and the days on which something happened."""

from dataclasses import dataclass
from datetime import date, timedelta

N_DAYS = 365
RELEASE_DAY = 262  # day numbers count from 0, the first of the year of events; N_DAYS - 1 is yesterday
OUTAGE_DAY = 314
CAMPAIGN_DAYS = range(180, 194)

TEAMS = {
    "planner-core": "Planner core",
    "growth": "Growth",
    "time-tracking": "Time tracking",
    "platform": "Platform",
}


@dataclass(frozen=True)
class DemoProduct:
    """A product of the demo company with its one source of events."""

    slug: str
    name: str
    team: str
    source_slug: str
    source_name: str


PLANNER = DemoProduct("planner", "Planner", "planner-core", "planner-app", "Planner app")
TIMESHEET = DemoProduct("timesheet", "Timesheet", "time-tracking", "timesheet-app", "Timesheet app")
PRODUCTS = (PLANNER, TIMESHEET)

ONBOARDING = ("signed up", "workspace created", "plan created", "invited teammate")

DESCRIPTIONS = {
    "page viewed": "A visitor opened a page of the public site.",
    "signed up": "A person made an account: step 1 of onboarding.",
    "workspace created": "A person set up a workspace for their team: step 2 of onboarding.",
    "plan created": "A plan was made, empty or from a template: step 3 of onboarding when it is the first.",
    "invited teammate": "A person invited others into the workspace: step 4 of onboarding when it is the first.",
    "task created": "A task was added to a plan.",
    "task completed": "A task was ticked off.",
    "comment added": "A comment was written under a task or a plan.",
    "timeline opened": "The timeline of a plan was opened. New with release 4.2.",
    "report opened": "A report was opened and drawn; load_ms is the time until it was.",
    "report exported": "A report left the product as a file.",
    "search used": "A search was sent.",
    "integration connected": "Another tool was connected to the workspace.",
    "plan shared": "A plan was shared beyond those who work on it.",
    "error shown": "A person saw an error page or message.",
    "subscription upgraded": "An account moved to a larger plan; amount is euros a month.",
    "timer started": "A person began to track time.",
    "timer stopped": "A running timer was stopped.",
    "entry submitted": "Hours were written into the time sheet.",
    "timesheet approved": "A manager approved a week of hours.",
    "invoice created": "Hours were turned into an invoice.",
}


def day_of(number: int, end_on: date) -> date:
    """Return the calendar day of a day number, for a year that ends on `end_on`."""
    return end_on - timedelta(days=N_DAYS - 1 - number)


def released_on(end_on: date) -> date:
    """Return the day of release 4.2."""
    return day_of(RELEASE_DAY, end_on)


def outage_on(end_on: date) -> date:
    """Return the day of the outage."""
    return day_of(OUTAGE_DAY, end_on)
