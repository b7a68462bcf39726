"""Findings in lists and files."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from insights.voice.findings.contracts import AGAINST, FOR, Backing
from insights.voice.findings.models import Finding
from insights.voice.findings.sizes import measure_backing

SORTS = {
    "changed": "updated_at",
    "claim": "claim",
    "product": "product__name",
    "confidence": "confidence",
    "for": "n_for",
    "against": "n_against",
    "until": "valid_until",
}


def show_findings(rows: list[Finding]) -> None:
    """Give each finding where it stands today, and who stands behind each side; one statement for all."""
    today, backing = timezone.localdate(), measure_backing([row.pk for row in rows])
    for row in rows:
        row.standing = row.standing_on(today)
        row.backing_for = backing.get((row.pk, FOR), Backing())
        row.backing_against = backing.get((row.pk, AGAINST), Backing())


COLUMNS: dict[str, Callable[[Finding], Any]] = {
    "id": lambda row: row.pk,
    "claim": lambda row: row.claim,
    "what follows from it": lambda row: row.meaning,
    "product": lambda row: row.product.name,
    "stands today": lambda row: row.standing_on(timezone.localdate()).label,
    "confidence": lambda row: row.short_confidence,
    "method": lambda row: row.get_method_display(),
    "how it was found": lambda row: row.how,
    "n": lambda row: row.n if row.n is not None else "",
    "n counts": lambda row: row.n_of if row.n is not None else "",
    "evidence for": lambda row: row.n_for,
    "evidence against": lambda row: row.n_against,
    "owner": lambda row: str(row.owner or ""),
    "stated on": lambda row: row.stated_on or "",
    "reviewed on": lambda row: row.reviewed_on or "",
    "valid until": lambda row: row.valid_until or "",
}
