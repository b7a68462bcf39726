"""When a subscription is due, and when a person is not to be disturbed. Pure; knows no Django.

Local times keep their place through daylight saving: an hour that comes twice is its first, one that is missing moves
forward by as much as the clock does.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


def moment_of(day: date, at: time, zone: str) -> datetime:
    """Return the moment of a local time on a day, in UTC.

    >>> moment_of(date(2026, 3, 29), time(2, 30), "Europe/Berlin").astimezone(ZoneInfo("Europe/Berlin")).isoformat()
    '2026-03-29T03:30:00+02:00'
    """
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def next_occurrence(after: datetime, at: time, zone: str, weekday: int | None = None) -> datetime:
    """Return the first occurrence later than a moment: every day, or every week on a weekday (0 is Monday).

    >>> next_occurrence(datetime(2026, 11, 22, 9, tzinfo=UTC), time(8), "UTC", 0).isoformat()
    '2026-11-23T08:00:00+00:00'
    """
    day = after.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    while True:
        moment = moment_of(day, at, zone)
        if moment > after and weekday in (None, day.weekday()):
            return moment
        day += timedelta(days=1)


def last_occurrence(until: datetime, at: time, zone: str, weekday: int | None = None) -> datetime:
    """Return the newest occurrence that is not later than a moment."""
    day = until.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    while True:
        moment = moment_of(day, at, zone)
        if moment <= until and weekday in (None, day.weekday()):
            return moment
        day -= timedelta(days=1)


def quiet_until(now: datetime, starts_at: time, ends_at: time, zone: str, *, has_quiet_weekends: bool) -> datetime:
    """Return when a person may be disturbed again: `now` itself outside of their quiet hours.

    Hours may go over midnight; equal times mean no quiet hours, only weekends.
    >>> evening = datetime(2026, 11, 20, 21, tzinfo=UTC)  # a Friday
    >>> quiet_until(evening, time(20), time(7), "UTC", has_quiet_weekends=True).isoformat()
    '2026-11-23T07:00:00+00:00'
    """
    found = now
    for _ in range(8):  # an evening, a weekend and the morning after it
        local = found.astimezone(ZoneInfo(zone))
        if has_quiet_weekends and local.weekday() >= SATURDAY:
            found = moment_of(local.date() + timedelta(days=7 - local.weekday()), time(0), zone)
        elif _is_quiet(local.time(), starts_at, ends_at):
            is_before_midnight = starts_at > ends_at and local.time() >= starts_at
            found = moment_of(local.date() + timedelta(days=int(is_before_midnight)), ends_at, zone)
        else:
            break
    return found


def _is_quiet(at: time, starts_at: time, ends_at: time) -> bool:
    if starts_at <= ends_at:
        return starts_at <= at < ends_at
    return at >= starts_at or at < ends_at
