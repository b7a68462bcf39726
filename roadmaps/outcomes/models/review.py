"""Outcome reviews: what becomes of an initiative once its bets are measured, and what was learned; and prices."""

from html import unescape
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.html import strip_tags

from portal.shell.public import render_markdown, words_in
from roadmaps.planning.initiatives.public import Initiative, visible_initiatives


class ReviewQuerySet(models.QuerySet):
    """Reviews, by who may see their initiative."""

    def visible_to(self, user: Any) -> "ReviewQuerySet":
        """Keep those of initiatives that the user may read."""
        return self.filter(initiative__in=visible_initiatives(user))

    def matching(self, text: str) -> "ReviewQuerySet":
        """Keep those whose initiative or lesson hold each word."""
        return self.filter(words_in(text, "initiative__title", "learned"))

    def of_rows(self) -> "ReviewQuerySet":
        """Read with each what a row shows of it."""
        return self.select_related("initiative__team", "initiative__product", "initiative__owner", "reviewed_by")

    def waiting(self) -> "ReviewQuerySet":
        """Keep those that nobody answered yet."""
        return self.filter(decision="")

    def answered(self) -> "ReviewQuerySet":
        """Keep those that were answered."""
        return self.exclude(decision="")


class OutcomeReview(models.Model):
    """Asks once, when all bets of an initiative are measured, what becomes of it; answered, it is the archive."""

    class Decision(models.TextChoices):
        KEEP = "keep", "Keep it"
        CHANGE = "change", "Change it"
        REVERSE = "reverse", "Take it back"

    initiative = models.OneToOneField(Initiative, on_delete=models.PROTECT, related_name="outcome_review")
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    learned = models.TextField(blank=True, help_text="What was learned. Markdown.")
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-reviewed_at", "-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", reviewed_at=None)
                | (~Q(decision="") & ~Q(learned="") & Q(reviewed_at__isnull=False)),
                name="a_review_says_what_was_learned",
            ),
        ]

    def __str__(self) -> str:
        return self.initiative.title

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("outcomes:review-page", args=[self.pk])

    @property
    def is_answered(self) -> bool:
        """Say whether somebody decided."""
        return bool(self.decision)

    @property
    def learned_plainly(self) -> str:
        """Return what was learned without the marks of Markdown, for a row of a list."""
        return " ".join(unescape(strip_tags(render_markdown(self.learned))).split())


class MonthCost(models.Model):
    """What a person-month of work costs the company; one row, for what was spent is told in today's prices."""

    amount = models.FloatField(help_text="Of one person-month, all in.")
    currency = models.CharField(max_length=8)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="there_is_one_price"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_month_costs_something"),
        ]

    def __str__(self) -> str:
        return f"{self.amount:,.0f} {self.currency}"

    def get_absolute_url(self) -> str:
        """Return the portfolio, which tells what went in by it."""
        return reverse("outcomes:portfolio")
