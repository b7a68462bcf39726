"""What ops see on Home: batches with many quarantined rows, failed loads, and sources behind their promise."""

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from insights.events.public import Batch
from insights.sources.queries import late_sources

QUARANTINE_NOTICE_RATE = 0.01
_RECENT = timedelta(days=7)


def build_attention(request: Any) -> dict[str, Any] | None:
    """Return what needs an eye, for ops; None when nothing does."""
    if not request.user.is_ops:
        return None
    recent = Batch.objects.filter(created_at__gte=timezone.now() - _RECENT).select_related("source")
    many = recent.filter(state=Batch.State.DONE, n_read__gt=0, n_quarantined__gt=F("n_read") * QUARANTINE_NOTICE_RATE)
    many = many.filter(quarantined_rows__state="open").distinct()
    failed = recent.filter(state=Batch.State.FAILED)
    found = {"many": list(many[:5]), "failed": list(failed[:5]), "late": late_sources(request.user)[:5]}
    return found if any(found.values()) else None
