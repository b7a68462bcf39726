"""Until when the clock alone leaves an answer as it is. Pure; knows no Django.

An answer depends on the clock in two ways only: its range may be relative, and a bucket of it may not be over. Both
are in `question_key`: equal keys over unchanged data mean an equal answer. So `-8w` by week moves once a week, `-30d`
by day every day, January 2024 never. What is here is only the bound before which nobody needs to compare keys.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo


def holds_until(question: Any, now: datetime) -> datetime | None:
    """Return a moment before which the clock cannot change a question's answer; None when it never will.

    Parameters: question — as parsed at `now`, so that its `period` is resolved; now — aware.
    """
    zone = ZoneInfo(question.timezone)
    local = now.astimezone(zone).replace(tzinfo=None)
    is_fixed = question.date_to is not None and not str(question.date_from).startswith("-")
    if is_fixed and question.period.end + question.settling <= local:
        return None
    if getattr(question, "interval", None) == "hour":
        return (now + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    tomorrow = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return tomorrow.replace(tzinfo=zone).astimezone(UTC)
