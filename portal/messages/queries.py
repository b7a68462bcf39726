"""Reads for the pages of subscriptions and webhooks."""

from typing import Any

from django.db.models import OuterRef, Subquery

from portal.messages.models import Delivery, Subscription, Webhook
from portal.shell.public import DigestSubject, registry


def list_deliveries(user: Any, most: int, webhook: Webhook | None = None) -> list[Delivery]:
    """Return what was sent to a person lately, or to one of their webhooks."""
    mine = Delivery.objects.visible_to(user).select_related("webhook", "subscription")
    return list((mine.filter(webhook=webhook) if webhook else mine)[:most])


def list_subscriptions(user: Any) -> list[Subscription]:
    """Return a person's subscriptions, live ones first, each with the newest result."""
    newest = Delivery.objects.filter(subscription=OuterRef("pk")).order_by("-pk")
    mine = Subscription.objects.visible_to(user).select_related("webhook")
    mine = mine.annotate(
        last_state=Subquery(newest.values("state")[:1]), last_result=Subquery(newest.values("result")[:1])
    )
    return sorted(mine.order_by("title", "pk"), key=lambda one: one.is_stopped)[:200]


def list_offers(user: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what a person may subscribe to as the choices of a menu: (kind on screen, [(kind:thing, title)])."""
    found = []
    for subject in registry.all(DigestSubject):
        offers = [(f"{subject.kind}:{thing_id}", title) for thing_id, title in subject.offers(user)]
        if offers:
            found.append((subject.label, offers))
    return found
