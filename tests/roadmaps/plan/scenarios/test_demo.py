"""The demo's scenario: made once, of the demo's own roadmap."""

import datetime as dt

from insights.capture.demo.world import PLANNER
from portal.operations.contracts import DemoWorld
from roadmaps.plan.scenarios.demo import FIRST, WITHOUT, seed_scenario
from roadmaps.plan.scenarios.models import Scenario
from roadmaps.plan.scenarios.reading import read_comparison
from roadmaps.planning.initiatives.demo import seed_initiatives
from roadmaps.planning.scoring.demo import seed_scores
from tests import factories


def test_the_demo_tries_the_report_first_once(team, owner, ops):
    product = factories.make_product(PLANNER.name, team)
    type(product).objects.update(slug=PLANNER.slug)
    world = DemoWorld(dt.date(2026, 11, 21), 1, {"ops": ops, "product_manager": owner})
    for seed in (seed_initiatives, seed_scores, seed_scenario, seed_scenario):
        seed(world, lambda done, total, note="": None)
    compared = read_comparison(Scenario.objects.get(), owner)
    assert compared.tried[0].initiative.title == FIRST and compared.found.after.n_fit
    assert [one.initiative.title for one in compared.tried if not one.item.is_in] == [WITHOUT]
    today, tried = compared.found.before.capacity, compared.found.after.capacity
    assert today - tried == 3
