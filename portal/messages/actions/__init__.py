"""Writes of messages: notices, single messages, subscriptions, webhooks."""

from portal.messages.actions.deliveries import drop_letters, send, send_letter
from portal.messages.actions.notices import notify, notify_ops, read_notices

__all__ = ["drop_letters", "notify", "notify_ops", "read_notices", "send", "send_letter"]
