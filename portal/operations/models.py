"""Tables of the portal's own running: the outbox of work to do."""

from django.db import models
from django.db.models.functions import Now


class OutboxMessage(models.Model):
    """Work that a transaction made due, kept here until a worker has done it.

    The broker only carries a hint; it may be emptied at any time. A sweep sends the hint again.
    """

    task = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    next_at = models.DateTimeField(db_default=Now())
    n_attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["next_at"], condition=models.Q(done_at=None), name="outbox_not_done")]

    def __str__(self) -> str:
        return f"{self.task} #{self.pk}"


class DemoSeeding(models.Model):
    """The making of the demo workspace: one row, with the progress of each room's piece."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a worker"
        RUNNING = "running", "Being made"
        DONE = "done", "Ready"
        FAILED = "failed", "Failed"

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    ends_on = models.DateField(help_text="The last day of the demo's events, fixed at its first start.")
    pieces = models.JSONField(default=list, help_text="One {name, state, done, total, note} for each room's piece.")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = "making of the demo workspace"
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_demo_workspace"),
        ]

    def __str__(self) -> str:
        return f"demo workspace: {self.get_state_display()}"

    @property
    def share_done(self) -> float:
        """Return the part that is done, 0 to 1; every piece counts the same."""
        shares = [
            1 if piece["state"] == "done" else piece["done"] / piece["total"] if piece["total"] else 0
            for piece in self.pieces
        ]
        return sum(shares) / len(shares) if shares else 0
