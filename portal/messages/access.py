"""The only doors to a person's subscriptions, webhooks and deliveries; and who may look after those of others."""

from typing import Any

from portal.messages.models import Delivery, Subscription, Webhook
from portal.people.public import Role, allow
from portal.shell.public import DigestSubject, NotFound, registry

allow("subscriptions.stop_any", Role.OPS, is_team_bound=False)


def get_subject(kind: str) -> DigestSubject | None:
    """Return what people may subscribe to, by its kind."""
    return next((subject for subject in registry.all(DigestSubject) if subject.kind == kind), None)


def get_subscription(user: Any, subscription_id: int, write: bool = False) -> Subscription:
    """Return one of a person's own subscriptions."""
    found = Subscription.objects.visible_to(user).select_related("webhook", "user")
    return _one(found, subscription_id)


def get_webhook(user: Any, webhook_id: int, write: bool = False) -> Webhook:
    """Return one of a person's own webhooks."""
    return _one(Webhook.objects.visible_to(user).select_related("user"), webhook_id)


def get_delivery(user: Any, delivery_id: int, write: bool = False) -> Delivery:
    """Return one of the messages that went to a person."""
    return _one(Delivery.objects.visible_to(user).select_related("subscription", "webhook"), delivery_id)


def _one(queryset: Any, pk: int) -> Any:
    thing = queryset.filter(pk=pk).first()
    if thing is None:
        raise NotFound()
    return thing
