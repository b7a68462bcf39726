"""The demo company's scenario: what if the Friday report came first, and a person less were there in its quarter."""

from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import Product, User
from roadmaps.plan.scenarios import actions
from roadmaps.plan.scenarios.forms import models_that_count
from roadmaps.plan.scenarios.models import Scenario, Sharing

FIRST, WITHOUT = "A report that comes on Fridays", "Find what was decided"
NOTE = "Two customers ask for the **Friday report** before they renew. What would wait for it, and for whom?"


def seed_scenario(world: DemoWorld, progress: Progress) -> None:
    """Try something with the demo's roadmap; what is there is left as it is."""
    product = Product.objects.select_related("team").filter(slug="planner").first()
    if product is None or Scenario.objects.exists():
        return
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    models = models_that_count()
    if owner is None or not models:
        return
    made = actions.create_scenario(
        actor=owner,
        team=product.team,
        product=product,
        name="The Friday report first",
        note=NOTE,
        model=models[0],
        months=9,
        sharing=Sharing.TEAM,
        today=world.ends_on,
    )
    items = {one.title: one for one in made.items.select_related("scenario")}
    if FIRST in items:
        actions.change_item(items[FIRST], actor=owner, version=1, changes={"effort_months": 3}, place=1)
    if WITHOUT in items:
        actions.set_scope(made, [items[WITHOUT].pk], actor=owner, is_in=False)
    months = {one.pk: (one.months_today, max(0.0, one.months_today - 3)) for one in made.stretches.all()[1:]}
    made.refresh_from_db()
    actions.set_capacity(made, actor=owner, version=made.version, months=months)
    progress(1, 1, "scenario")
