"""Whether a source keeps its promise "new data by 06:00": one rule for pages, the night and alerts.

It is about when things happened, not about when a file was loaded: a load of last week's events keeps no promise.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def expected_since(fresh_by: time, zone: str, now: datetime) -> datetime:
    """Return the moment after which a source must have events, by its newest promise that is due.

    A promise for 06:00 is about the day before: on Tuesday at 06:00 there must be events of Monday. Before 06:00 on
    Tuesday the promise of Monday, about Sunday, is the newest that is due. Days are the source's own.
    """
    local = now.astimezone(ZoneInfo(zone))
    due_on = local.date() if local.time() >= fresh_by else local.date() - timedelta(days=1)
    day = due_on - timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))


def is_late(fresh_by: time, zone: str, data_until: datetime | None, now: datetime) -> bool:
    """Say whether a source whose newest event is of `data_until` has not kept its newest promise that is due."""
    return data_until is None or data_until < expected_since(fresh_by, zone, now)
