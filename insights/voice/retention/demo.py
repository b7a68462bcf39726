"""The demo's rule: after two years feedback is kept without who said it; there is none so old."""

from typing import Any

from django.utils import timezone

from insights.voice.feedback.public import Channel
from insights.voice.retention.actions import create_rule
from insights.voice.retention.models import RetentionRule
from portal.people.public import SYSTEM, Product


def seed_retention(world: Any, progress: Any) -> None:
    """Give the demo's product a rule, unless it has any."""
    today = timezone.localdate()
    for product in Product.objects.filter(slug="planner"):
        if not RetentionRule.objects.filter(product=product).exists() and Channel.objects.exists():
            about = RetentionRule.About.FEEDBACK
            create_rule(product, about=about, days=730, effect="nameless", today=today, actor=SYSTEM)
