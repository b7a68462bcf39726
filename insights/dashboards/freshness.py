"""Whether sources keep their promise: "new data by 06:00"."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from insights.events.public import Source, open_snapshot


def expected_since(fresh_by, zone: str, now: datetime) -> datetime:
    """Return the moment after which a source must have events, by its newest promise that is due.

    A promise for 06:00 is about the day before: on Tuesday at 06:00 there must be events of Monday. Before 06:00 on
    Tuesday the promise of Monday, about Sunday, is the newest that is due. Days are the source's own.
    """
    local = now.astimezone(ZoneInfo(zone))
    due_on = local.date() if local.time() >= fresh_by else local.date() - timedelta(days=1)
    day = due_on - timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))


def find_late_sources(now: datetime) -> tuple[int, list[str]]:
    """Return how many active sources promise fresh data, and a sentence for each that is late."""
    sources = list(Source.objects.active().filter(fresh_by__isnull=False).select_related("product"))
    late = []
    for source in sources:
        since = expected_since(source.fresh_by, source.time_zone, now)
        with open_snapshot([source.pk], caller="insights.dashboards.freshness") as snapshot:
            newest = snapshot.data_until
        if newest is None or newest < since:
            last = newest.astimezone(ZoneInfo(source.time_zone)).strftime("%-d %b %Y, %H:%M") if newest else "none yet"
            late.append(
                f"{source} promises new data by {source.fresh_by:%H:%M}, but its newest event is of {last}. "
                "Tiles show what there is."
            )
    return len(sources), late
