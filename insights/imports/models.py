"""Imports: a file on its way to things of another room, what is wrong with its rows, remembered mappings."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse


class ImportQuerySet(models.QuerySet):
    """Imports, by who may see them."""

    def visible_to(self, user: Any) -> "ImportQuerySet":
        """Keep those of the user's teams, all for ops: rows of files are personal data."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self if user.is_ops else self.filter(product__team_id__in=user.team_ids)

    def dressed(self) -> "ImportQuerySet":
        """Fetch along what pages show beside it."""
        return self.select_related("product__team", "created_by")


class Import(models.Model):
    """One file that becomes things of a kind; checked, run and undone by a worker, each as a whole or not at all."""

    PERSONAL_FIELDS = frozenset({"file_name", "second_name"})

    class State(models.TextChoices):
        DRAFT = "draft", "Not run yet"
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        CHECKED = "checked", "Checked"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Stopped"
        UNDONE = "undone", "Undone"

    class Task(models.TextChoices):
        CHECK = "check", "Check"
        RUN = "run", "Import"
        UNDO = "undo", "Undo"

    kind = models.CharField(max_length=40, help_text="What its rows become, as feedback.")
    product = models.ForeignKey("portal_people.Product", on_delete=models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=255)
    path = models.CharField(max_length=100, blank=True, help_text="Empty once the file is not kept any more.")
    n_bytes = models.BigIntegerField(default=0)
    second_name = models.CharField(max_length=255, blank=True)
    second_path = models.CharField(max_length=100, blank=True)
    mapping = models.JSONField(default=dict, blank=True, help_text="Which column becomes what, and options for all.")
    preset = models.CharField(max_length=60, blank=True, help_text="The export as which it was recognised.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    task = models.CharField(
        max_length=10, choices=Task.choices, blank=True, help_text="What a worker does or did last."
    )
    keeps_worked = models.BooleanField(default=True, help_text="Whether an undo leaves what people worked on.")
    step = models.CharField(max_length=100, blank=True)
    n_done = models.BigIntegerField(null=True, blank=True)
    n_total = models.BigIntegerField(null=True, blank=True)
    n_attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    n_rows = models.PositiveIntegerField(default=0, help_text="Rows of the file.")
    n_new = models.PositiveIntegerField(default=0)
    n_changed = models.PositiveIntegerField(default=0)
    n_known = models.PositiveIntegerField(default=0, help_text="There already.")
    n_refused = models.PositiveIntegerField(default=0)
    n_noted = models.PositiveIntegerField(default=0, help_text="Values that could not be taken, though their row was.")
    n_empty = models.PositiveIntegerField(default=0)
    n_kept = models.PositiveIntegerField(default=0, help_text="What the undo left, since people worked on it.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", help_text="For the last task."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["product", "-id"], name="imports_of_a_product")]

    def __str__(self) -> str:
        return f"import {self.pk}"

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("imports:import-page", args=[self.pk])

    @property
    def team_id(self) -> int:
        """Return the team of its product."""
        return self.product.team_id

    @property
    def visibility(self) -> str:
        """Return who may see it: the team."""
        return "team"

    @property
    def is_busy(self) -> bool:
        """Say whether a worker has it, or will."""
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def is_open(self) -> bool:
        """Say whether its columns may still be said anew: nothing came of it yet."""
        return self.state in (self.State.DRAFT, self.State.CHECKED, self.State.CANCELLED) or (
            self.state == self.State.FAILED and self.task != self.Task.UNDO
        )

    @property
    def has_brought(self) -> bool:
        """Say whether there is something to undo."""
        is_done = self.state == self.State.DONE or (self.state == self.State.FAILED and self.task == self.Task.UNDO)
        return is_done and bool(self.n_new or self.n_changed)


class ImportProblem(models.Model):
    """A row that was refused, or a value that was left out though its row was taken; as it came, with the reason."""

    PERSONAL_FIELDS = frozenset({"value", "raw"})

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="problems")
    row_no = models.PositiveIntegerField(help_text="Line or item, from 1.")
    is_refused = models.BooleanField(default=True, help_text="Whether the row was left out for it.")
    column = models.CharField(max_length=200, blank=True)
    value = models.TextField(blank=True)
    reason = models.CharField(max_length=500)
    raw = models.TextField(help_text="The row as it came.")

    class Meta:
        ordering = ["batch", "row_no", "pk"]
        verbose_name = "problem of an import"
        verbose_name_plural = "problems of imports"

    def __str__(self) -> str:
        return f"problem {self.pk}"


class RememberedMapping(models.Model):
    """How a kind of file was taken the last time: told by its columns, for a product."""

    product = models.ForeignKey("portal_people.Product", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    columns_key = models.CharField(max_length=64, help_text="A hash of the names of the file's columns.")
    mapping = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "kind", "columns_key"], name="a_kind_of_file_is_remembered_once")
        ]

    def __str__(self) -> str:
        return f"mapping {self.pk}"
