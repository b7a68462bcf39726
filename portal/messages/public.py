"""What other rooms may use of messages."""

from portal.messages.actions import notify, notify_ops, send_mail

__all__ = ["notify", "notify_ops", "send_mail"]
