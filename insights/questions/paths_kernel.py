"""Paths of units through their sessions, on arrays: one sort of all events, then whole columns at a time.

Units are numbers of people or accounts, times are microseconds from the start of the range, an event is the place of
its name among all names in text order. A session ends before the first event that comes `gap` or more after the last.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = Any
_KEY_BITS = 62


@dataclass(frozen=True)
class Paths:
    """One path a row, sorted by unit: whose it is, and the event and time of each step.

    `events` is -1 where the path has no such step; times mean nothing there. `is_whole`: nothing of the path lies
    beyond the steps shown.
    """

    units: Array
    events: Array
    times: Array
    is_whole: Array


@dataclass(frozen=True)
class _Rule:
    """What a path is; `is_backward` paths lead up to a unit's last point in the session, others start at its first."""

    n_steps: int
    gap: int
    span: int
    is_backward: bool
    repeats: bool

    @property
    def bits(self) -> int:
        """Return how many bits of a key hold the time: keys of two units are further apart than a session's gap."""
        return (self.span + self.gap).bit_length()


def find_paths(
    units: Array,
    times: Array,
    events: Array,
    is_point: Array,
    *,
    n_steps: int,
    gap: int,
    span: int,
    is_backward: bool = False,
    repeats: bool = False,
    check: Callable[[], None] = lambda: None,
) -> Paths:
    """Return the path of each session that has a point: from its first on, or up to its last.

    Parameters: is_point — whether an event may start (or end) a path; n_steps — columns, of which backward paths fill
    the last; gap, span — microseconds. Events at one moment come in the order of their names, after points that start
    paths and before points that end them. `check` is called now and then.
    """
    rule = _Rule(n_steps, gap, span, is_backward, repeats)
    found = []
    for first, keys, is_here in _shards(units, times, rule):
        check()
        here_events, here_points = (events, is_point) if is_here is None else (events[is_here], is_point[is_here])
        found.append(_in_shard(first, keys, here_events, here_points, rule))
    if not found:
        none = np.empty(0, np.int64)
        return Paths(none, none.reshape(0, n_steps), none.reshape(0, n_steps), np.empty(0, bool))
    columns = ((one.units, one.events, one.times, one.is_whole) for one in found)
    return Paths(*(np.concatenate(parts) for parts in zip(*columns, strict=True)))


def _shards(units: Array, times: Array, rule: _Rule) -> Iterator[tuple[int, Array, Array]]:
    """Yield (first unit, keys, which rows or None for all) for ranges of units so narrow that a key holds both."""
    n_per_shard = 1 << (_KEY_BITS - rule.bits)
    highest = int(units.max()) if len(units) else -1
    for first in range(0, highest + 1, n_per_shard):
        if highest < n_per_shard:
            yield 0, (units.astype(np.int64) << rule.bits) | times, None
            return
        is_here = (units >= first) & (units < first + n_per_shard)
        if is_here.any():
            yield first, ((units[is_here].astype(np.int64) - first) << rule.bits) | times[is_here], is_here


def _order(keys: Array, events: Array, is_point: Array, rule: _Rule) -> Array:
    """Return the order of rows by unit and time; only those of one moment are sorted by name and point too."""
    in_order = np.argsort(keys)
    ranked = keys[in_order]
    tied = np.flatnonzero(ranked[1:] == ranked[:-1])
    if len(tied):
        is_tied = np.zeros(len(keys), bool)
        is_tied[tied] = is_tied[tied + 1] = True
        places = np.flatnonzero(is_tied)
        rows = in_order[places]
        comes_late = is_point[rows] if rule.is_backward else ~is_point[rows]
        in_order[places] = rows[np.lexsort((events[rows], comes_late, keys[rows]))]
    return in_order


def _in_shard(first: int, keys: Array, events: Array, is_point: Array, rule: _Rule) -> Paths:
    in_order = _order(keys, events, is_point, rule)
    keys, events, points = keys[in_order], events[in_order], np.flatnonzero(is_point[in_order])
    begins_session = np.ones(len(keys), bool)
    begins_session[1:] = keys[1:] - keys[:-1] >= rule.gap
    sessions = np.flatnonzero(begins_session)
    own = np.searchsorted(sessions, points, side="right") - 1
    is_kept = np.ones(len(points), bool)
    if rule.is_backward:
        is_kept[:-1] = own[1:] != own[:-1]
        begins, ends = sessions[own[is_kept]], points[is_kept] + 1
    else:
        is_kept[1:] = own[1:] != own[:-1]
        begins, ends = points[is_kept], np.append(sessions[1:], len(keys))[own[is_kept]]
    is_step = begins_session
    if rule.repeats:
        is_step = np.ones(len(keys), bool)
    else:
        is_step[1:] |= events[1:] != events[:-1]
        is_step[begins] = True
    steps, place_of = np.flatnonzero(is_step), np.cumsum(is_step) - 1
    low, high = place_of[begins], place_of[ends - 1] + 1
    shape = (len(begins), rule.n_steps)
    found, times = np.full(shape, -1, np.int64), np.zeros(shape, np.int64)
    for column in range(rule.n_steps):
        place = high - rule.n_steps + column if rule.is_backward else low + column
        is_there = (place >= low) & (place < high)
        row = steps[place[is_there]]
        found[is_there, column] = events[row]
        times[is_there, column] = keys[row] & ((1 << rule.bits) - 1)
    return Paths((keys[begins] >> rule.bits) + first, found, times, high - low <= rule.n_steps)


def count_units(groups: Array, units: Array) -> tuple[Array, Array]:
    """Return the different groups, rising, and how many different units each has; units are small, from 0."""
    n_units = int(units.max()) + 1 if len(units) else 1
    # Sorted here: numpy's own way to unique numbers hashes them, and these, so alike, took 30 times as long.
    pairs = np.sort(groups * n_units + units)
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]]
    return np.unique(pairs // n_units, return_counts=True)


def medians(groups: Array, values: Array) -> dict[int, float]:
    """Return the median of each group's values; values are whole numbers from 0, the middle two are averaged."""
    if not len(groups):
        return {}
    found, places = np.unique(groups, return_inverse=True)
    bits = int(values.max()).bit_length() + 1
    ranked = np.sort((places << bits) | values)
    edges = np.searchsorted(ranked >> bits, np.arange(len(found) + 1))
    middle = edges[:-1] + edges[1:]
    low, high = ranked[(middle - 1) // 2], ranked[middle // 2]
    mask = (1 << bits) - 1
    return dict(zip(found.tolist(), (((low & mask) + (high & mask)) / 2).tolist(), strict=True))
