"""The audit trail: one row for every write through any door, never changed, never removed."""

from django.db import models


class AuditEntryQuerySet(models.QuerySet):
    """Entries as rows of a list."""

    def visible_to(self, user) -> "AuditEntryQuerySet":
        """Keep all for admins, none for others."""
        return self if getattr(user, "is_active", False) and user.is_admin else self.none()


class AuditEntry(models.Model):
    """Who did what to which thing, when and from where.

    No foreign keys: an entry outlives what it speaks of, and a trigger refuses UPDATE, DELETE and TRUNCATE.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200)
    verb = models.CharField(max_length=80)
    thing_type = models.CharField(max_length=80)
    thing_id = models.CharField(max_length=40)
    thing_label = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    door = models.CharField(max_length=10)
    address = models.CharField(max_length=45, blank=True)
    request_id = models.CharField(max_length=32, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["thing_type", "thing_id", "-id"], name="audit_by_thing"),
            models.Index(fields=["verb", "-id"], name="audit_by_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_label}: {self.verb} {self.thing_label}"
