"""Tables of the portal's own running: the outbox of work to announce."""

from django.db import models


class OutboxMessage(models.Model):
    """A task to send to the workers, written in the transaction that makes it due.

    The broker may lose it; a sweep sends again what no worker has taken up.
    """

    task = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], condition=models.Q(done_at=None), name="outbox_not_done")]

    def __str__(self) -> str:
        return f"{self.task} #{self.pk}"
