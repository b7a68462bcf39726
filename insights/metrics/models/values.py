"""What is stored of a version's numbers: its values period by period, how fresh they are, and what was restated."""

from typing import Any

from django.db import models
from django.db.models import Q

from insights.metrics.models.metric import Metric
from insights.metrics.models.version import MetricVersion


class MetricSeries(models.Model):
    """The stored values of one version as a whole: how old they are, and the newest whole period in short.

    `store_version` is the event store's version up to which the values are known to hold; a check that finds no change
    moves it on without asking again. `summary` is what lists show: see `summaries.Summary`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        OK = "ok", "Up to date when computed"
        FAILED = "failed", "Failed"

    version = models.OneToOneField(MetricVersion, on_delete=models.CASCADE, related_name="series")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    computed_at = models.DateTimeField(null=True, blank=True)
    holds_until = models.DateTimeField(null=True, blank=True)
    data_until = models.DateTimeField(null=True, blank=True)
    store_version = models.BigIntegerField(null=True, blank=True)
    asked_key = models.CharField(max_length=64, blank=True)
    definition_version = models.CharField(max_length=20, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    summary = models.JSONField(default=dict, blank=True)
    explained = models.JSONField(default=dict, blank=True, help_text="What explains the newest change, by property.")
    failure = models.TextField(blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    n_failures = models.PositiveSmallIntegerField(default=0)
    requested_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "metric series"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ok") | Q(computed_at__isnull=False), name="good_values_say_when_they_were_computed"
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(failure=""), name="failed_values_say_why"),
        ]

    def __str__(self) -> str:
        return f"values of {self.version_id}"


class MetricValue(models.Model):
    """One number: of a version, for the period that begins on a local day.

    `n_success` and `n_total` are the counts behind a rate; None for other numbers.
    """

    version = models.ForeignKey(MetricVersion, on_delete=models.CASCADE, related_name="values")
    starts_on = models.DateField()
    value = models.FloatField(null=True)
    n_success = models.BigIntegerField(null=True)
    n_total = models.BigIntegerField(null=True)
    is_partial = models.BooleanField(default=False)
    computed_at = models.DateTimeField()
    first_value = models.FloatField(null=True, help_text="What was said when the period was over, if it was restated.")
    restated_at = models.DateTimeField(null=True)
    restated_why = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["version", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["version", "starts_on"], name="a_version_has_one_value_a_period"),
            models.CheckConstraint(
                condition=Q(n_total=None, n_success=None) | Q(n_success__lte=models.F("n_total"), n_success__gte=0),
                name="a_rate_is_a_part_of_a_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} on {self.starts_on}: {self.value}"


class RestatementQuerySet(models.QuerySet):
    """Restatements as rows of a list."""

    def visible_to(self, user: Any) -> "RestatementQuerySet":
        """Keep those of metrics that this user may read."""
        return self.filter(version__metric__in=Metric.objects.visible_to(user).order_by())


class Restatement(models.Model):
    """A value of a period that was over, and came out differently later: before and after, when and why."""

    version = models.ForeignKey(MetricVersion, on_delete=models.CASCADE, related_name="restatements")
    starts_on = models.DateField()
    before = models.FloatField(null=True)
    after = models.FloatField(null=True)
    found_at = models.DateTimeField()
    why = models.CharField(max_length=500, help_text="As far as it is known.")

    objects = RestatementQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "-starts_on", "-pk"]
        indexes = [models.Index(fields=["version", "starts_on"], name="restatements_of_a_period")]

    def __str__(self) -> str:
        return f"{self.starts_on}: {self.before} → {self.after}"
