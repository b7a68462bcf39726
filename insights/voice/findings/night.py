"""The night's step: owners hear of findings that expire soon, and of those that have."""

import datetime as dt
from typing import Any

from django.utils import timezone

from insights.voice.findings.contracts import ENDS_SOON_DAYS
from insights.voice.findings.models import Finding
from portal.messages.public import notify


def tell_owners(night: Any) -> None:
    """Tell each owner once before a finding expires and once when it has; a renewed one begins anew."""
    today = timezone.localdate(night.now)
    n_told = _tell(Finding.Standing.ENDS_SOON, "“{}” expires on {}. Review whether it still stands.", today)
    night.progress(1, 2, f"{n_told} that expire within {ENDS_SOON_DAYS} days")
    night.check_still_mine()
    n_expired = _tell(Finding.Standing.EXPIRED, "“{}” expired: it was valid until {}. Review or withdraw it.", today)
    night.progress(2, 2, f"{n_told} that expire soon, {n_expired} that have expired")


def _tell(standing: Finding.Standing, said: str, today: dt.date) -> int:
    """Notify the owners of findings that stand so; the key holds the day, so each is told once."""
    n_told = 0
    for one in Finding.objects.standing(standing, today).exclude(owner=None).select_related("owner").iterator(500):
        text = said.format(one.claim, f"{one.valid_until:%-d %b %Y}")
        key = f"finding-{standing.value}:{one.pk}:{one.valid_until:%Y-%m-%d}"
        n_told += notify([one.owner], text, key=key, url=one.get_absolute_url(), kind="warn")
    return n_told
