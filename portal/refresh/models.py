"""Refreshes, their steps, and the lease that lets one worker at a time run one."""

from django.conf import settings
from django.db import models

from portal.shell.contracts import say_duration


class State(models.TextChoices):
    """Where a refresh or a step stands."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


LIVE = (State.WAITING, State.RUNNING)


class RefreshQuerySet(models.QuerySet):
    """Refreshes, by whom they may be read."""

    def visible_to(self, user) -> "RefreshQuerySet":
        """Keep all: everybody who is signed in may know how fresh the numbers are."""
        return self if user.is_active else self.none()


class Refresh(models.Model):
    """One pass over all steps: by schedule once a night, or started by hand."""

    class Trigger(models.TextChoices):
        SCHEDULE = "schedule", "By schedule"
        HAND = "hand", "By hand"

    key = models.CharField(max_length=80, unique=True, help_text="What this refresh is for; a second one is refused.")
    trigger = models.CharField(max_length=10, choices=Trigger.choices)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = RefreshQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "refreshes"
        constraints = [
            models.UniqueConstraint(
                fields=["trigger"], condition=models.Q(state__in=LIVE), name="one_live_refresh_of_each_trigger"
            )
        ]

    def __str__(self) -> str:
        return f"Refresh {self.pk}"

    @property
    def is_live(self) -> bool:
        """Say whether the refresh waits or runs."""
        return self.state in LIVE

    @property
    def duration(self):
        """Return how long it took, or None while it runs."""
        return self.finished_at - self.started_at if self.finished_at and self.started_at else None

    @property
    def took(self) -> str:
        """Return how long it took, in words."""
        return say_duration(self.duration.total_seconds() if self.duration else None)


class RefreshStep(models.Model):
    """One step of a refresh, with its progress, its counts and what went wrong in plain words."""

    refresh = models.ForeignKey(Refresh, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=60)
    label = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    n_attempts = models.PositiveSmallIntegerField(default=0)
    n_done = models.PositiveBigIntegerField(default=0)
    n_total = models.PositiveBigIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)
    rows_in = models.PositiveBigIntegerField(default=0)
    rows_out = models.PositiveBigIntegerField(default=0)
    rows_quarantined = models.PositiveBigIntegerField(default=0)
    problems = models.JSONField(default=list, help_text="Sentences about items that failed while the step went on.")
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["refresh", "name"], name="a_step_is_in_a_refresh_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def duration(self):
        """Return how long it took, or None."""
        return self.finished_at - self.started_at if self.finished_at and self.started_at else None

    @property
    def took(self) -> str:
        """Return how long it took, in words."""
        return say_duration(self.duration.total_seconds() if self.duration else None)


class Lease(models.Model):
    """Who may work on refreshes now: a holder who beats every 10 s, and is given up after 30 s of silence."""

    name = models.CharField(max_length=20, primary_key=True)
    holder = models.UUIDField(null=True)
    heartbeat_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
