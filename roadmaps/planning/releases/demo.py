"""The demo company's releases: two that are out, one of them with the initiative whose bet is measured, one to come."""

from datetime import date, timedelta

from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User
from roadmaps.planning.initiatives.public import Initiative, Stage
from roadmaps.planning.releases import actions
from roadmaps.planning.releases.models import Release

INVITING = "Guide new teams through inviting"
TIMELINE_DAYS, INVITING_DAYS, NEXT_DAYS = 102, 40, 33  # out so many days ago, out, to come
_TIMELINE = """\
The whole plan at a glance, from the day it begins to the day it ends.

- **For everybody who plans:** drag a task, and what waits for it moves along.
- **For managers:** holidays and people who are away are drawn.
"""
_INVITING = """\
A plan is better with the people who do the work.

- **For new teams:** the first plan leads to the first invitation, with a link to copy for those who prefer chat.
- **For admins:** who was invited by whom, and who has not come yet.
"""
_SAID = "Inviting colleagues is part of the first plan now: a link to copy, and you see who has come."


def seed_releases(world: DemoWorld, progress: Progress) -> None:
    """Plan the demo's releases; what is there already is left as it is."""
    product = Product.objects.select_related("team").filter(slug="planner").first()
    if product is None or Release.objects.exists():
        return
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    more = {"actor": SYSTEM, "owner": owner}
    today = world.ends_on
    timeline = _plan(product, "4.2: the timeline", today - timedelta(days=TIMELINE_DAYS), notes=_TIMELINE, **more)
    actions.release_now(timeline, SYSTEM, today - timedelta(days=TIMELINE_DAYS))
    progress(1, 3, "releases")
    inviting = list(Initiative.objects.filter(product=product, title=INVITING))
    together = _plan(
        product,
        "4.3: together from the first day",
        today - timedelta(days=INVITING_DAYS + 9),
        notes=_INVITING,
        initiatives=inviting,
        **more,
    )
    actions.release_now(together, owner or SYSTEM, today - timedelta(days=INVITING_DAYS), said=_SAID)
    progress(2, 3, "releases")
    building = Initiative.objects.filter(product=product, stage=Stage.BUILDING).order_by("position", "pk")
    _plan(product, "4.4: plans that hold", today + timedelta(days=NEXT_DAYS), initiatives=list(building[:3]), **more)
    progress(3, 3, "releases")


def _plan(product: Product, name: str, planned_on: date, **more) -> Release:
    return actions.create_release(product, name=name, planned_on=planned_on, **more)
