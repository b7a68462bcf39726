"""Requests of the capture API that are durable but not yet flushed into parts."""

from django.db import models
from django.utils import timezone


class InboxRequest(models.Model):
    """One accepted request: its compressed body, its key and its size; deleted in the transaction that commits it."""

    PERSONAL_FIELDS = frozenset({"body"})

    source = models.ForeignKey("insights_events.Source", on_delete=models.PROTECT, related_name="inbox")
    key_id = models.BigIntegerField(null=True)
    received_at = models.DateTimeField(default=timezone.now)
    body = models.BinaryField()
    n_items = models.IntegerField()
    n_bytes = models.BigIntegerField(help_text="Bytes of the body before compression.")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["source", "id"], name="inbox_of_a_source")]

    def __str__(self) -> str:
        return f"request {self.pk} of source {self.source_id}"
