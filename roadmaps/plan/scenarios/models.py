"""Scenarios: copies of the roadmap of a team or product in which things are tried, their items, their capacity."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from portal.people.public import Product, Team
from portal.shell.public import words_in
from roadmaps.goals.public import Objective
from roadmaps.planning.initiatives.public import Horizon, Initiative, Stage
from roadmaps.planning.scoring.public import ScoringModel


class Sharing(models.TextChoices):
    """Who opens a scenario."""

    MINE = "mine", "I alone"
    TEAM = "team", "Everybody of the team"


class ScenarioQuerySet(models.QuerySet):
    """Scenarios, by whose they are."""

    def visible_to(self, user: Any) -> "ScenarioQuerySet":
        """Keep those of the user's teams that are shared, and their own; what is not shared is its owner's alone."""
        if not getattr(user, "is_active", False):
            return self.none()
        found = self if user.is_ops else self.filter(team__in=user.team_ids)
        mine = Q(owner=user.pk) if user.pk else Q()
        return found.filter(Q(sharing=Sharing.TEAM) | mine)

    def of_rows(self) -> "ScenarioQuerySet":
        """Read with each what a row shows of it."""
        return self.select_related("team", "product", "owner", "model__current", "closed_by")

    def matching(self, text: str) -> "ScenarioQuerySet":
        """Keep those whose name or note hold each word."""
        return self.filter(words_in(text, "name", "note"))


class Scenario(models.Model):
    """What somebody tries with a copy of the roadmap; the initiatives stay as they are until it is committed.

    `asked` are the filters that chose what was copied, by their names in the roadmap's address. `outcome` is what
    became of each difference when it was committed: `[{item, initiative, title, field, before, after, was_applied,
    has_moved}]`; of a position, before and after are places among the items.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        COMMITTED = "committed", "Committed"
        THROWN_AWAY = "thrown_away", "Thrown away"

    name = models.CharField(max_length=120)
    note = models.TextField(blank=True, help_text="What is tried, and why. Markdown.")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="scenarios")
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="scenarios", help_text="Empty: all."
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="scenarios")
    sharing = models.CharField("who opens it", max_length=5, choices=Sharing.choices, default=Sharing.MINE)
    model = models.ForeignKey(
        ScoringModel, on_delete=models.PROTECT, related_name="+", help_text="What counts as value."
    )
    asked = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    closed_why = models.CharField(max_length=300, blank=True)
    outcome = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_scenario_has_a_name"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="a_scenario_says_when_it_was_closed",
            ),
        ]
        indexes = [models.Index(fields=["team", "-created_at"], name="scenarios_of_a_team")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return its page, once it is closed what became of it."""
        return reverse("scenarios:scenario-page" if self.is_open else "scenarios:scenario-done", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Say whether it may still be changed."""
        return self.state == self.State.OPEN


class ScenarioStretch(models.Model):
    """Some days with the person-months that there are today and in the scenario."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="stretches")
    name = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()
    months_today = models.FloatField()
    months = models.FloatField()

    class Meta:
        ordering = ["scenario", "starts_on"]
        verbose_name_plural = "scenario stretches"
        constraints = [
            models.UniqueConstraint(fields=["scenario", "starts_on"], name="stretches_begin_one_after_the_other"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="a_stretch_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(months_today__gte=0, months__gte=0), name="months_are_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name


class ScenarioItem(models.Model):
    """An initiative as it is in a scenario; `then` is how it was when it was copied, at its version `then_version`.

    `is_in` — not left out. `initiative` is null once it was deleted; `title` is what it was called.
    """

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="items")
    initiative = models.ForeignKey(Initiative, on_delete=models.SET_NULL, null=True, related_name="scenario_items")
    title = models.CharField(max_length=200)
    then = models.JSONField()
    then_version = models.PositiveIntegerField()
    is_in = models.BooleanField(default=True)
    position = models.BigIntegerField()
    horizon = models.CharField(max_length=6, choices=Horizon.choices)
    stage = models.CharField(max_length=12, choices=Stage.choices)
    effort_months = models.FloatField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    objective = models.ForeignKey(Objective, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["scenario", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scenario", "initiative"], name="an_initiative_is_in_a_scenario_once"),
            models.CheckConstraint(
                condition=Q(effort_months=None) | Q(effort_months__gte=0), name="scenario_efforts_are_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="a_scenario_item_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.title
