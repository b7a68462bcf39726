"""The starter set: the tiles that a product's own events make worth looking at. Pure; knows no Django."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

_LATE_AFTER_DAYS = 14
_SHOWN_DAYS = 90
_SHOWN_DAYS_OF_OLD_DATA = 730
_WHOLE_WEEKS_FROM_DAYS = 35
_MONTHS_FROM_DAYS = 180
_MOST_LINES = 6
_TOP = 5
_ROWS = 8
_LEAST_SHARE_OF_A_STEP = 0.2
_MOST_STEPS = 3


@dataclass(frozen=True)
class Seen:
    """What a catalogue knows: event names by frequency, properties of events that split well, first and last day."""

    events: list[str]
    properties: list[tuple[str, str]] = field(default_factory=list)  # (property, event)
    first_on: date | None = None
    last_on: date | None = None
    path: list[str] = field(default_factory=list)  # what people do first, and then
    week_before_on: date | None = None  # the newest day with events before the week of the last day


@dataclass(frozen=True)
class StarterTile:
    """A tile to make."""

    title: str
    question: dict[str, Any]
    chart: str
    w: int
    h: int
    keeps_own_dates: bool = False


def _ended_long_ago(seen: Seen, today: date) -> bool:
    return seen.last_on is not None and (today - seen.last_on).days > _LATE_AFTER_DAYS


def starter_range(seen: Seen, today: date) -> tuple[str, str]:
    """Return date_from and date_to: the last 90 days; for data that ended long ago its last two years of whole weeks.

    Where the last whole week has no events, the days after it are shown too: better half a week than none.

    >>> starter_range(Seen([], last_on=date(2020, 6, 30), first_on=date(2020, 1, 1)), date(2026, 1, 1))
    ('2020-01-01', '2020-06-28')
    """
    if seen.last_on is None or not _ended_long_ago(seen, today):
        return f"-{_SHOWN_DAYS}d", ""
    earliest = seen.last_on - timedelta(days=_SHOWN_DAYS_OF_OLD_DATA - 1)
    first, last = max(earliest, seen.first_on or earliest), seen.last_on
    sunday = last - timedelta(days=(last.weekday() + 1) % 7)
    is_empty = seen.week_before_on is not None and (sunday - seen.week_before_on).days >= 7
    if (last - first).days > _WHOLE_WEEKS_FROM_DAYS and not is_empty:  # half a week at the end would look like a fall
        last = sunday
    return first.isoformat(), last.isoformat()


def choose_path(firsts: list[tuple[str, int]]) -> list[str]:
    """Return the steps of a funnel from (event, people) in the order in which people first do them.

    A step is what at least a fifth of those who began came to do; three are enough to see where they leave.

    >>> choose_path([("signed up", 100), ("project created", 60), ("help opened", 3), ("task created", 50)])
    ['signed up', 'project created', 'task created']
    """
    n_began = firsts[0][1] if firsts else 0
    return [name for name, n_people in firsts if n_people >= n_began * _LEAST_SHARE_OF_A_STEP][:_MOST_STEPS]


def build_starter(seen: Seen, today: date) -> list[StarterTile]:
    """Return the tiles, most telling first: active people, new people, events, top events, retention, funnel, split."""
    everyone = {"event": None}
    tiles = [
        StarterTile("Weekly active people", _trend({**everyone, "measure": "weekly_active"}), "number", 4, 2),
        StarterTile("New people", _trend({**everyone, "measure": "first_time"}, interval="week"), "number", 4, 2),
        StarterTile("Events", _trend({**everyone, "measure": "total"}, interval="week"), "number", 4, 2),
        StarterTile("Weekly active people over time", _trend({**everyone, "measure": "weekly_active"}), "line", 8, 4),
        StarterTile("Who stays, comes back and goes", _lifecycle(), "bar", 4, 4),
    ]
    if len(seen.events) > 1:
        tiles.append(_top_events(seen.events))
    tiles.append(_who_comes_back(seen, today))
    path = seen.path if len(seen.path) > 1 else seen.events[:2]
    if len(path) > 1:
        steps = [{"event": name} for name in path]
        title = f"From “{path[0]}” to “{path[-1]}”"[:120]
        tiles.append(StarterTile(title, {"kind": "funnel", "steps": steps}, "funnel", 6, 5))
    for name, event in seen.properties[:1]:
        spec = {"event": event, "measure": "persons"}
        question = _trend(spec, interval="week", breakdown=[{"property": name, "of": "event"}])
        tiles.append(StarterTile(f"People who did “{event}”, by {name}"[:120], question, "line", 12, 4))
    return tiles


def _trend(spec: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "trend", "series": [spec], "interval": "day", **more}


def _lifecycle() -> dict[str, Any]:
    return {"kind": "lifecycle", "event": {"event": None}, "interval": "week"}


def _top_events(names: list[str]) -> StarterTile:
    """Return the tile of the commonest events: all of a few, else as many as one chart can be read with."""
    if len(names) <= _MOST_LINES:
        split = [{"property": "event", "of": "field"}]
        question = _trend({"event": None, "measure": "total"}, interval="week", breakdown=split)
        return StarterTile("Events, by name", question, "line", 12, 4)
    series = [{"event": name, "measure": "total"} for name in names[:_TOP]]
    return StarterTile(f"Top {_TOP} events", {"kind": "trend", "series": series, "interval": "week"}, "line", 12, 4)


def _who_comes_back(seen: Seen, today: date) -> StarterTile:
    """Return the retention tile: of the newest weeks, or of the first ones where the data ended long ago.

    Nobody new may have come for the last weeks of a file, while its first weeks or months have the longest rows.
    """
    question = {
        "kind": "retention",
        "target": {"event": None},
        "returning": {"event": None},
        "mode": "first_time",
        "interval": "week",
        "intervals": _ROWS,
    }
    is_old = _ended_long_ago(seen, today) and seen.first_on is not None
    if is_old:
        n_days = (seen.last_on - seen.first_on).days + 1
        question["interval"] = "month" if n_days >= _MONTHS_FROM_DAYS else "week"
        fitting = -(-n_days // (30 if question["interval"] == "month" else 7))
        question |= {"date_from": seen.first_on.isoformat(), "intervals": max(2, min(_ROWS, fitting))}
    return StarterTile("Do new people come back?", question, "heatmap", 6, 5, keeps_own_dates=is_old)
