"""What the metric of a bet says of the health of its initiative, before it is out: it goes the wrong way."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.utils import timezone

from insights.metrics.public import last_day, newest_value
from roadmaps.outcomes.models import Bet
from roadmaps.outcomes.trends import trend_of


def warn_of_trends(numbers: Collection[int], now: datetime) -> dict[int, str]:
    """Return a sentence for each of some initiatives whose bet's metric clearly goes against its aim of late.

    Metrics may not be for all who read the initiative, so none is named.
    """
    bets = Bet.objects.filter(initiative__in=numbers, released_on=None, metric__archived_at=None)
    found: dict[int, str] = {}
    for bet in bets.select_related("metric__current__series").order_by("pk"):
        version = bet.metric.current
        newest = newest_value(version) if version else None
        if newest is None or not _is_of_late(newest.ends_on, version.interval, timezone.localdate(now)):
            continue
        if trend_of(newest.values, version.interval) == -bet.sign:
            does, shall = ("falls", "raise") if bet.sign > 0 else ("rises", "lower")
            found.setdefault(bet.initiative_id, f"The number that it is meant to {shall} clearly {does} of late.")
    return found


def _is_of_late(ends_on: date, interval: str, today: date) -> bool:
    """Say whether at most one whole period went by since a number was known."""
    for _ in range(2):
        ends_on = last_day(ends_on + timedelta(days=1), interval)
    return today <= ends_on
