"""The starter set: the tiles that a product's own events make worth looking at. Pure; knows no Django."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

_LATE_AFTER_DAYS = 14
_SHOWN_DAYS = 90
_SHOWN_DAYS_OF_OLD_DATA = 730
_WHOLE_WEEKS_FROM_DAYS = 35
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


@dataclass(frozen=True)
class StarterTile:
    """A tile to make."""

    title: str
    question: dict[str, Any]
    chart: str
    w: int
    h: int


def starter_range(seen: Seen, today: date) -> tuple[str, str]:
    """Return date_from and date_to: the last 90 days; for data that ended long ago its last two years of whole weeks.

    >>> starter_range(Seen([], last_on=date(2020, 6, 30), first_on=date(2020, 1, 1)), date(2026, 1, 1))
    ('2020-01-01', '2020-06-28')
    """
    if seen.last_on is None or (today - seen.last_on).days <= _LATE_AFTER_DAYS:
        return f"-{_SHOWN_DAYS}d", ""
    earliest = seen.last_on - timedelta(days=_SHOWN_DAYS_OF_OLD_DATA - 1)
    first, last = max(earliest, seen.first_on or earliest), seen.last_on
    if (last - first).days > _WHOLE_WEEKS_FROM_DAYS:  # half a week at the end would look like a fall
        last -= timedelta(days=(last.weekday() + 1) % 7)
    return first.isoformat(), last.isoformat()


def choose_path(firsts: list[tuple[str, int]]) -> list[str]:
    """Return the steps of a funnel from (event, people) in the order in which people first do them.

    A step is what at least a fifth of those who began came to do; three are enough to see where they leave.

    >>> choose_path([("signed up", 100), ("project created", 60), ("help opened", 3), ("task created", 50)])
    ['signed up', 'project created', 'task created']
    """
    n_began = firsts[0][1] if firsts else 0
    return [name for name, n_people in firsts if n_people >= n_began * _LEAST_SHARE_OF_A_STEP][:_MOST_STEPS]


def build_starter(seen: Seen) -> list[StarterTile]:
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
        split = [{"property": "event", "of": "field"}]
        top = _trend({**everyone, "measure": "total"}, interval="week", breakdown=split)
        tiles.append(StarterTile("Top events", top, "line", 12, 4))
    tiles.append(StarterTile("Do new people come back?", _retention(), "heatmap", 6, 5))
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


def _retention() -> dict[str, Any]:
    return {
        "kind": "retention",
        "target": {"event": None},
        "returning": {"event": None},
        "mode": "first_time",
        "interval": "week",
        "intervals": 8,
    }
