"""Every unit's best attempt at a funnel, on arrays: a sorted-key search for most, the exact path for the rest.

Units are numbers of people or accounts, times are microseconds from the start of the range; a step's bit in a mask is
its place, from 0. `best_attempt` in `funnel_exact` says what an attempt is; both give the same answer.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from insights.questions.funnel_exact import best_attempt

Array = Any
_KEY_BITS = 62


@dataclass(frozen=True)
class Attempts:
    """The best attempt of each unit that reached the first step: unit, steps reached, and the time of each step.

    `times` has a row for each unit and a column for each step; beyond what was reached its values mean nothing.
    """

    units: Array
    reach: Array
    times: Array


def find_attempts(
    units: Array, times: Array, masks: Array, *, n_steps: int, order: str, window: int, span: int
) -> Attempts:
    """Return the best attempt of each unit; attempts begin in [0, span) and last at most `window`."""
    if order == "ordered":
        is_double = (masks & (masks - 1)) != 0
        if not is_double.any():
            return _search(units, times, masks, n_steps, window, span)
        is_exact = np.isin(units, np.unique(units[is_double]))
        fast = _search(units[~is_exact], times[~is_exact], masks[~is_exact], n_steps, window, span)
        slow = _walk(units[is_exact], times[is_exact], masks[is_exact], n_steps, order, window, span)
        return _join([fast, slow])
    return _walk(units, times, masks, n_steps, order, window, span)


def _search(units: Array, times: Array, masks: Array, n_steps: int, window: int, span: int) -> Attempts:
    """Find attempts where each event satisfies one step: keys hold unit and time, apart by more than the window."""
    bits = (span + window).bit_length()
    n_per_shard = 1 << (_KEY_BITS - bits)
    shards = units.astype(np.int64) // n_per_shard
    found = []
    for shard in np.unique(shards) if len(shards) else []:
        is_here = shards == shard
        first = int(shard) * n_per_shard
        keys = ((units[is_here].astype(np.int64) - first) << bits) | times[is_here]
        part = _search_shard(keys, masks[is_here], n_steps, window, span, bits)
        found.append(Attempts(part.units + first, part.reach, part.times))
    return _join(found, n_steps)


def _search_shard(keys: Array, masks: Array, n_steps: int, window: int, span: int, bits: int) -> Attempts:
    low = (1 << bits) - 1
    by_step = [np.sort(keys[masks == 1 << step]) for step in range(n_steps)]
    path = [by_step[0][(by_step[0] & low) < span]]
    levels = [path]
    for ends in by_step[1:]:
        current = path[-1]
        if not len(ends) or not len(current):
            break
        following = ends[np.minimum(np.searchsorted(ends, current), len(ends) - 1)]
        # The window is shorter than the gap between two units' keys, so this also proves that the unit is the same.
        is_reached = (following >= current) & (following - path[0] <= window)
        path = [step[is_reached] for step in path] + [following[is_reached]]
        levels.append(path)
    found, further = [], np.empty(0, np.int64)
    for reach, level in reversed(list(enumerate(levels, 1))):
        owners = level[0] >> bits
        is_first = np.ones(len(owners), bool)
        is_first[1:] = owners[1:] != owners[:-1]
        reached = owners[is_first]
        is_best = ~np.isin(reached, further, assume_unique=True)
        steps = np.zeros((int(is_best.sum()), n_steps), np.int64)
        for step, column in enumerate(level):
            steps[:, step] = column[is_first][is_best] & low
        found.append(Attempts(reached[is_best], np.full(len(steps), reach, np.int64), steps))
        further = reached
    return _join(found)


def _walk(units: Array, times: Array, masks: Array, n_steps: int, order: str, window: int, span: int) -> Attempts:
    """Find attempts unit by unit, in plain Python."""
    is_start = (masks != 0 if order == "any" else (masks & 1) != 0) & (times < span)
    is_wanted = np.isin(units, np.unique(units[is_start]))
    units, times, masks = units[is_wanted], times[is_wanted], masks[is_wanted]
    in_order = np.lexsort((times, units))
    units = units[in_order]
    events = list(zip(times[in_order].tolist(), masks[in_order].tolist(), strict=True))
    firsts = np.flatnonzero(np.r_[True, units[1:] != units[:-1]]) if len(units) else np.empty(0, np.int64)
    edges = [*firsts.tolist(), len(events)]
    owners, reach, steps = [], [], []
    for place, first in enumerate(edges[:-1]):
        attempt = best_attempt(events[first : edges[place + 1]], n_steps, order, window, 0, span)
        if attempt:
            owners.append(int(units[first]))
            reach.append(len(attempt))
            steps.append((*attempt, *(0,) * (n_steps - len(attempt))))
    return Attempts(
        np.array(owners, np.int64), np.array(reach, np.int64), np.array(steps, np.int64).reshape(-1, n_steps)
    )


def _join(parts: list[Attempts], n_steps: int = 0) -> Attempts:
    if not parts:
        return Attempts(np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, n_steps), np.int64))
    units, reach, times = zip(*((part.units, part.reach, part.times) for part in parts), strict=True)
    return Attempts(np.concatenate(units), np.concatenate(reach), np.concatenate(times))


def codes_at(attempts: Attempts, units: Array, times: Array, codes: Array) -> Array:
    """Return, for each attempt, the smallest code among the unit's rows at the attempt's first moment."""
    starts = attempts.times[:, 0]
    n = len(starts)
    all_units = np.concatenate([attempts.units, units.astype(np.int64)])
    all_times = np.concatenate([starts, times])
    all_codes = np.concatenate([np.full(n, -1, np.int64), codes])
    in_order = np.lexsort((all_codes, all_times, all_units))
    places = np.flatnonzero(in_order < n)
    found = np.empty(n, np.int64)
    found[in_order[places]] = all_codes[in_order[places + 1]]
    return found
