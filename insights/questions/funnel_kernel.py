"""Every unit's best attempt at a funnel, on arrays: sorted-key search for most, the exact path for the rest.

Units are numbers of people or accounts, times are microseconds from the start of the range; a step's bit in a mask is
its place, from 0, and the bits of exclusions follow. `best_attempt` in `funnel_exact` says what an attempt is; every
way here gives the same answer:

- `_next_in_order`, `_next_in_any_order`: where each event satisfies one step at most, by keys alone; equal times count.
- `_walk_in_order`, `_walk_in_any_order`: else by an event's place in the unit's line, so that no event serves twice.
- `best_attempt`, unit by unit: those whose events at one moment satisfy different steps, where their order matters.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from insights.questions.funnel_exact import Exclusions, barriers, best_attempt

Array = Any
Levels = list[list[Array]]  # by steps reached: for the attempts that got there, the key of each step's event
KEY_BITS = 62
_CHECK_EVERY = 1000


@dataclass(frozen=True)
class Attempts:
    """The best attempt of each unit that reached the first step: unit, steps reached, and the time of each step.

    `times` has a row for each attempt and a column for each step, 0 beyond what was reached. Where the range is cut
    into buckets, there is one attempt for each unit and bucket; `buckets` says in which it begins. `optional`, once it
    was looked for, has a column for each optional step: when the attempt did it, -1 where it did not.
    """

    units: Array
    reach: Array
    times: Array
    buckets: Array
    optional: Array | None = None

    def take(self, which: Array) -> "Attempts":
        """Return some of the attempts, by a mask or by their places."""
        optional = None if self.optional is None else self.optional[which]
        return Attempts(self.units[which], self.reach[which], self.times[which], self.buckets[which], optional)

    def once(self) -> "Attempts":
        """Return the best attempt of each unit and bucket alone: the one that gets furthest, the earliest of those."""
        in_order = np.lexsort((*self.times.T[::-1], -self.reach, self.buckets, self.units))
        units, buckets = self.units[in_order], self.buckets[in_order]
        is_first = np.ones(len(units), bool)
        is_first[1:] = (units[1:] != units[:-1]) | (buckets[1:] != buckets[:-1])
        return self.take(in_order[is_first])


@dataclass(frozen=True)
class _Rule:
    """What an attempt is: steps, their order, and how long; `check` is called now and then in slow work."""

    n_steps: int
    order: str
    window: int
    span: int
    check: Callable[[], None]
    exclusions: Exclusions = ()
    edges: tuple[int, ...] = (0,)

    def owners(self, keys: Array) -> Array:
        """Return a number for unit and bucket of attempts that begin with these keys."""
        moments = keys & ((1 << self.bits) - 1)
        return (keys >> self.bits) * len(self.edges) + self.buckets(moments)

    def buckets(self, moments: Array) -> Array:
        """Return the bucket of each moment."""
        return np.searchsorted(np.array(self.edges, np.int64), moments, side="right") - 1

    @property
    def bits(self) -> int:
        """Return how many bits of a key hold the time: keys of two units are further apart than the window."""
        return (self.span + self.window).bit_length()

    def starts(self, masks: Array) -> Array:
        """Say of which events an attempt may begin, their time aside."""
        return (masks & self.every_step) != 0 if self.order == "any" else (masks & 1) != 0

    @property
    def every_step(self) -> int:
        """Return the bits of all steps."""
        return (1 << self.n_steps) - 1


def find_attempts(
    units: Array,
    times: Array,
    masks: Array,
    *,
    n_steps: int,
    order: str,
    window: int,
    span: int,
    check: Callable[[], None] = lambda: None,
    exclusions: Exclusions = (),
    edges: Sequence[int] = (0,),
) -> Attempts:
    """Return the best attempt of each unit; attempts begin in [0, span) and last at most `window`.

    `edges` are the first moments of buckets, 0 the first: each unit then has a best attempt in each of them.
    """
    rule = _Rule(n_steps, order, window, span, check, exclusions, tuple(edges))
    if order != "strict" and not ((masks & (masks - 1)) != 0).any():
        follow = _next_in_order if order == "ordered" else _next_in_any_order
        parts = [
            _best(follow(keys, shard_masks, rule), first, rule)
            for first, keys, shard_masks in _shards(units, times, masks, rule)
        ]
        return _join(parts, n_steps)
    parts = []
    for first, keys, shard_masks in _shards(units, times, masks, rule):
        check()
        parts += _walk(keys, shard_masks, first, rule)
    return _join(parts, n_steps)


def _shards(units: Array, times: Array, masks: Array, rule: _Rule) -> Iterator[tuple[int, Array, Array]]:
    """Yield (first unit, keys, masks) for ranges of units so narrow that unit and time fit into one key."""
    n_per_shard = 1 << (KEY_BITS - rule.bits)
    highest = int(units.max()) if len(units) else -1
    for first in range(0, highest + 1, n_per_shard):
        if highest < n_per_shard:
            yield 0, (units.astype(np.int64) << rule.bits) | times, masks
            return
        is_here = (units >= first) & (units < first + n_per_shard)
        if is_here.any():
            yield first, ((units[is_here].astype(np.int64) - first) << rule.bits) | times[is_here], masks[is_here]


def _may_begin(keys: Array, rule: _Rule) -> Array:
    return (keys & ((1 << rule.bits) - 1)) < rule.span


def _following(sorted_keys: Array, wanted: Array) -> Array:
    """Return the first of the keys at or after each wanted one; the last where there is none."""
    return sorted_keys[np.minimum(np.searchsorted(sorted_keys, wanted), len(sorted_keys) - 1)]


def _by_exclusion(keys: Array, masks: Array, rule: _Rule) -> list[Array]:
    return [np.sort(keys[masks == 1 << (rule.n_steps + place)]) for place in range(len(rule.exclusions))]


def _is_clear(path: Sequence[Array] | Array, following: Array, barring: list[Array], rule: _Rule) -> Array:
    """Say which attempts get from their last step to the following one with no exclusion between.

    At the moment of the step after which an exclusion holds it counts as before that step, which gets further; at that
    of the following step as after it.
    """
    found = np.ones(len(following), bool)
    for (after, before), ends in zip(rule.exclusions, barring, strict=True):
        if after <= len(path) < before and len(ends):
            barred = _following(ends, path[after - 1] + 1)
            found &= (barred <= path[after - 1]) | (barred >= following)
    return found


def _next_in_order(keys: Array, masks: Array, rule: _Rule) -> Levels:
    by_step = [np.sort(keys[masks == 1 << step]) for step in range(rule.n_steps)]
    barring = _by_exclusion(keys, masks, rule)
    path = [by_step[0][_may_begin(by_step[0], rule)]]
    levels = [path]
    for ends in by_step[1:]:
        if not len(ends) or not len(path[-1]):
            break
        following = _following(ends, path[-1])
        # The window is shorter than the gap between two units' keys, so this also proves that the unit is the same.
        is_reached = (following >= path[-1]) & (following - path[0] <= rule.window)
        is_reached &= _is_clear(path, following, barring, rule)
        path = [step[is_reached] for step in path] + [following[is_reached]]
        levels.append(path)
    return levels


def _next_in_any_order(keys: Array, masks: Array, rule: _Rule) -> Levels:
    by_step = [np.sort(keys[masks == 1 << step]) for step in range(rule.n_steps)]
    barring = _by_exclusion(keys, masks, rule)
    starts = np.sort(keys[rule.starts(masks) & _may_begin(keys, rule)])
    never = np.iinfo(np.int64).max
    found = np.full((rule.n_steps, len(starts)), never, np.int64)
    for step, ends in enumerate(by_step):
        if len(ends) and len(starts):
            following = _following(ends, starts)
            is_reached = (following >= starts) & (following - starts <= rule.window)
            found[step] = np.where(is_reached, following, never)
    found.sort(axis=0)
    levels: Levels = []
    is_reached = np.ones(len(starts), bool)
    for n in range(1, rule.n_steps + 1):
        is_reached &= found[n - 1] != never
        if n > 1:
            is_reached &= _is_clear(found[: n - 1], found[n - 1], barring, rule)
        levels.append([row[is_reached] for row in found[:n]])
    return levels


def _walk(keys: Array, masks: Array, first: int, rule: _Rule) -> list[Attempts]:
    """Find attempts by an event's place in its unit's line; units whose order is open go the exact way."""
    in_order = np.argsort(keys)
    keys, masks = keys[in_order], masks[in_order]
    is_mixed = (keys[1:] == keys[:-1]) & (masks[1:] != masks[:-1])
    is_exact = np.isin(keys >> rule.bits, np.unique(keys[1:][is_mixed] >> rule.bits))
    parts = [_exactly(keys[is_exact], masks[is_exact], first, rule)] if is_mixed.any() else []
    if is_mixed.any():
        keys, masks = keys[~is_exact], masks[~is_exact]
    follow = _walk_in_any_order if rule.order == "any" else _walk_in_order
    return [*parts, _best(follow(keys, masks, rule), first, rule)]


def _walk_in_order(keys: Array, masks: Array, rule: _Rule) -> Levels:
    path = [np.flatnonzero(rule.starts(masks) & _may_begin(keys, rule))]
    levels = [[keys[path[0]]]]
    for step in range(1, rule.n_steps):
        serves = (masks >> step) & 1 != 0
        if rule.order == "strict":
            following = np.minimum(path[-1] + 1, len(masks) - 1)
            fits = (following > path[-1]) & serves[following]
        else:
            places = np.flatnonzero(serves)
            if not len(places):
                break
            following = _following(places, path[-1] + 1)
            fits = following > path[-1]
        fits &= _is_free(path[-1], following, masks, serves, step, rule)
        is_reached = fits & (keys[following] - keys[path[0]] <= rule.window)
        path = [place[is_reached] for place in path] + [following[is_reached]]
        levels.append([keys[place] for place in path])
    return levels


def _is_free(last: Array, following: Array, masks: Array, serves: Array, n_reached: int, rule: _Rule) -> Array:
    """Say which attempts get from one place in the line to a later one before an event ends them."""
    always, unless_served = barriers(rule.exclusions, rule.n_steps, n_reached)
    ends = np.flatnonzero(((masks & always) != 0) | (((masks & unless_served) != 0) & ~serves))
    if not len(ends):
        return np.ones(len(last), bool)
    barred = _following(ends, last + 1)
    return (barred <= last) | (barred > following)


def _walk_in_any_order(keys: Array, masks: Array, rule: _Rule) -> Levels:
    path = [np.flatnonzero(rule.starts(masks) & _may_begin(keys, rule))]
    levels = [[keys[path[0]]]]
    steps = masks & rule.every_step
    done = steps[path[0]] & -steps[path[0]]
    for n_reached in range(1, rule.n_steps):
        following, is_reached = path[-1].copy(), np.ones(len(path[-1]), bool)
        for state in np.unique(done):
            is_here = done == state
            serves = (steps & ~state) != 0
            places = np.flatnonzero(serves)
            if len(places):
                last = path[-1][is_here]
                following[is_here] = _following(places, last + 1)
                is_reached[is_here] = _is_free(last, following[is_here], masks, serves, n_reached, rule)
        is_reached &= (following > path[-1]) & (keys[following] - keys[path[0]] <= rule.window)
        path = [place[is_reached] for place in path] + [following[is_reached]]
        levels.append([keys[place] for place in path])
        done = done[is_reached]
        served = steps[path[-1]] & ~done
        done = done | (served & -served)
    return levels


def _best(levels: Levels, first: int, rule: _Rule) -> Attempts:
    """Return each owner's attempt of the last level that it has, the earliest there; keys of a level rise."""
    found, further = [], np.empty(0, np.int64)
    for reach, level in reversed(list(enumerate(levels, 1))):
        owners = rule.owners(level[0])
        is_first = np.ones(len(owners), bool)
        is_first[1:] = owners[1:] != owners[:-1]
        reached = owners[is_first]
        is_best = ~np.isin(reached, further, assume_unique=True)
        steps = np.zeros((int(is_best.sum()), rule.n_steps), np.int64)
        for step, column in enumerate(level):
            steps[:, step] = column[is_first][is_best] & ((1 << rule.bits) - 1)
        best = reached[is_best]
        n_reached = np.full(len(best), reach, np.int64)
        found.append(Attempts(best // len(rule.edges) + first, n_reached, steps, best % len(rule.edges)))
        further = reached
    return _join(found, rule.n_steps)


def _exactly(keys: Array, masks: Array, first: int, rule: _Rule) -> Attempts:
    """Find attempts unit by unit, in plain Python; keys are sorted."""
    units, times = keys >> rule.bits, keys & ((1 << rule.bits) - 1)
    is_wanted = np.isin(units, np.unique(units[rule.starts(masks) & (times < rule.span)]))
    units = units[is_wanted]
    events = list(zip(times[is_wanted].tolist(), masks[is_wanted].tolist(), strict=True))
    edges = [*np.flatnonzero(np.r_[True, units[1:] != units[:-1]][: len(units)]).tolist(), len(events)]
    begins = (rule.starts(masks) & (times < rule.span))[is_wanted]
    places = rule.buckets(times[is_wanted])
    rows = []
    for place, start in enumerate(edges[:-1]):
        if place % _CHECK_EVERY == 0:
            rule.check()
        here = slice(start, edges[place + 1])
        for bucket in np.unique(places[here][begins[here]]).tolist():
            since, until = (*rule.edges, rule.span)[bucket : bucket + 2]
            attempt = best_attempt(events[here], rule.n_steps, rule.order, rule.window, since, until, rule.exclusions)
            rows.append((int(units[start]) + first, len(attempt), bucket, *attempt))
            rows[-1] += (0,) * (rule.n_steps - len(attempt))
    found = np.array(rows, np.int64).reshape(-1, rule.n_steps + 3)
    return Attempts(found[:, 0], found[:, 1], found[:, 3:], found[:, 2])


def _join(parts: list[Attempts], n_steps: int) -> Attempts:
    if not parts:
        none = np.empty(0, np.int64)
        return Attempts(none, none, np.empty((0, n_steps), np.int64), none)
    units, reach, times, buckets = zip(*((p.units, p.reach, p.times, p.buckets) for p in parts), strict=True)
    return Attempts(np.concatenate(units), np.concatenate(reach), np.concatenate(times), np.concatenate(buckets))


def codes_at(attempts: Attempts, step: int, units: Array, times: Array, codes: Array) -> Array:
    """Return, for each attempt, the smallest code among the unit's rows at the moment of a step that it reached."""
    moments = attempts.times[:, step]
    n = len(moments)
    all_units = np.concatenate([attempts.units, units.astype(np.int64)])
    all_times = np.concatenate([moments, times])
    all_codes = np.concatenate([np.full(n, -1, np.int64), codes])
    in_order = np.lexsort((all_codes, all_times, all_units))
    places = np.flatnonzero(in_order < n)
    found = np.empty(n, np.int64)
    following = all_codes[in_order[np.minimum(places + 1, len(in_order) - 1)]]
    found[in_order[places]] = following
    return found
