"""Trackers: where items of a product's work come from, what their statuses mean, and where items belong."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal.people.public import TeamOwned, TeamOwnedQuerySet
from portal.shell.public import words_in
from roadmaps.planning.initiatives.public import Initiative


class Phase(models.TextChoices):
    """What a status means for the flow of work; of an empty one nobody has said yet."""

    WAITING = "waiting", "Waiting"
    DOING = "doing", "In work"
    DONE = "done", "Done"
    DROPPED = "dropped", "Given up"


class TrackerQuerySet(TeamOwnedQuerySet):
    """Trackers, read."""

    def matching(self, text: str) -> "TrackerQuerySet":
        """Keep those whose name or product holds each word."""
        return self.filter(words_in(text, "name", "product__name"))

    def of_rows(self) -> "TrackerQuerySet":
        """Read with each what a row shows of it."""
        return self.select_related("product__team", "team", "owner", "connection")


class Tracker(TeamOwned):
    """A project of an issue tracker, whose items are imported or pulled; one way: nothing is written there."""

    class Kind(models.TextChoices):
        JIRA = "jira", "Jira"
        LINEAR = "linear", "Linear"
        GITHUB = "github", "GitHub"
        OTHER = "other", "Another one"

    product = models.ForeignKey("portal_people.Product", on_delete=models.PROTECT, related_name="trackers")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OTHER)
    counts_from_opening = models.BooleanField(
        "counts from opening",
        default=False,
        help_text="Where nothing says when work on an item began, it began when the item was opened.",
    )
    version = models.PositiveIntegerField(default=1)

    objects = TrackerQuerySet.as_manager()

    class Meta:
        ordering = ["product", "name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_tracker_has_a_name"),
            models.UniqueConstraint(fields=["product", "name"], name="a_product_has_a_tracker_of_a_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("work:tracker-page", args=[self.pk])


def visible_trackers(user: Any) -> Any:
    """Return the ids of the trackers that a user may read, for what hangs on them."""
    return Tracker.objects.visible_to(user).order_by().values("pk")


class OfTrackerQuerySet(models.QuerySet):
    """What belongs to a tracker, by who may see that."""

    def visible_to(self, user: Any) -> "OfTrackerQuerySet":
        """Keep what belongs to trackers that the user may read."""
        return self.filter(tracker__in=visible_trackers(user))


class TrackerStatus(models.Model):
    """A status as a tracker sends it, and what it means; `is_guessed` until somebody looked at it."""

    tracker = models.ForeignKey(Tracker, on_delete=models.CASCADE, related_name="statuses")
    name = models.CharField(max_length=200, help_text="As the tracker sends it.")
    category = models.CharField(max_length=60, blank=True, help_text="Its category in the tracker, if one was sent.")
    phase = models.CharField(
        "means", max_length=8, choices=Phase.choices, blank=True, help_text="Empty: nobody has said yet."
    )
    is_guessed = models.BooleanField(default=True)

    objects = OfTrackerQuerySet.as_manager()

    class Meta:
        ordering = ["tracker", "name"]
        verbose_name_plural = "tracker statuses"
        constraints = [models.UniqueConstraint(fields=["tracker", "name"], name="a_tracker_has_a_status_once")]

    def __str__(self) -> str:
        return self.name


class PlacingRule(models.Model):
    """Says to which initiative items belong whose field says something; the first rule that fits decides."""

    class Field(models.TextChoices):
        LABEL = "label", "One of its labels is"
        PARENT = "parent", "Its parent (epic) is"
        PROJECT = "project", "Its project is"
        MILESTONE = "milestone", "Its version or milestone is"
        KIND = "kind", "Its type is"
        TITLE = "title", "Its title holds"

    tracker = models.ForeignKey(Tracker, on_delete=models.CASCADE, related_name="rules")
    field = models.CharField(max_length=10, choices=Field.choices)
    value = models.CharField(max_length=200, help_text="Capitals make no difference.")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="placing_rules")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfTrackerQuerySet.as_manager()

    class Meta:
        ordering = ["tracker", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(value=""), name="a_placing_rule_says_what_it_looks_for"),
            models.UniqueConstraint("tracker", "field", models.functions.Lower("value"), name="a_rule_is_made_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()} “{self.value}”"
