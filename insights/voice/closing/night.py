"""The night's step: whoever set a status hears when those who asked were not told, while there is time."""

from datetime import timedelta
from typing import Any

from insights.voice.closing.models import StatusChange
from portal.messages.public import notify

REMIND_BEFORE = timedelta(days=4)


def remind(night: Any) -> None:
    """Remind who set a status, once shortly before its days are over and once when they are."""
    n_told = 0
    waiting = StatusChange.objects.current().filter(is_told=True).exclude(made_by=None)
    waiting = waiting.select_related("made_by").with_shares(night.now).filter(n_waiting__gt=0)
    for one in waiting.order_by("pk").iterator(chunk_size=500):
        n_told += _remind(one, night.now)
    night.progress(1, 1, f"{n_told} reminded of people who wait to hear")


def _remind(change: StatusChange, now: Any) -> int:
    days = (change.tell_until - now).days + 1
    people = (
        f"{change.n_waiting} who asked for “{change.title}” wait"
        if change.n_waiting > 1
        else (f"Somebody who asked for “{change.title}” waits")
    )
    if change.tell_until < now:
        said, part = f"{people} to hear of it; its 14 days are over.", "over"
    elif change.tell_until - now <= REMIND_BEFORE:
        said, part = f"{people} to hear of it; its 14 days are over in {days} day{'' if days == 1 else 's'}.", "soon"
    else:
        return 0
    key = f"telling-{part}:{change.pk}"
    return notify([change.made_by], said, key=key, url=change.get_absolute_url(), kind="warn")
