"""Whether a source has delivered what it usually does, judged by its own past. Pure; knows no Django."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from statistics import median

N_WEEKS = 5  # the same weekday of so many weeks is what is usual
_FEWEST_WEEKS = 3
_FEWEST_EVENTS = 20  # under so many expected events their absence proves nothing
_SHORT_SHARE = 0.5
_TAIL_SHARE = 0.05  # of the day: a shorter silence at its end makes no difference


@dataclass(frozen=True)
class Delivery:
    """What a source delivered of a day: `is_short` with a sentence, the events that came and those that usually do."""

    is_short: bool
    n_came: int = 0
    n_usual: int = 0
    sentence: str = ""


def judge_day(volumes: Mapping[datetime, float], day: date, data_until: datetime | None) -> Delivery:
    """Judge a day that is over, by the events of each hour.

    Parameters: volumes — events by naive local hour, at least of the `N_WEEKS` weeks before the day; hours without
    events may be left out; data_until — naive local time of the newest event of all, None without any.
    Short is a day with less than half of what usually comes, or one at whose end the source has fallen silent although
    events were due. A silence that later events follow is no gap of the delivery: the source has sent what there was.
    """
    begun = min(volumes, default=None)
    hours = [datetime(day.year, day.month, day.day) + timedelta(hours=hour) for hour in range(24)]
    weeks = [week for week in range(1, N_WEEKS + 1) if begun and (hours[0] - timedelta(weeks=week)) >= begun]
    if len(weeks) < _FEWEST_WEEKS:
        return Delivery(False)
    usual = {hour: median(volumes.get(hour - timedelta(weeks=week), 0.0) for week in weeks) for hour in hours}
    days = [sum(volumes.get(hour - timedelta(weeks=week), 0.0) for hour in hours) for week in weeks]
    n_usual, n_came = median(days), sum(volumes.get(hour, 0.0) for hour in hours)
    found = Delivery(False, round(n_came), round(n_usual))
    if n_usual < _FEWEST_EVENTS:
        return found
    if n_came < _SHORT_SHARE * n_usual and n_came < min(days):
        return replace(found, is_short=True, sentence=_say_short(found.n_came, found.n_usual))
    silent = [hour for hour in hours if data_until is None or hour > data_until]
    n_missing = sum(usual[hour] for hour in silent)
    if n_missing >= max(_FEWEST_EVENTS, _TAIL_SHARE * n_usual):
        words = f"nothing after {data_until:%H:%M}" if data_until else "nothing"
        return replace(found, is_short=True, sentence=f"{words}, where about {round(n_missing):,} events usually come")
    return found


def judge_silence(volumes: Mapping[datetime, float], newest: datetime | None, now: datetime) -> Delivery:
    """Judge today so far: short when a source has fallen silent although events were due.

    Parameters: as for `judge_day`; now — naive local. The hour that runs does not count.
    """
    begun = min(volumes, default=None)
    day = datetime(now.year, now.month, now.day)
    hours = [day + timedelta(hours=hour) for hour in range(now.hour)]
    weeks = [week for week in range(1, N_WEEKS + 1) if begun and day - timedelta(weeks=week) >= begun]
    if len(weeks) < _FEWEST_WEEKS or newest is None:
        return Delivery(False)
    silent = [hour for hour in hours if hour > newest]
    missing = sum(median(volumes.get(hour - timedelta(weeks=week), 0.0) for week in weeks) for hour in silent)
    if missing < _FEWEST_EVENTS:
        return Delivery(False)
    words = f"nothing after {newest:%H:%M}" if newest.date() == day.date() else "nothing yet"
    return Delivery(True, 0, round(missing), f"{words}, where about {round(missing):,} events usually come by now")


def _say_short(n_came: int, n_usual: int) -> str:
    noun = "event" if n_came == 1 else "events"
    return f"{n_came:,} {noun}, where about {n_usual:,} usually come"
