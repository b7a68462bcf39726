"""The demo company's links: what customers and executives see of the roadmap. Their secrets are told to nobody."""

from datetime import timedelta

from django.utils import timezone

from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import Product, User
from roadmaps.plan.sharing import actions
from roadmaps.plan.sharing.contracts import PRESETS, USUAL_DAYS
from roadmaps.plan.sharing.models import RoadmapLink

_LINKS = (
    ("customers", "Advisory board of customers", "What we are working on", "board", False),
    ("executives", "Executives", "Roadmap", "timeline", True),
)


def seed_links(world: DemoWorld, progress: Progress) -> None:
    """Make a link for customers and one for executives; what is there is left as it is."""
    product = Product.objects.select_related("team").filter(slug="planner").first()
    if product is None or RoadmapLink.objects.exists():
        return
    maker = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    if maker is None:
        return
    for audience, name, heading, view, needs_login in _LINKS:
        actions.create_link(
            product,
            actor=maker,
            audience=audience,
            name=name,
            heading=heading,
            fields=PRESETS[audience],
            view=view,
            needs_login=needs_login,
            expires_at=timezone.now() + timedelta(days=USUAL_DAYS),
        )
    progress(1, 1, "links")
