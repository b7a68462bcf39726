"""Objectives: what a team wants to be true at the end of a cycle, as a tree."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal.people.public import TeamOwned, TeamOwnedQuerySet
from portal.shell.public import words_in
from roadmaps.goals.models.cycle import Cycle


class ObjectiveQuerySet(TeamOwnedQuerySet):
    """Objectives, read."""

    def matching(self, text: str) -> "ObjectiveQuerySet":
        """Keep those whose title, reason or key results hold each word."""
        own = words_in(text, "title", "why", "product__name", "team__name")
        return self.filter(own)

    def of_rows(self) -> "ObjectiveQuerySet":
        """Read with each what a row shows of it."""
        return self.select_related("cycle", "product", "team", "owner", "parent__cycle")


class Objective(TeamOwned):
    """What a team wants to be true at the end of a cycle, for one product or for the whole company.

    `parent` is the larger objective that it serves, of the same cycle or of one that holds it.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Closed"
        DROPPED = "dropped", "Dropped"

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="objectives")
    product = models.ForeignKey(
        "portal_people.Product", on_delete=models.PROTECT, null=True, blank=True, related_name="objectives"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", help_text="What it serves."
    )
    title = models.CharField(max_length=200)
    why = models.TextField(blank=True, help_text="Why this, why now. Markdown.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    closing_note = models.TextField(blank=True, help_text="What came of it and what was learned.")
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ObjectiveQuerySet.as_manager()

    class Meta:
        ordering = ["cycle", "title", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="an_objective_has_a_title"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="an_objective_is_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="an_objective_says_when_it_was_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("goals:objective-page", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Say whether it is still worked on."""
        return self.state == self.State.OPEN


def visible_objectives(user: Any) -> Any:
    """Return the ids of the objectives that a user may read, for what hangs on them."""
    return Objective.objects.visible_to(user).order_by().values("pk")
