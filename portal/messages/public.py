"""What other rooms may use of messages."""

from portal.messages.actions import notify, notify_ops, send
from portal.messages.contracts import DigestChart, DigestLine, DigestPart, DigestSeries
from portal.messages.models import Delivery, Webhook

__all__ = [
    "Delivery",
    "DigestChart",
    "DigestLine",
    "DigestPart",
    "DigestSeries",
    "Webhook",
    "notify",
    "notify_ops",
    "send",
]
