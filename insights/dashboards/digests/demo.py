"""Digests of the demo's people, where mail stays on this machine."""

from datetime import time
from typing import Any

from django.conf import settings

from insights.dashboards.models import Dashboard
from portal.messages.public import Subscription, create_subscription, send_now
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import User

# Whose, about which dashboard ("" for their products), how often, on which day.
_WANTED = (
    ("product_manager", "Product health", "weekly", 0),
    ("product_manager", "", "daily", 0),
    ("viewer", "Onboarding", "weekly", 4),
    ("ops", "Adoption", "weekly", 0),
)


def seed_subscriptions(world: DemoWorld, progress: Progress) -> None:
    """Subscribe the demo's people, and send the first of them a digest; nothing where mail would leave the machine."""
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return
    for number, (role, title, frequency, weekday) in enumerate(_WANTED, start=1):
        user = world.users.get(role)
        board = Dashboard.objects.filter(title=title).order_by("pk").first() if title else None
        if user is not None and (board is not None or not title):
            _subscribe(user, board, frequency=frequency, weekday=weekday)
        progress(number, len(_WANTED))


def _subscribe(user: User, board: Dashboard | None, **when: Any) -> None:
    kind, thing_id = ("dashboard", board.slug) if board else ("my_products", "")
    if Subscription.objects.filter(user=user, kind=kind, thing_id=thing_id).exists():
        return
    values = {"at": time(8), "time_zone": user.time_zone, "skips_unchanged": when["frequency"] == "daily", **when}
    subscription = create_subscription(actor=user, kind=kind, thing_id=thing_id, **values)
    if user.role == "product_manager":
        send_now(subscription, actor=user)
