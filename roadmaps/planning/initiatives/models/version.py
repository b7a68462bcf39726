"""What an initiative was from one moment to another, so that the roadmap of any past day can be read."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from portal.people.public import TeamOwnedQuerySet, Visibility
from roadmaps.goals.public import Objective
from roadmaps.planning.initiatives.models.initiative import Horizon, Initiative, Stage, visible_initiatives


class InitiativeVersionQuerySet(TeamOwnedQuerySet):
    """Versions, by moment and by who may see them."""

    def visible_to(self, user: Any) -> "InitiativeVersionQuerySet":
        """Keep those that the user may read as they were then, of initiatives that are theirs to read now, or gone."""
        seen = Q(initiative=None) | Q(initiative__in=visible_initiatives(user))
        return super().visible_to(user).filter(seen)

    def at(self, moment: datetime) -> "InitiativeVersionQuerySet":
        """Keep those that held at a moment."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=moment), valid_from__lte=moment)

    def of_rows(self) -> "InitiativeVersionQuerySet":
        """Read with each what a row shows of it."""
        return self.select_related("product", "team", "owner", "objective__cycle")


class InitiativeVersion(models.Model):
    """An initiative as it was from valid_from until valid_to (null: as it is now).

    `initiative` is null once it was deleted; `number` is its number for ever. Of one initiative, one version holds at
    any moment since its first. `why` is what `by` said of the change that made this version.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.SET_NULL, null=True, related_name="versions")
    number = models.BigIntegerField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    title = models.CharField(max_length=200)
    stage = models.CharField(max_length=12, choices=Stage.choices)
    sent_stage = models.CharField(max_length=60, blank=True)
    horizon = models.CharField(max_length=6, choices=Horizon.choices)
    objective = models.ForeignKey(Objective, on_delete=models.SET_NULL, null=True, related_name="+")
    team = models.ForeignKey("portal_people.Team", on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey("portal_people.Product", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    visibility = models.CharField(max_length=10, choices=Visibility.choices)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    promised_on = models.DateField(null=True)
    position = models.BigIntegerField()
    effort_months = models.FloatField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    why = models.CharField(max_length=300, blank=True)

    objects = InitiativeVersionQuerySet.as_manager()

    class Meta:
        ordering = ["number", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(valid_to=None), name="one_version_of_an_initiative_holds_now"
            ),
            models.UniqueConstraint(fields=["number", "valid_from"], name="one_version_begins_at_a_moment"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="a_version_ends_after_it_begins"
            ),
        ]
        indexes = [
            models.Index(fields=["valid_from", "valid_to"], name="versions_by_moment"),
            models.Index(fields=["initiative", "-valid_from"], name="versions_of_an_initiative"),
        ]

    def __str__(self) -> str:
        return f"{self.title} from {self.valid_from:%Y-%m-%d}"
