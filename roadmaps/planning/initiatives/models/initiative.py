"""Initiatives: what we would do about opportunities, what needs what, and where more is written."""

from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from portal.people.public import TeamOwned, TeamOwnedQuerySet
from portal.shell.public import words_in
from roadmaps.goals.public import Objective
from roadmaps.planning.opportunities.public import Opportunity


class Stage(models.TextChoices):
    """How far an initiative is; from building on it is committed."""

    DISCOVERY = "discovery", "Discovery"
    PROTOTYPING = "prototyping", "Prototyping"
    BUILDING = "building", "Building"
    LAUNCHED = "launched", "Launched"
    MEASURING = "measuring", "Measuring"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


COMMITTED_STAGES = (Stage.BUILDING, Stage.LAUNCHED, Stage.MEASURING, Stage.DONE)
CLOSED_STAGES = (Stage.DONE, Stage.DROPPED)


class Horizon(models.TextChoices):
    """When it comes, where nobody says a date."""

    NOW = "now", "Now"
    NEXT = "next", "Next"
    LATER = "later", "Later"


class InitiativeQuerySet(TeamOwnedQuerySet):
    """Initiatives, read."""

    def matching(self, text: str) -> "InitiativeQuerySet":
        """Keep those whose title, summary or reference hold each word."""
        return self.filter(words_in(text, "title", "summary", "reference"))

    def open(self) -> "InitiativeQuerySet":
        """Keep those that are neither done nor dropped."""
        return self.exclude(stage__in=CLOSED_STAGES)

    def of_rows(self) -> "InitiativeQuerySet":
        """Read with each what a row shows of it."""
        return self.select_related("product", "team", "owner", "objective__cycle")

    def for_reader(self, user: Any) -> "InitiativeQuerySet":
        """Read rows, each with whether the reader may see the goal that it serves: `shown_objective`."""
        goals = Objective.objects.visible_to(user).filter(pk=OuterRef("objective"))
        return self.of_rows().annotate(shows_objective=Exists(goals))


class Initiative(TeamOwned):
    """What a team would do about one or more opportunities.

    `position` orders a product's initiatives, the smallest first, ties by number. `sent_stage` is the status as a file
    said it, where one said it. All of KEPT (contracts) is kept in versions: write by the actions alone.
    """

    product = models.ForeignKey("portal_people.Product", on_delete=models.PROTECT, related_name="initiatives")
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True, help_text="What would be different, for whom. Markdown.")
    reference = models.CharField(max_length=60, blank=True, help_text="Its name elsewhere, such as PROJ-12.")
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.DISCOVERY)
    sent_stage = models.CharField(max_length=60, blank=True, editable=False)
    objective = models.ForeignKey(
        Objective, on_delete=models.SET_NULL, null=True, blank=True, related_name="initiatives"
    )
    opportunities = models.ManyToManyField(Opportunity, blank=True, related_name="initiatives")
    effort_months = models.FloatField("effort", null=True, blank=True, help_text="Person-months, the likely number.")
    effort_low = models.FloatField(null=True, blank=True)
    effort_high = models.FloatField(null=True, blank=True)
    horizon = models.CharField(max_length=6, choices=Horizon.choices, default=Horizon.LATER)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True, help_text="The last day of the work, as planned.")
    promised_on = models.DateField(null=True, blank=True, help_text="The day by which somebody was promised it.")
    position = models.BigIntegerField(default=0)
    blocked_since = models.DateField(null=True, blank=True)
    blocked_why = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        ordering = ["product", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="an_initiative_has_a_title"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="an_initiative_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=(Q(effort_low=None) | Q(effort_low__gte=0))
                & (Q(effort_months=None) | Q(effort_months__gte=0))
                & (Q(effort_high=None) | Q(effort_high__gte=0))
                & (Q(effort_low=None) | Q(effort_months=None) | Q(effort_months__gte=F("effort_low")))
                & (Q(effort_high=None) | Q(effort_months=None) | Q(effort_months__lte=F("effort_high")))
                & (Q(effort_low=None) | Q(effort_high=None) | Q(effort_high__gte=F("effort_low"))),
                name="efforts_go_from_low_to_high",
            ),
            models.CheckConstraint(
                condition=Q(blocked_since=None, blocked_why="") | (Q(blocked_since__isnull=False) & ~Q(blocked_why="")),
                name="a_blocked_initiative_says_why",
            ),
            models.UniqueConstraint(
                fields=["product", "reference"], condition=~Q(reference=""), name="a_reference_names_one_initiative"
            ),
        ]
        indexes = [
            models.Index(fields=["product", "position", "id"], name="initiatives_in_order"),
            models.Index(fields=["horizon", "position", "id"], name="initiatives_by_horizon"),
            models.Index(fields=["stage"], name="initiatives_by_stage"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("initiatives:initiative-page", args=[self.pk])

    @property
    def shown_objective(self) -> Objective | None:
        """Return the goal that it serves, of a row that was read `for_reader` who may see it."""
        return self.objective if getattr(self, "shows_objective", False) else None

    @property
    def is_open(self) -> bool:
        """Say whether it is neither done nor dropped."""
        return self.stage not in CLOSED_STAGES

    @property
    def is_committed(self) -> bool:
        """Say whether its work was begun."""
        return self.stage in COMMITTED_STAGES


def visible_initiatives(user: Any) -> Any:
    """Return the ids of the initiatives that a user may read, for what hangs on them."""
    return Initiative.objects.visible_to(user).order_by().values("pk")


class DependencyQuerySet(models.QuerySet):
    """Dependencies, by who may see both ends."""

    def visible_to(self, user: Any) -> "DependencyQuerySet":
        """Keep those between initiatives that the user may both read."""
        seen = visible_initiatives(user)
        return self.filter(initiative__in=seen, needs__in=seen)


class Dependency(models.Model):
    """Says that an initiative waits for another one; they never make a circle."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="dependencies")
    needs = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="dependants")
    note = models.CharField(max_length=200, blank=True, help_text="What it waits for.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DependencyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "dependencies"
        constraints = [
            models.UniqueConstraint(fields=["initiative", "needs"], name="one_initiative_needs_another_once"),
            models.CheckConstraint(condition=~Q(initiative=F("needs")), name="an_initiative_does_not_need_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} needs {self.needs_id}"


class InitiativeLinkQuerySet(models.QuerySet):
    """Links, by who may see their initiative."""

    def visible_to(self, user: Any) -> "InitiativeLinkQuerySet":
        """Keep those of initiatives that the user may read."""
        return self.filter(initiative__in=visible_initiatives(user))


class InitiativeLink(models.Model):
    """An address at which more of an initiative is written."""

    class Kind(models.TextChoices):
        TRACKER = "tracker", "Tracker"
        DOCUMENT = "document", "Document"
        DESIGN = "design", "Design"
        OTHER = "other", "Other"

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.DOCUMENT)
    url = models.CharField("address", max_length=1000)
    title = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InitiativeLinkQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [models.UniqueConstraint(fields=["initiative", "url"], name="an_initiative_links_a_place_once")]

    def __str__(self) -> str:
        return self.title or self.url
