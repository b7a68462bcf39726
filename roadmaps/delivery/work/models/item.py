"""Items of work as their trackers tell of them, with the history of their statuses."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from portal.shell.public import words_in
from roadmaps.delivery.work.models.tracker import OfTrackerQuerySet, Phase, Tracker, visible_trackers
from roadmaps.planning.initiatives.public import Initiative


class WorkItemQuerySet(OfTrackerQuerySet):
    """Items, read."""

    def matching(self, text: str) -> "WorkItemQuerySet":
        """Keep those whose key or title holds each word."""
        return self.filter(words_in(text, "key", "title"))

    def of_rows(self) -> "WorkItemQuerySet":
        """Read with each what a row shows of it."""
        return self.select_related("tracker__product", "initiative")

    def in_work(self) -> "WorkItemQuerySet":
        """Keep those that were begun and have not ended."""
        return self.filter(phase=Phase.DOING)

    def left(self) -> "WorkItemQuerySet":
        """Keep those that are still to be finished: neither done nor given up."""
        return self.exclude(phase__in=[Phase.DONE, Phase.DROPPED])


class WorkItem(models.Model):
    """One item of a tracker: a story, a bug, a pull request.

    What the tracker sent stays as it was sent; `phase`, `started_at`, `finished_at` and `dropped_at` are worked out of
    it, of the history of its statuses and of what these mean (flow.course_of). Nobody's name is kept.
    """

    class PlacedBy(models.TextChoices):
        RULE = "rule", "A rule"
        HAND = "hand", "Somebody"

    tracker = models.ForeignKey(Tracker, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=200, help_text="Its name in the tracker, such as PLAN-12.")
    origin_id = models.CharField(max_length=100, blank=True, help_text="Its number in the tracker, if it has another.")
    title = models.CharField(max_length=500, blank=True)
    kind = models.CharField("type", max_length=100, blank=True)
    status = models.CharField(max_length=200, blank=True, help_text="As the tracker sends it.")
    estimate = models.FloatField(null=True, blank=True)
    parent_key = models.CharField("parent", max_length=200, blank=True)
    project = models.CharField(max_length=200, blank=True)
    milestone = models.CharField("version or milestone", max_length=200, blank=True)
    labels = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    url = models.CharField("address", max_length=1000, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True, help_text="When the tracker last changed it.")
    sent_started_at = models.DateTimeField(null=True, blank=True)
    sent_finished_at = models.DateTimeField(null=True, blank=True)
    sent_dropped_at = models.DateTimeField(null=True, blank=True)
    phase = models.CharField(max_length=8, choices=Phase.choices, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    initiative = models.ForeignKey(
        Initiative, on_delete=models.SET_NULL, null=True, blank=True, related_name="work_items"
    )
    placed_by = models.CharField(max_length=4, choices=PlacedBy.choices, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        ordering = ["tracker", "key"]
        constraints = [
            models.CheckConstraint(condition=~Q(key=""), name="a_work_item_has_a_key"),
            models.UniqueConstraint(fields=["tracker", "key"], name="a_tracker_has_an_item_once"),
            models.CheckConstraint(
                condition=~Q(phase="done") | Q(dropped_at=None), name="what_is_done_was_not_given_up"
            ),
        ]
        indexes = [
            models.Index(fields=["tracker", "finished_at"], name="items_by_finish"),
            models.Index(fields=["tracker", "phase", "started_at"], name="items_in_work"),
            models.Index(fields=["initiative", "phase"], name="items_of_an_initiative"),
            models.Index(F("changed_at").desc(nulls_last=True), "id", name="items_by_change"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}".strip()

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("work:item-page", args=[self.pk])

    @property
    def link(self) -> str:
        """Return its address in the tracker if that is one of the web."""
        return self.url if self.url.startswith(("https://", "http://")) else ""

    @property
    def is_backwards(self) -> bool:
        """Say whether it was finished before it was begun, as its tracker tells it."""
        return bool(self.started_at and self.finished_at and self.finished_at < self.started_at)


class OfItemQuerySet(models.QuerySet):
    """What belongs to an item, by who may see that."""

    def visible_to(self, user: Any) -> "OfItemQuerySet":
        """Keep what belongs to items that the user may read."""
        return self.filter(item__tracker__in=visible_trackers(user))


class StatusChange(models.Model):
    """A change of an item's status: told by the tracker, or seen between two imports or pulls (`was_seen`)."""

    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    from_status = models.CharField(max_length=200, blank=True)
    to_status = models.CharField(max_length=200)
    was_seen = models.BooleanField(default=False, help_text="Nobody told of it: the status was another one then.")
    imported_in = models.ForeignKey(
        "insights_imports.Import", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = OfItemQuerySet.as_manager()

    class Meta:
        ordering = ["item", "at", "pk"]
        constraints = [models.UniqueConstraint(fields=["item", "at", "to_status"], name="a_status_change_is_kept_once")]

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"


class ImportedItem(models.Model):
    """What an import wrote of an item: how it was before (null: it was not there), so that it can be taken back."""

    batch = models.ForeignKey("insights_imports.Import", on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="imports")
    before = models.JSONField(null=True)
    version = models.PositiveIntegerField(help_text="Of the item, as the import left it.")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["batch", "item"], name="an_import_notes_an_item_once")]

    def __str__(self) -> str:
        return f"item {self.item_id} of import {self.batch_id}"
