"""The demo's bets: made once, those that are out measured on the demo's own events, one review answered."""

import datetime as dt

import time_machine

from insights.capture.demo.world import PLANNER
from insights.metrics.demo import seed_metrics
from portal.operations.contracts import DemoWorld
from roadmaps.outcomes.demo import seed_outcomes
from roadmaps.outcomes.models import Bet, MonthCost, OutcomeReview
from roadmaps.planning.initiatives.demo import seed_initiatives
from roadmaps.planning.releases.demo import seed_releases
from tests import factories

ENDS_ON = dt.date(2026, 11, 21)


def _rows():
    """Invitations, actions and errors of 50 weeks; half as many invitations again since forty days."""
    for day in range(350):
        on = ENDS_ON - dt.timedelta(days=day)
        n = (5 + day % 3) * (3 if day <= 40 else 2)
        for number in range(n):
            name = "invited teammate" if number % 2 else "error shown"
            yield {"event": name, "distinct_id": f"p{number}", "timestamp": f"{on}T09:00:00Z"}


@time_machine.travel(dt.datetime(2026, 11, 22, 6, tzinfo=dt.UTC), tick=False)
def test_the_demos_bets_are_made_once_and_measured(team, owner, ops):
    product = factories.make_product(PLANNER.name, team)
    type(product).objects.update(slug=PLANNER.slug)
    factories.store_events(factories.make_source(product, "Planner app"), list(_rows()))
    world = DemoWorld(ENDS_ON, 1, {"ops": ops, "product_manager": owner})
    for seed in (seed_metrics, seed_initiatives, seed_releases, seed_outcomes, seed_outcomes):
        seed(world, lambda done, total, note="": None)
    bets = {(bet.initiative.title, bet.metric.name): bet for bet in Bet.objects.of_rows()}
    assert len(bets) == 7 and MonthCost.objects.count() == 1
    guide = bets["Guide new teams through inviting", "Invitations"]
    assert guide.is_locked and not guide.is_late and guide.created_at < guide.locked_at
    assert guide.verdict and guide.measured > 0 and guide.measurements.filter(days=30).count() == 1
    assert sum(not bet.is_locked for bet in bets.values()) == 1
    assert [review.initiative.title for review in OutcomeReview.objects.answered()] == [
        "The whole plan on one timeline"
    ]
