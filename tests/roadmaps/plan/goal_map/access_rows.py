"""Who may open the map."""

from portal.people.public import SYSTEM
from roadmaps.goals import actions as goals
from roadmaps.planning.initiatives.public import create_initiative
from roadmaps.planning.opportunities.public import Opportunity
from tests.house.access_table import Row, signed_in
from tests.roadmaps.goals.access_rows import make_cycle


def planted(world):
    """A map with all that it draws: goals in a tree, numbers, what serves them, what hangs on nothing."""
    product, made = world.product, {"cycle": make_cycle(), "actor": SYSTEM}
    goals.write_statement(product, "vision", text="# Work that a team can see", actor=SYSTEM)
    top = goals.create_objective(title="Planner is where teams plan", product=product, **made)
    below = goals.create_objective(title="New teams plan together", product=product, parent=top, **made)
    goals.create_objective(title="Planner does not get in the way", product=product, **made)
    goals.add_key_result(below, title="Two of three invite somebody", baseline=20, target=30, actor=SYSTEM)
    values = {"product": product, "team": product.team}
    alone, slow, _ = (
        Opportunity.objects.create(title=title, **values)
        for title in ("Getting the team in", "The timeline opens slowly", "Holidays are lost")
    )
    for title, more in (
        ("Guide new teams through inviting", {"objective": below, "opportunities": [alone]}),
        ("Invite with a link", {"objective": below, "opportunities": [alone, slow]}),
        ("A first plan to begin with", {"objective": top}),
        ("A new logo", {}),
    ):
        create_initiative(product, actor=SYSTEM, title=title, **more)
    return {}


ROWS = [
    Row("goal_map:map", signed_in(200)),
    Row("goal_map:map", signed_in(200), planted),
    Row("api:goal-map", signed_in(400, anonymous=401)),
    Row("api:goal-map", signed_in(200, anonymous=401), planted, data={"product": "planner"}),
]
