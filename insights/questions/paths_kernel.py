"""Paths of units through their sessions, on arrays: one sort of all events, then whole columns at a time.

Units are numbers of people or accounts, times are microseconds from the start of the range, an event is the place of
its name among all names in text order. A session ends before the first event that comes `gap` or more after the last.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")
Array = Any
_KEY_BITS = 62
_MANY = 100_000  # rows from which a second thread pays


@dataclass(frozen=True)
class Paths:
    """One path a column, sorted by unit: whose it is and, a row a step, its events and their times.

    `events` is -1 where the path has no such step; times mean nothing there, and elsewhere only by their differences
    within a path, in microseconds. `is_whole`: nothing of the path lies beyond the steps shown.
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

    Parameters: is_point — whether an event may start (or end) a path; n_steps — rows, of which backward paths fill
    the last; gap, span — microseconds. Events at one moment come in the order of their names, after points that start
    paths and before points that end them. `check` is called now and then.
    """
    rule = _Rule(n_steps, gap, span, is_backward, repeats)

    def follow(first: int, past: int) -> Paths:
        check()
        return _in_shard(first, *_shard(first, past, units, times, events, is_point, rule), rule)

    found = in_two(follow, _bounds(units, rule))
    columns = ((one.units, one.events, one.times, one.is_whole) for one in found)
    return Paths(*(np.concatenate(parts, axis=-1) for parts in zip(*columns, strict=True)))


def in_two(work: Callable[..., T], asked: Sequence[tuple[Any, ...]]) -> list[T]:
    """Return what work comes to for each of its arguments, two at a time: numpy lets go of Python's lock."""
    if len(asked) < 2:
        return [work(*one) for one in asked]
    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(lambda one: work(*one), asked))


def _bounds(units: Array, rule: _Rule) -> list[tuple[int, int]]:
    """Return ranges of units: so narrow that a key holds unit and time, and two at least where there is much to do."""
    most = 1 << (_KEY_BITS - rule.bits)
    n_units = int(units.max()) + 1 if len(units) else 1
    n_shards = -(-n_units // most)
    if n_shards == 1 and len(units) > _MANY:
        n_shards = 2
    # Low numbers may be busier, for they came first: halves by number of rows, as far as a sample tells.
    cuts = np.quantile(units[:: max(len(units) // 10_000, 1)], np.arange(1, n_shards) / n_shards).astype(int).tolist()
    cuts = sorted({0, n_units, *cuts})
    narrow = [[*range(first, past, most), past] for first, past in pairwise(cuts)]
    return [bounds for cut in narrow for bounds in pairwise(cut)]


def _shard(
    first: int, past: int, units: Array, times: Array, events: Array, is_point: Array, rule: _Rule
) -> tuple[Array, Array, Array]:
    """Return keys, events and points of the units from `first` up to, not including, `past`."""
    if first == 0 and (not len(units) or past > int(units.max())):
        return (units.astype(np.int64) << rule.bits) | times, events, is_point
    is_here = (units >= first) & (units < past)
    keys = ((units[is_here].astype(np.int64) - first) << rule.bits) | times[is_here]
    return keys, events[is_here], is_point[is_here]


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
    own = np.cumsum(begins_session, dtype=np.int32)[points] - 1
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
    steps, place_of = np.flatnonzero(is_step), np.cumsum(is_step, dtype=np.int32) - 1
    low, high = place_of[begins], place_of[ends - 1] + 1
    shape = (rule.n_steps, len(begins))
    found, times = np.full(shape, -1, np.int32), np.zeros(shape, np.int64)
    for column in range(rule.n_steps):
        place = high - rule.n_steps + column if rule.is_backward else low + column
        is_there = (place >= low) if rule.is_backward else (place < high)
        row = steps[place[is_there]]
        found[column, is_there] = events[row]
        times[column, is_there] = keys[row]
    return Paths((keys[begins] >> rule.bits) + first, found, times, high - low <= rule.n_steps)


@dataclass(frozen=True)
class Counted:
    """Which units have each of some numbers: the numbers rise, and `units` are those of one after those of another."""

    numbers: Array
    counts: Array
    units: Array

    def units_of(self, number: int) -> Array:
        """Return the units that have a number, each once, rising."""
        edges = np.append(0, np.cumsum(self.counts))
        place = int(np.searchsorted(self.numbers, number))
        if place == len(self.numbers) or self.numbers[place] != number:
            return self.units[:0]
        return self.units[edges[place] : edges[place + 1]]

    def relabelled(self, numbers: Array, is_kept: Array | None = None) -> "Counted":
        """Return the same under other numbers, several of which may be equal; or only those that are kept."""
        units = self.units if is_kept is None else self.units[np.repeat(is_kept, self.counts)]
        counts = self.counts if is_kept is None else self.counts[is_kept]
        return count_units(np.repeat(numbers if is_kept is None else numbers[is_kept], counts), units)

    def as_dict(self) -> dict[int, int]:
        """Return how many units each number has."""
        return dict(zip(self.numbers.tolist(), self.counts.tolist(), strict=True))


def count_units(numbers: Array, units: Array) -> Counted:
    """Return which different units have each number; units are small, from 0."""
    n_units = int(units.max()) + 1 if len(units) else 1
    # Sorted here: numpy's own way to unique numbers hashes them, and these, so alike, took 30 times as long.
    pairs = np.sort(numbers.astype(np.int64) * n_units + units)
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]]
    owners = pairs // n_units
    begins = np.flatnonzero(np.append(True, owners[1:] != owners[:-1])[: len(pairs)])
    return Counted(owners[begins], np.diff(np.append(begins, len(pairs))), pairs - owners * n_units)


def join(parts: Sequence[Counted]) -> Counted:
    """Return parts whose numbers rise from one to the next as one."""
    columns = zip(*((one.numbers, one.counts, one.units) for one in parts), strict=True)
    return Counted(*(np.concatenate(column) for column in columns))


def medians(places: Array, values: Array, n_places: int) -> Array:
    """Return the median of the values in each place; every place has some, whole numbers from 0."""
    bits = int(values.max()).bit_length() + 1 if len(values) else 1
    ranked = np.sort((places.astype(np.int64) << bits) | values)
    edges = np.searchsorted(ranked, np.arange(n_places + 1, dtype=np.int64) << bits)
    middle = edges[:-1] + edges[1:]
    low, high = ranked[(middle - 1) // 2], ranked[middle // 2]
    mask = (1 << bits) - 1
    return ((low & mask) + (high & mask)) / 2
