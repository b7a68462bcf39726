"""Cycles: the stretches of time for which objectives are set."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse


class CycleQuerySet(models.QuerySet):
    """Cycles, read."""

    def visible_to(self, user: Any) -> "CycleQuerySet":
        """Keep all for whoever may sign in: cycles are the company's."""
        return self if getattr(user, "is_active", False) else self.none()

    def on(self, day: date) -> "CycleQuerySet":
        """Keep those that a day lies in."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class Cycle(models.Model):
    """A stretch of time for which the company sets goals, such as a quarter; cycles may lie within each other."""

    name = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CycleQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-ends_on", "name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="a_cycle_has_its_own_name"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="a_cycle_ends_after_it_began"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page of its goals."""
        return f"{reverse('goals:goal-list')}?cycle={self.pk}"

    def elapsed_on(self, day: date) -> float:
        """Return how much of it is over at the end of a day, 0 to 1."""
        length = (self.ends_on - self.starts_on).days + 1
        return min(1.0, max(0.0, ((day - self.starts_on).days + 1) / length))
