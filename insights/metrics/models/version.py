"""Versions of a metric's definition: proposed, in force, or past."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from insights.metrics.contracts import Definition
from insights.metrics.models.metric import Metric


class MetricVersionQuerySet(models.QuerySet):
    """Versions as rows of a list."""

    def visible_to(self, user: Any) -> "MetricVersionQuerySet":
        """Keep those of metrics that this user may read."""
        return self.filter(metric__in=Metric.objects.visible_to(user).order_by())


class MetricVersion(models.Model):
    """What a metric asks, in what unit, and which way is good. It is written once; a change is another version.

    A version is proposed with a reason, then becomes the current one and gets its number, or is declined or taken back.
    The one that it takes the place of stays, and stays askable.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        CURRENT = "current", "In force"
        PAST = "past", "Past"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Taken back"

    class Direction(models.TextChoices):
        UP = "up", "Up is good"
        DOWN = "down", "Down is good"
        NEITHER = "neither", "Neither"

    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices)
    question = models.JSONField(help_text="The question without its dates.")
    column = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of a retention question: how many intervals later people come back."
    )
    unit = models.CharField(max_length=40, blank=True)
    direction = models.CharField(max_length=10, choices=Direction.choices, default=Direction.UP)
    reason = models.CharField(max_length=1000)
    base = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=1000, blank=True)

    objects = MetricVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["metric", "number"], name="a_metric_has_one_version_of_a_number"),
            models.UniqueConstraint(
                fields=["metric"], condition=Q(state="current"), name="a_metric_has_one_version_in_force"
            ),
            models.UniqueConstraint(
                fields=["metric"], condition=Q(state="proposed"), name="a_metric_has_one_open_proposal"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["current", "past"], number__isnull=False)
                | Q(state__in=["proposed", "declined", "withdrawn"], number=None),
                name="a_version_has_a_number_once_it_was_in_force",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_version_says_why_it_was_made"),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(decision=""), name="a_declined_version_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}" if self.number else f"{self.get_state_display().lower()} version"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        from django.urls import reverse

        return reverse("metrics:version-page", args=[self.pk])

    @property
    def definition(self) -> Definition:
        """Return what it asks, as a value."""
        return Definition(self.question, self.column, self.unit, self.direction)

    @property
    def is_rate(self) -> bool:
        """Say whether its values are shares of 0 to 1."""
        return self.definition.is_rate

    @property
    def interval(self) -> str:
        """Return the length of its periods."""
        return self.definition.interval

    @property
    def team_id(self) -> int:
        """Return the team that may change it."""
        return self.metric.team_id

    @property
    def visibility(self) -> str:
        """Return who may read it: whoever may read its metric."""
        return self.metric.visibility
