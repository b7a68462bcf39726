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
