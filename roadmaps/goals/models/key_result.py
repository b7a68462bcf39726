"""Key results: the numbers that say whether an objective is reached, and what people said about them on the way."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from insights.metrics.public import Metric
from roadmaps.goals.contracts import AIMS, Outlook
from roadmaps.goals.models.objective import Objective, visible_objectives


class KeyResultQuerySet(models.QuerySet):
    """Key results, by who may see their objective."""

    def visible_to(self, user: Any) -> "KeyResultQuerySet":
        """Keep those of objectives that the user may read."""
        return self.filter(objective__in=visible_objectives(user))

    def open(self) -> "KeyResultQuerySet":
        """Keep those of objectives that are worked on."""
        return self.filter(objective__state=Objective.State.OPEN)

    def of_rows(self) -> "KeyResultQuerySet":
        """Read with each what a row shows of it: objective, owner, the metric's newest value, the newest check-in."""
        return self.select_related(
            "objective__cycle",
            "objective__team",
            "owner",
            "metric__product",
            "metric__current__series",
            "last_value",
            "last_check_in__by",
        )


class KeyResult(models.Model):
    """A number that shall come from a baseline to a target by the end of its objective's cycle.

    With `metric` its value comes from there by itself; without, it is typed. `outlook` is the forecast as last made,
    and `final_value` what it had reached when its objective was closed.
    """

    class Aim(models.TextChoices):
        UP = "up", f"{AIMS['up']} the target"
        DOWN = "down", f"{AIMS['down']} the target"

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="key_results")
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, null=True, blank=True, related_name="key_results")
    unit = models.CharField(max_length=40, blank=True, help_text="Of a typed number, such as “customers”.")
    aim = models.CharField(max_length=4, choices=Aim.choices)
    baseline = models.FloatField()
    target = models.FloatField()
    position = models.PositiveSmallIntegerField(default=0)
    outlook = models.JSONField(default=dict, blank=True, editable=False)
    outlook_at = models.DateTimeField(null=True, blank=True, editable=False)
    final_value = models.FloatField(null=True, blank=True)
    last_value = models.ForeignKey(
        "roadmaps_goals.TypedValue", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    last_check_in = models.ForeignKey(
        "roadmaps_goals.CheckIn", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = KeyResultQuerySet.as_manager()

    class Meta:
        ordering = ["objective", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="a_key_result_has_a_title"),
            models.CheckConstraint(
                condition=Q(aim="up", target__gte=models.F("baseline"))
                | Q(aim="down", target__lte=models.F("baseline")),
                name="a_target_lies_where_the_aim_points",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("goals:key-result-page", args=[self.pk])

    @property
    def is_rate(self) -> bool:
        """Say whether its numbers are shares of 0 to 1."""
        return bool(self.metric_id and self.metric.current.is_rate)

    @property
    def shown_unit(self) -> str:
        """Return the unit of its numbers; none for a rate, which is shown in percent."""
        return self.unit if not self.metric_id else "" if self.is_rate else self.metric.current.unit

    @property
    def forecast(self) -> Outlook | None:
        """Return the forecast as last made; None before the first."""
        return Outlook(**self.outlook) if self.outlook else None


class TypedValue(models.Model):
    """A value of a key result that somebody typed, with the reason; the newest of a day counts."""

    key_result = models.ForeignKey(KeyResult, on_delete=models.CASCADE, related_name="typed_values")
    on = models.DateField()
    value = models.FloatField()
    reason = models.CharField(max_length=500, help_text="Where the number comes from.")
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["key_result", "on", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_typed_value_says_where_it_comes_from")]
        indexes = [models.Index(fields=["key_result", "on"], name="typed_values_by_day")]

    def __str__(self) -> str:
        return f"{self.key_result_id} on {self.on}: {self.value}"


class CheckIn(models.Model):
    """What the owner says of a key result on a day: why it stands where it stands, and how sure they are."""

    class Confidence(models.IntegerChoices):
        UNLIKELY = 1, "Unlikely"
        DOUBTFUL = 2, "Doubtful"
        EVEN = 3, "Could go either way"
        LIKELY = 4, "Likely"
        SURE = 5, "Nearly sure"

    key_result = models.ForeignKey(KeyResult, on_delete=models.CASCADE, related_name="check_ins")
    why = models.TextField()
    confidence = models.PositiveSmallIntegerField(choices=Confidence.choices)
    value = models.FloatField(null=True, help_text="Where it stood then.")
    value_on = models.DateField(null=True)
    chance = models.FloatField(null=True, help_text="What the forecast said then, 0 to 1.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="a_check_in_says_why"),
            models.CheckConstraint(condition=Q(confidence__range=(1, 5)), name="confidence_is_one_to_five"),
        ]

    def __str__(self) -> str:
        return f"check-in {self.pk}"
