"""Bets: what an initiative is expected to do to a metric, and what was measured of it after its release."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from insights.adoption.public import Feature
from insights.metrics.public import Metric
from portal.shell.public import words_in
from roadmaps.outcomes.contracts import DAYS, Judged
from roadmaps.planning.initiatives.public import Initiative, visible_initiatives


class BetQuerySet(models.QuerySet):
    """Bets, by who may see their initiative."""

    def visible_to(self, user: Any) -> "BetQuerySet":
        """Keep those of initiatives that the user may read."""
        return self.filter(initiative__in=visible_initiatives(user))

    def matching(self, text: str) -> "BetQuerySet":
        """Keep those whose initiative holds each word: metrics and reasons may not be for the reader."""
        return self.filter(words_in(text, "initiative__title"))

    def of_rows(self) -> "BetQuerySet":
        """Read with each what a row shows of it."""
        return self.select_related(
            "initiative__team",
            "initiative__product",
            "initiative__owner",
            "metric__current__series",
            "feature",
            "author",
        )

    def judged(self) -> "BetQuerySet":
        """Keep those that count for calibration: written before the work began, and measured."""
        return self.filter(is_late=False).exclude(verdict__in=("", Bet.Verdict.UNMEASURED))


class Bet(models.Model):
    """What an initiative is expected to do to a metric: by low to high in the direction of `aim`, after so many days.

    low, high — amounts of at least 0 in the metric's unit, points of 0 to 1 for a rate. confidence — the chance, 0 to
    1, that it does at least `low`. From `locked_at` on nothing of this can be changed, by a trigger of the database; a
    bet that was written after the work began is locked at once and counts for no calibration (`is_late`).
    """

    class Aim(models.TextChoices):
        UP = "up", "It rises"
        DOWN = "down", "It falls"

    class After(models.IntegerChoices):
        SOON = DAYS[0], f"{DAYS[0]} days after the release"
        LATER = DAYS[1], f"{DAYS[1]} days after the release"

    class Verdict(models.TextChoices):
        PAID_OFF = "paid_off", "Paid off"
        FELL_SHORT = "fell_short", "Fell short"
        BACKFIRED = "backfired", "Backfired"
        UNMEASURED = "unmeasured", "Could not be measured"

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="bets")
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="bets")
    feature = models.ForeignKey(
        Feature,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whoever uses it has adopted what was released.",
    )
    aim = models.CharField(max_length=4, choices=Aim.choices, default=Aim.UP)
    low = models.FloatField()
    high = models.FloatField()
    days = models.PositiveSmallIntegerField(choices=After.choices, default=After.LATER)
    confidence = models.FloatField(help_text="The chance that it does at least the small end, 0 to 1.")
    why = models.TextField(blank=True, help_text="What makes us think so. Markdown.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    locked_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_late = models.BooleanField(default=False, editable=False)
    released_on = models.DateField(null=True, blank=True, editable=False)
    verdict = models.CharField(max_length=12, choices=Verdict.choices, blank=True, editable=False)
    measured = models.FloatField(null=True, blank=True, editable=False, help_text="The effect that was judged, signed.")
    judged_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = BetQuerySet.as_manager()

    class Meta:
        ordering = ["initiative", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "metric"], name="an_initiative_bets_once_on_a_metric"),
            models.CheckConstraint(condition=Q(low__gte=0) & Q(high__gt=F("low")), name="a_bet_goes_from_low_to_high"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0.05) & Q(confidence__lte=0.95), name="nobody_is_surer_than_95_percent"
            ),
            models.CheckConstraint(condition=Q(days__in=DAYS), name="bets_are_measured_at_30_and_90_days"),
            models.CheckConstraint(
                condition=Q(is_late=False) | Q(locked_at__isnull=False), name="a_late_bet_is_locked_at_once"
            ),
            models.CheckConstraint(
                condition=Q(verdict="", judged_at=None) | (~Q(verdict="") & Q(judged_at__isnull=False)),
                name="a_verdict_says_when_it_came",
            ),
        ]
        indexes = [models.Index(fields=["released_on"], name="bets_by_release")]

    def __str__(self) -> str:
        return f"{self.metric.name} of “{self.initiative.title}”"

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("outcomes:bet-page", args=[self.pk])

    @property
    def is_locked(self) -> bool:
        """Say whether it can no longer be changed."""
        return self.locked_at is not None

    @property
    def sign(self) -> int:
        """Return 1 where the metric shall rise, -1 where it shall fall."""
        return 1 if self.aim == self.Aim.UP else -1

    @property
    def is_rate(self) -> bool:
        """Say whether its numbers are shares of 0 to 1."""
        return bool(self.metric.current.is_rate)

    @property
    def as_judged(self) -> Judged | None:
        """Return it for calibration; None while nothing was measured."""
        if self.measured is None:
            return None
        return Judged(self.confidence, self.low, self.high, self.sign * self.measured)


class Measurement(models.Model):
    """What was measured of a bet at so many days after its release, by one method; `effect` as contracts.Effect.

    `value` null says that nothing can be said, and `why_none` why. One of a bet, days and method; measured anew it is
    replaced, and the trail keeps what it said.
    """

    class Method(models.TextChoices):
        BEFORE_AFTER = "before_after", "Before and after"
        ADOPTERS = "adopters", "Adopters and their likes"

    bet = models.ForeignKey(Bet, on_delete=models.CASCADE, related_name="measurements")
    days = models.PositiveSmallIntegerField(choices=Bet.After.choices)
    method = models.CharField(max_length=12, choices=Method.choices)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    actual = models.FloatField(null=True)
    expected = models.FloatField(null=True)
    reaches = models.FloatField(null=True, help_text="The chance that the small end of the bet is reached, 0 to 1.")
    why_none = models.CharField(max_length=300, blank=True)
    path = models.JSONField(default=list, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    metric_version = models.ForeignKey(
        "insights_metrics.MetricVersion", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    measured_at = models.DateTimeField()

    class Meta:
        ordering = ["bet", "days", "method"]
        constraints = [
            models.UniqueConstraint(fields=["bet", "days", "method"], name="one_measurement_of_a_bet_at_a_time"),
            models.CheckConstraint(
                condition=(Q(value=None) & ~Q(why_none="")) | (Q(value__isnull=False) & Q(why_none="")),
                name="a_measurement_says_something_or_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} at {self.days} days"

    @property
    def is_clear(self) -> bool:
        """Say whether the interval does not hold zero."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)
