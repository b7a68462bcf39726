"""What other rooms may use of messages."""

from portal.messages.actions import drop_letters, notify, notify_ops, send, send_letter
from portal.messages.actions.subscriptions import create_subscription, send_now
from portal.messages.contracts import DigestChart, DigestLine, DigestPart, DigestSeries
from portal.messages.guard import Answer, Refused, Unreachable, check_url, fetch
from portal.messages.models import Delivery, Subscription, Webhook

__all__ = [
    "Answer",
    "Delivery",
    "DigestChart",
    "DigestLine",
    "DigestPart",
    "DigestSeries",
    "Refused",
    "Subscription",
    "Unreachable",
    "Webhook",
    "check_url",
    "create_subscription",
    "drop_letters",
    "fetch",
    "notify",
    "notify_ops",
    "send",
    "send_letter",
    "send_now",
]
