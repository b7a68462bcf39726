"""Rules of retention: for which product and channel, for how many days, and what happens then."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from insights.voice.feedback.public import Channel

LEAST_DAYS, MOST_DAYS = 30, 3_650


class RuleQuerySet(models.QuerySet):
    """Rules, by whose products they are about."""

    def visible_to(self, user: Any) -> "RuleQuerySet":
        """Keep those of products of the user's teams, all for ops."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self if user.is_ops else self.filter(product__team_id__in=user.team_ids)

    def dressed(self) -> "RuleQuerySet":
        """Fetch along what pages show beside it."""
        return self.select_related("product__team", "channel", "created_by")


class RetentionRule(models.Model):
    """What happens to what customers said about a product, so many days after they said it.

    A rule without a channel is for all channels that have none of their own. Conversations have one rule a product.
    """

    class About(models.TextChoices):
        FEEDBACK = "feedback", "Feedback"
        CONVERSATIONS = "conversations", "Conversations"

    class Effect(models.TextChoices):
        DELETE = "delete", "Delete it"
        NAMELESS = "nameless", "Take away who said it"

    product = models.ForeignKey("portal_people.Product", on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=13, choices=About.choices, default=About.FEEDBACK)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    days = models.PositiveIntegerField(help_text="Days after it was said.")
    effect = models.CharField(max_length=8, choices=Effect.choices, default=Effect.NAMELESS)
    starts_on = models.DateField(help_text="The first day in whose night it is applied.")
    n_done = models.PositiveIntegerField(default=0, editable=False, help_text="To how many it was applied so far.")
    applied_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["product__name", "about", "channel__name", "pk"]
        verbose_name = "rule of retention"
        verbose_name_plural = "rules of retention"
        constraints = [
            models.UniqueConstraint(
                fields=["product", "about", "channel"], nulls_distinct=False, name="a_channel_has_one_rule_of_retention"
            ),
            models.CheckConstraint(
                condition=Q(days__gte=LEAST_DAYS, days__lte=MOST_DAYS), name="retention_is_a_month_to_ten_years"
            ),
            models.CheckConstraint(condition=Q(about="feedback") | Q(channel=None), name="only_feedback_has_channels"),
        ]

    def __str__(self) -> str:
        return f"{self.product}, {self.what}: {self.days:,} days"

    def get_absolute_url(self) -> str:
        """Return its page: what it would do."""
        return reverse("retention:rule-page", args=[self.pk])

    @property
    def team_id(self) -> int:
        """Return the team of its product."""
        return self.product.team_id

    @property
    def what(self) -> str:
        """Return what it is about, in words."""
        if self.about == self.About.CONVERSATIONS:
            return "conversations"
        return f"feedback by {self.channel}" if self.channel_id else "feedback by any channel without a rule of its own"

    def oldest_kept(self, today: date) -> date:
        """Return the first day of which things are kept still."""
        return today - timedelta(days=self.days)
