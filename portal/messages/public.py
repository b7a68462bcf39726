"""What other rooms may use of messages."""

from portal.messages.actions import notify, notify_ops, send
from portal.messages.actions.subscriptions import create_subscription, send_now
from portal.messages.contracts import DigestChart, DigestLine, DigestPart, DigestSeries
from portal.messages.models import Delivery, Subscription, Webhook

__all__ = [
    "Delivery",
    "DigestChart",
    "DigestLine",
    "DigestPart",
    "DigestSeries",
    "Subscription",
    "Webhook",
    "create_subscription",
    "notify",
    "notify_ops",
    "send",
    "send_now",
]
