"""Reading the audit trail."""

from django.db import models

from portal.audit.models import AuditEntry


def history_of(thing: models.Model, limit: int = 50) -> models.QuerySet[AuditEntry]:
    """Return the newest entries about one thing."""
    return AuditEntry.objects.filter(thing_type=thing._meta.label_lower, thing_id=str(thing.pk))[:limit]
