"""A roadmap of four initiatives whose plan is worked out by hand, and a scenario of it."""

import datetime as dt

import pytest
import time_machine

from portal.people.public import SYSTEM
from roadmaps.goals.actions import create_cycle, create_objective
from roadmaps.plan.scenarios.actions import create_scenario
from roadmaps.planning.initiatives.public import Initiative, create_initiative
from roadmaps.planning.scoring.models import ScoringModel
from roadmaps.planning.scoring.public import score_initiative

NOW = dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC)


@pytest.fixture
def first_of_january():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def rice(db):
    return ScoringModel.objects.select_related("current").get(slug="rice")


@pytest.fixture
def goals(product):
    cycle = create_cycle(name="H1", starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 6, 30), actor=SYSTEM)
    return [
        create_objective(title=title, cycle=cycle, product=product, actor=SYSTEM)
        for title in ("Teams plan together", "Fewer leave", "Nobody serves this")
    ]


@pytest.fixture
def four(product, owner, rice, goals):
    """Return four initiatives in order; RICE is reach x impact 1 x confidence 0.5 / effort.

    Invite: 600 x 0.5 / 3 = 100, goal 1. Timeline: 400 x 0.5 / 4 = 50, goal 1. Reports: 600 x 0.5 / 5 = 60, goal 2,
    promised for the end of June. Later: not scored, no effort.
    """
    made = {}
    for title, horizon, effort, reach, goal in (
        ("Invite", "now", 3, 600, goals[0]),
        ("Timeline", "now", 4, 400, goals[0]),
        ("Reports", "next", 5, 600, goals[1]),
        ("Later", "later", None, None, None),
    ):
        one = create_initiative(
            product, title=title, actor=owner, horizon=horizon, effort_months=effort, objective=goal,
            promised_on=dt.date(2026, 6, 30) if title == "Reports" else None,
        )  # fmt: skip
        if reach:
            inputs = {"reach": {"likely": reach}, "impact": {"likely": 1}, "confidence": {"likely": 0.5}}
            score_initiative(one, rice, actor=owner, inputs={**inputs, "effort": {"likely": effort}})
        made[title] = Initiative.objects.get(pk=one.pk)
    return made


@pytest.fixture
def scenario(four, product, owner, rice):
    """Return a scenario of the product with 9 person-months in the first quarter of 2026 and none after it."""
    return make_scenario(product, owner, rice)


def make_scenario(product, owner, rice, **values):
    today = dt.date(2026, 1, 1)
    about = {"name": "Reports first", "model": rice, "months": 9, "n_stretches": 1, "today": today, **values}
    return create_scenario(actor=owner, team=product.team, product=product, **about)


def items_of(scenario):
    """Return a scenario's items by the titles of their initiatives."""
    return {one.title: one for one in scenario.items.select_related("scenario", "initiative").all()}
