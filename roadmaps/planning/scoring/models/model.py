"""Scoring models: what is asked about an initiative and how it makes a number, in versions that are never changed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.functional import cached_property

from roadmaps.planning.scoring.contracts import Definition
from roadmaps.planning.scoring.kinds import KINDS, from_json


class ScoringModelQuerySet(models.QuerySet):
    """Scoring models, read."""

    def visible_to(self, user: Any) -> "ScoringModelQuerySet":
        """Keep all for whoever may sign in: models are the company's."""
        return self if getattr(user, "is_active", False) else self.none()

    def live(self) -> "ScoringModelQuerySet":
        """Leave out what was put away."""
        return self.filter(archived_at=None)


class ScoringModel(models.Model):
    """A way to score initiatives that ops look after; what it asks is its newest version's."""

    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60, unique=True)
    description = models.CharField(max_length=500, blank=True, help_text="When to use it.")
    current = models.OneToOneField(
        "roadmaps_planning_scoring.ModelVersion", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="The first is what pages begin with.")
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ScoringModelQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="a_scoring_model_has_its_own_name"),
            models.CheckConstraint(condition=~Q(name=""), name="a_scoring_model_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("scoring:model-page", args=[self.slug])

    @property
    def definition(self) -> Definition:
        """Return what it asks now; read with `current`."""
        return self.current.asks

    @property
    def is_archived(self) -> bool:
        """Say whether it was put away."""
        return self.archived_at is not None


class ModelVersion(models.Model):
    """What a scoring model asked from one day to the next version; a version is never changed."""

    class Kind(models.TextChoices):
        RICE = "rice", KINDS["rice"]
        ICE = "ice", KINDS["ice"]
        WSJF = "wsjf", KINDS["wsjf"]
        WSJF_MONEY = "wsjf_money", KINDS["wsjf_money"]
        WEIGHTED = "weighted", KINDS["weighted"]
        VALUE_EFFORT = "value_effort", KINDS["value_effort"]
        OPPORTUNITY = "opportunity", KINDS["opportunity"]
        MOSCOW = "moscow", KINDS["moscow"]
        OWN = "own", KINDS["own"]

    model = models.ForeignKey(ScoringModel, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    definition = models.JSONField()
    options = models.JSONField(default=dict, blank=True, help_text="What its kind was told; it makes the definition.")
    note = models.CharField(max_length=300, blank=True, help_text="What is new in it, and why.")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["model", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["model", "number"], name="versions_of_a_scoring_model_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

    @cached_property
    def asks(self) -> Definition:
        """Return its definition as a value."""
        return from_json(self.definition)
