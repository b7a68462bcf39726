"""Scores: what was said of an initiative under a model, what it is bound to, and each change that can be undone."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from roadmaps.planning.initiatives.public import Initiative, visible_initiatives
from roadmaps.planning.scoring.contracts import LABELS
from roadmaps.planning.scoring.models.model import ModelVersion, ScoringModel


class Label(models.TextChoices):
    """How an input is known."""

    MEASURED = "measured", LABELS["measured"].capitalize()
    ESTIMATED = "estimated", LABELS["estimated"].capitalize()
    GUESSED = "guessed", LABELS["guessed"].capitalize()


class ScoreQuerySet(models.QuerySet):
    """Scores, by who may see their initiative."""

    def visible_to(self, user: Any) -> "ScoreQuerySet":
        """Keep those of initiatives that the user may read."""
        return self.filter(initiative__in=visible_initiatives(user))

    def of_rows(self) -> "ScoreQuerySet":
        """Read with each what a row shows of it."""
        return self.select_related("initiative__product", "initiative__team", "model__current", "scored_by")


class Score(models.Model):
    """What was said of one initiative under one model, and the number that comes of it.

    `given` holds inputs by key as `reading` writes them. `own` is the score by itself, `value` with what it unblocks
    where the model counts that; `least` and `most` when every range goes against or for it. `oldest_on` is the day of
    its oldest input that no number of this portal renews, `has_moved` that a measured one moved since it was looked at.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="scores")
    model = models.ForeignKey(ScoringModel, on_delete=models.PROTECT, related_name="scores")
    worked_with = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    given = models.JSONField(default=dict)
    own = models.FloatField(null=True)
    value = models.FloatField(null=True)
    least = models.FloatField(null=True)
    most = models.FloatField(null=True)
    weakest = models.CharField(max_length=10, choices=Label.choices, default=Label.GUESSED)
    is_capped = models.BooleanField(default=False)
    has_moved = models.BooleanField(default=False)
    oldest_on = models.DateField(null=True)
    note = models.CharField(max_length=500, blank=True, help_text="Why these numbers.")
    scored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ["model", models.F("value").desc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "model"], name="an_initiative_is_scored_once_by_a_model"),
            models.CheckConstraint(
                condition=Q(value=None) | Q(least__isnull=False, most__isnull=False, own__isnull=False),
                name="a_score_has_its_ends",
            ),
        ]
        indexes = [models.Index("model", models.F("value").desc(nulls_last=True), name="scores_in_order")]

    def __str__(self) -> str:
        return f"{self.model} of {self.initiative}"

    def get_absolute_url(self) -> str:
        """Return its sheet."""
        return reverse("scoring:score-page", args=[self.initiative_id, self.model.slug])


class Binding(models.Model):
    """Says that an input of a score is measured by a number of this portal, which the night reads again.

    `trouble` says why it could not be read the last time; the value stays as it was.
    """

    score = models.ForeignKey(Score, on_delete=models.CASCADE, related_name="bindings")
    key = models.CharField(max_length=30)
    kind = models.CharField(max_length=30, help_text="A kind of measure that a room registered.")
    thing_id = models.PositiveBigIntegerField(null=True, blank=True)
    read_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["score", "key"]
        constraints = [models.UniqueConstraint(fields=["score", "key"], name="an_input_is_measured_by_one_number")]
        indexes = [models.Index(fields=["kind", "thing_id"], name="bindings_by_thing")]

    def __str__(self) -> str:
        return f"{self.key} by {self.kind} {self.thing_id or ''}".strip()


class ScoreChangeQuerySet(models.QuerySet):
    """Changes, by who may see their initiative."""

    def visible_to(self, user: Any) -> "ScoreChangeQuerySet":
        """Keep those of initiatives that the user may read."""
        return self.filter(score__initiative__in=visible_initiatives(user))


class ScoreChange(models.Model):
    """One change of a score's inputs; those made by one press share a `batch`, and are undone together."""

    score = models.ForeignKey(Score, on_delete=models.CASCADE, related_name="changes")
    batch = models.UUIDField(default=uuid.uuid4)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    value_before = models.FloatField(null=True)
    value_after = models.FloatField(null=True)
    left_version = models.PositiveIntegerField(help_text="The score's version that it made.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    objects = ScoreChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["batch"], name="score_changes_of_a_batch"),
            models.Index(fields=["score", "-at"], name="changes_of_a_score"),
        ]

    def __str__(self) -> str:
        return f"change {self.pk}"
