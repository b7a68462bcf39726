"""Which sources have not kept their promise "new data by 06:00", in the night's words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from insights.events.public import Source, is_late


def find_late_sources(now: datetime) -> tuple[int, list[str]]:
    """Return how many active sources promise fresh data, and a sentence for each that is late."""
    sources = list(Source.objects.active().filter(fresh_by__isnull=False).with_data_until())
    late = []
    for source in sources:
        newest = source.data_until
        if is_late(source.fresh_by, source.time_zone, newest, now):
            last = newest.astimezone(ZoneInfo(source.time_zone)).strftime("%-d %b %Y, %H:%M") if newest else "none yet"
            late.append(
                f"{source} promises new data by {source.fresh_by:%H:%M}, but its newest event is of {last}. "
                "Tiles show what there is."
            )
    return len(sources), late
