"""Ranges and buckets in local time: resolves what a question says about dates, and cuts it into buckets.

Local times are naive datetimes in the question's zone; `Buckets.edges` are naive UTC, as the store keeps them.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from insights.questions.contracts import Period
from insights.questions.reading import ObjectReader

EPOCH = datetime(1970, 1, 1)
MAX_BUCKETS = 10_000
_RELATIVE = re.compile(r"-([1-9]\d{0,4})([dwmqy])")
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_LETTERS = {"w": "week", "m": "month", "q": "quarter", "y": "year"}
_FIRST_DAY, _LAST_DAY = date(1970, 1, 1), date(2200, 1, 1)


def to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """Return a local time as naive UTC; a repeated hour is its first, a missing one moves forward."""
    return local.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


def to_local(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return naive UTC as a naive local time (`fold` is 1 in the second run of a repeated hour)."""
    return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def floor_day(day: date, interval: str, week_start: str) -> date:
    """Return the first day of the day's week, month, quarter or year."""
    if interval == "week":
        return day - timedelta(days=(day.weekday() + (1 if week_start == "sunday" else 0)) % 7)
    if interval in _MONTHS:
        months = _MONTHS[interval]
        return day.replace(month=(day.month - 1) // months * months + 1, day=1)
    return day


def step_day(first: date, interval: str, n: int = 1) -> date:
    """Return the first day of the bucket `n` after the one that begins on `first`."""
    if interval == "week":
        return first + timedelta(days=7 * n)
    if interval in _MONTHS:
        month = first.year * 12 + first.month - 1 + n * _MONTHS[interval]
        return first.replace(year=month // 12, month=month % 12 + 1, day=1)
    return first + timedelta(days=n)


def midnight(day: date) -> datetime:
    """Return a day's first moment."""
    return datetime(day.year, day.month, day.day)


def read_period(
    reader: ObjectReader, *, interval: str, zone: ZoneInfo, week_start: str, now: datetime, default_from: str = "-30d"
) -> tuple[str, str | None, Period]:
    """Read `date_from` and `date_to`; return both as given and the range, widened to whole buckets from week up."""
    text_from = reader.text("date_from", default_from)
    text_to = reader.text("date_to", None)
    today = now.astimezone(zone).date()
    last = _read_end(reader, text_to, interval) if text_to is not None else midnight(today + timedelta(days=1))
    relative = _RELATIVE.fullmatch(text_from or "")
    start: datetime | None
    end: datetime | None
    if relative and last is not None:
        start, end = _resolve_relative(int(relative[1]), relative[2], last, week_start)
    else:
        start, end = None if relative else _read_moment(reader, "date_from", text_from, interval), last
    if start is None or end is None:
        return text_from, text_to, Period(midnight(today), midnight(today))
    period = widen(Period(start, end), interval, week_start)
    if period.start >= period.end:
        reader.fault("date_from", "This is after the end of the range. Choose an earlier date.")
    elif not (period.start.date() >= _FIRST_DAY and period.end.date() <= _LAST_DAY):
        reader.fault("date_from", "The range must lie between 1970 and 2200.")
    return text_from, text_to, period


def widen(period: Period, interval: str, week_start: str) -> Period:
    """Return the range widened to whole weeks, months, quarters or years; to whole hours by hour."""
    if interval == "hour":
        hour = timedelta(hours=1)
        end = period.end if period.end.minute == 0 else period.end.replace(minute=0) + hour
        return Period(period.start.replace(minute=0), end)
    if interval not in ("week", *_MONTHS):
        return period
    first = floor_day(period.start.date(), interval, week_start)
    last = floor_day((period.end - timedelta(microseconds=1)).date(), interval, week_start)
    return Period(midnight(first), midnight(step_day(last, interval)))


def _resolve_relative(n: int, letter: str, end: datetime, week_start: str) -> tuple[datetime | None, datetime]:
    last = (end - timedelta(microseconds=1)).date()
    try:
        if letter == "d":
            return midnight(last) - timedelta(days=n - 1), end
        unit = _LETTERS[letter]
        final = floor_day(last, unit, week_start)
        return midnight(step_day(final, unit, 1 - n)), midnight(step_day(final, unit))
    except (OverflowError, ValueError):
        return midnight(date.min), end


def _read_moment(reader: ObjectReader, key: str, text: str | None, interval: str) -> datetime | None:
    try:
        if text and len(text) == 10:
            return midnight(date.fromisoformat(text))
        if text and interval == "hour":
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                return moment.replace(minute=0, second=0, microsecond=0)
    except ValueError:
        pass
    times = ", a time such as 2024-01-31T14:00" if interval == "hour" else ""
    relative = ", or a relative range such as -30d or -8w" if key == "date_from" else ""
    reader.fault(key, f"This must be a day such as 2024-01-31{times}{relative}.")
    return None


def _read_end(reader: ObjectReader, text: str, interval: str) -> datetime | None:
    moment = _read_moment(reader, "date_to", text, interval)
    if moment is None or moment.date() >= date(9999, 1, 1):
        return moment
    return moment + (timedelta(days=1) if len(text) == 10 else timedelta(hours=1))


def earlier_period(period: Period, interval: str, mode: str, week_start: str) -> Period:
    """Return the range to compare with: `previous` of the same length, or the same dates a `year` before.

    Weeks a year before are as many, 52 weeks earlier: the nearest that begin on the same day of the week.
    """
    if mode == "year" and interval == "week":
        return Period(period.start - timedelta(weeks=52), period.end - timedelta(weeks=52))
    if mode == "year":
        return widen(Period(_year_before(period.start), _year_before(period.end)), interval, week_start)
    if interval in _MONTHS:
        first, last = period.start.date(), period.end.date()
        n = ((last.year - first.year) * 12 + last.month - first.month) // _MONTHS[interval]
        return Period(midnight(step_day(first, interval, -n)), period.start)
    return Period(period.start - (period.end - period.start), period.start)


def _year_before(moment: datetime) -> datetime:
    is_leap_day = (moment.month, moment.day) == (2, 29)
    return moment.replace(year=moment.year - 1, day=28 if is_leap_day else moment.day)


def lead_period(period: Period, interval: str, zone: ZoneInfo, n: int) -> Period:
    """Return the range with the n buckets before it, one hour more where a clock that changes makes it unclear."""
    if interval != "hour":
        return Period(midnight(step_day(period.start.date(), interval, -n)), period.end)
    own = len(cut(period, interval, zone))
    more = cut(Period(period.start - timedelta(hours=n + 2), period.end), interval, zone)
    return Period(to_local(more.edges[len(more) - own - n], zone), period.end)


@dataclass(frozen=True)
class Buckets:
    """A range cut into n buckets: n labels, n + 1 edges (naive UTC), and the first day or hour of each."""

    interval: str
    zone: ZoneInfo
    labels: tuple[str, ...]
    edges: tuple[datetime, ...]
    days: tuple[date, ...]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def since(self) -> datetime:
        """Return the first moment, naive UTC."""
        return self.edges[0]

    @property
    def until(self) -> datetime:
        """Return the first moment after the last bucket, naive UTC."""
        return self.edges[-1]

    def partial(self, now: datetime) -> list[bool]:
        """Say of each bucket whether it is not over yet."""
        moment = now.astimezone(UTC).replace(tzinfo=None)
        return [edge > moment for edge in self.edges[1:]]


def count_buckets(period: Period, interval: str) -> int:
    """Return about how many buckets a range has, cheaply, to refuse too many."""
    days = (period.end - period.start).days + 1
    return days * 24 if interval == "hour" else days if interval == "day" else 1


def cut(period: Period, interval: str, zone: ZoneInfo) -> Buckets:
    """Cut a range, already widened, into its buckets."""
    if interval == "hour":
        return _cut_hours(period, zone)
    days = [period.start.date()]
    if interval == "all":
        ends = [period.end]
    else:
        while midnight(following := step_day(days[-1], interval)) < period.end:
            days.append(following)
        ends = [*map(midnight, days[1:]), period.end]
    edges = [to_utc(moment, zone) for moment in (period.start, *ends)]
    labels = tuple(day.isoformat() for day in days)
    return Buckets(interval, zone, labels, tuple(edges), tuple(days))


def _cut_hours(period: Period, zone: ZoneInfo) -> Buckets:
    since, until = utc_span(period, zone)
    offsets = {offset % 3600 for _, offset in offset_segments(zone, since, until)}
    # Where clocks change by half an hour, a local hour may be half as long or begin in its middle.
    step = timedelta(hours=1) if len(offsets) == 1 else timedelta(minutes=30)
    edges: list[datetime] = []
    labels: list[str] = []
    days: list[date] = []
    edge = since
    while edge < until:
        local = edge.replace(tzinfo=UTC).astimezone(zone)
        # The second run of a repeated hour needs its offset to have a label of its own.
        hour = f"{local:%Y-%m-%dT%H:00}" + (local.isoformat()[-6:] if local.fold else "")
        if not labels or labels[-1] != hour:
            labels.append(hour)
            edges.append(edge)
            days.append(local.date())
        edge += step
    return Buckets("hour", zone, tuple(labels), (*edges, until), tuple(days))


@lru_cache(maxsize=256)
def offset_segments(zone: ZoneInfo, since: datetime, until: datetime) -> tuple[tuple[datetime, int], ...]:
    """Return (first moment in naive UTC, offset in seconds) for each stretch with one offset between two moments."""

    def offset(moment: datetime) -> int:
        ahead = moment.replace(tzinfo=UTC).astimezone(zone).utcoffset() or timedelta()
        return round(ahead.total_seconds())

    segments = [(since, offset(since))]
    moment = since
    while moment < until:
        following = min(moment + timedelta(days=1), until)
        if offset(following) != segments[-1][1]:
            low, high = moment, following
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
                low, high = (low, middle) if offset(middle) != segments[-1][1] else (middle, high)
            segments.append((high.replace(microsecond=0), offset(following)))
        moment = following
    return tuple(segments)


def utc_span(period: Period, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return a range as naive UTC."""
    return to_utc(period.start, zone), to_utc(period.end, zone)
