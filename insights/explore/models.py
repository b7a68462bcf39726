"""Insights: questions that somebody saved."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse

from insights.explore.contracts import CHART_TYPES
from portal.people.public import Product, TeamOwned, TeamOwnedQuerySet


class InsightQuerySet(TeamOwnedQuerySet):
    """Saved questions, read."""

    def matching(self, text: str) -> "InsightQuerySet":
        """Keep those whose title, description or tags contain the text."""
        words = models.Q(title__icontains=text) | models.Q(description__icontains=text)
        return self.filter(words | models.Q(tags__icontains=text))

    def with_stars(self, user) -> "InsightQuerySet":
        """Say for each insight whether this user has starred it, as `is_starred`."""
        stars = InsightStar.objects.filter(insight=models.OuterRef("pk"), user_id=user.pk)
        return self.annotate(is_starred=models.Exists(stars))


class Insight(TeamOwned):
    """A question with a title, to be found again, shared and put on dashboards.

    `question` is the JSON value of definitions; `version` rises with each change, so that nobody
    overwrites another's work unseen.
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="insights")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    question = models.JSONField()
    chart = models.CharField(max_length=20, choices=list(CHART_TYPES.items()))
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = InsightQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        indexes = [
            GinIndex(fields=["tags"], name="insights_by_tag"),
            models.Index(fields=["product", "-updated_at"], name="insights_by_product"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the insight's page."""
        return reverse("explore:insight", args=[self.pk])

    @property
    def kind(self) -> str:
        """Return the kind of its question: trend, funnel …"""
        return str(self.question.get("kind", ""))


class InsightStar(models.Model):
    """A user's mark on an insight that they come back to."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    insight = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="stars")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "insight"], name="a_user_stars_an_insight_once")]

    def __str__(self) -> str:
        return f"{self.user} ★ {self.insight}"
