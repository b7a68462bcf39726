"""What the portal tells people: notices inside it, and what leaves it by mail and webhook."""

from portal.messages.models.deliveries import Delivery, Drawing
from portal.messages.models.notices import Notice, NoticeQuerySet
from portal.messages.models.subscriptions import QuietHours, Subscription
from portal.messages.models.webhooks import Webhook

__all__ = ["Delivery", "Drawing", "Notice", "NoticeQuerySet", "QuietHours", "Subscription", "Webhook"]
