"""The fixed facts of the demo company: its teams, products, sources, and the days on which something happened."""

from dataclasses import dataclass
from datetime import date, timedelta

N_DAYS = 365
RELEASE_DAY = 262  # day numbers count from 0, the first of the year of events; N_DAYS - 1 is yesterday
OUTAGE_DAY = 314
GUIDE_DAY = 324  # a release that leads new teams through inviting: more is sent from then on
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
    "$identify": "An id was tied to a person, with what is known of them.",
    "$groupidentify": "What is known of an account was sent.",
}

PROPERTY_DESCRIPTIONS = {
    "amount": "Money: euros a month of an upgrade, the sum of an invoice.",
    "audience": "With whom a plan was shared: the team, the company, or guests.",
    "channel": "How an invitation was sent.",
    "code": "The error's code, or that it took too long.",
    "company_size": "How many people work there, as the account said at sign-up.",
    "country": "Two letters, as in the billing address.",
    "days_open": "Whole days from a task's creation to the tick.",
    "email": "The address that they sign in with.",
    "has_due_date": "Whether the task was given a day.",
    "industry": "What the customer does, as the account said at sign-up.",
    "is_billable": "Whether the hours go on an invoice.",
    "load_ms": "Milliseconds from the click until the report was drawn.",
    "minutes": "How long the timer ran.",
    "n_invited": "How many were invited at once.",
    "n_results": "How many hits a search had; 0 is a search that failed.",
    "path": "The page of the public site.",
    "plan": "What the account pays for now.",
    "priority": "Of the task: low, normal or high.",
    "report": "Which report.",
    "role": "What they do in their team, as they said themselves.",
    "signed_up_via": "What brought them to the site before they signed up.",
    "template": "What a plan was made from.",
    "utm_source": "The campaign that a link was tagged with.",
    "where": "What was searched: tasks, plans or people.",
    "zoom": "How much of the timeline was in view.",
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
