"""Writes of messages: notices, single messages, subscriptions, webhooks."""

from portal.messages.actions.deliveries import send
from portal.messages.actions.notices import notify, notify_ops, read_notices

__all__ = ["notify", "notify_ops", "read_notices", "send"]
