"""The features of the demo's products."""

from django.utils import timezone

from insights.adoption.actions import create_feature
from insights.adoption.models import Feature
from insights.capture.demo.world import PRODUCTS
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User

# By product: name, what it is, its events, whether it is core.
_FEATURES = {
    "planner": (
        ("Tasks", "Plan the work and tick it off.", ("task created", "task completed"), True),
        ("Reports", "See how the plan goes.", ("report opened", "report exported"), True),
        ("Comments", "Talk where the work is.", ("comment added",), True),
        ("Timeline", "The whole plan at a glance; new with release 4.2.", ("timeline opened",), False),
        ("Search", "Find a task, a plan or a person.", ("search used",), False),
        ("Sharing", "Let others see a plan, or work on it.", ("plan shared", "invited teammate"), False),
        ("Integrations", "Planner beside the tools that a team has already.", ("integration connected",), False),
    ),
    "timesheet": (
        ("Timer", "Track hours while they pass.", ("timer started", "timer stopped"), True),
        ("Approval", "Hours written down, and a manager's yes.", ("entry submitted", "timesheet approved"), True),
        ("Invoices", "From hours to an invoice.", ("invoice created",), False),
    ),
}


def seed_features(world: DemoWorld, progress: Progress) -> None:
    """Name the demo's features; what is there already is left as it is."""
    for product in Product.objects.filter(slug__in=[one.slug for one in PRODUCTS]).select_related("team"):
        owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
        there = set(Feature.objects.filter(product=product).values_list("name", flat=True))
        for name, description, events, is_core in _FEATURES.get(product.slug, ()):
            if name not in there:
                specs = [{"event": event} for event in events]
                more = {"description": description, "is_core": is_core}
                feature = create_feature(product, name=name, events=specs, actor=SYSTEM, now=timezone.now(), **more)
                Feature.objects.filter(pk=feature.pk).update(owner=owner)
