"""When the attempts of a funnel did its optional steps, on arrays; see `funnel_kernel` for units, times and masks.

An optional step lies between the required step before it and the one after it. Where that was not reached, it lies
before whatever ended the attempt: the window, an exclusion, in a strict funnel the next event of another name. In any
order it lies anywhere in the attempt. At the very moment of a required step of the attempt only an event that fits no
required step counts; of several optional steps each is looked for by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from insights.questions.funnel_kernel import KEY_BITS, Attempts

Array = Any
NEVER = -1
_FAR = np.iinfo(np.int64).max


@dataclass(frozen=True)
class OptionalRule:
    """What attempts are, as for `find_attempts`, and after how many required steps each optional step comes.

    The masks have the bits of the required steps first, then those of the exclusions, then those of the optional steps.
    """

    n_steps: int
    order: str
    window: int
    span: int
    exclusions: Sequence[tuple[int, int]]
    after: Sequence[int]

    @property
    def every_step(self) -> int:
        """Return the bits of all required steps."""
        return (1 << self.n_steps) - 1

    @property
    def for_attempts(self) -> int:
        """Return the bits of which attempts are made."""
        return (1 << (self.n_steps + len(self.exclusions))) - 1

    @property
    def bits(self) -> int:
        """Return how many bits of a key hold the time."""
        return (self.span + self.window).bit_length()


def of_attempts(masks: Array, rule: OptionalRule) -> Array:
    """Say which events attempts are made of; a strict one passes over those that fit an optional step alone."""
    own = masks & rule.for_attempts
    return (own != 0) | (masks == 0) if rule.order == "strict" else own != 0


def rows_of_attempts(units: Array, times: Array, masks: Array, rule: OptionalRule) -> tuple[Array, Array, Array]:
    """Return the events of which attempts are made, as `find_attempts` takes them.

    Where each fits one step at most and not all count, those that fit none are not searched and may as well stay.
    """
    own = masks & rule.for_attempts
    if rule.order != "strict" and not ((own & (own - 1)) != 0).any():
        return units, times, own
    is_own = of_attempts(masks, rule)
    return units[is_own], times[is_own], own[is_own]


def index_optional(units: Array, times: Array, masks: Array, rule: OptionalRule) -> "Lines":
    """Return the events in which optional steps are looked for, sorted: what takes long and needs no attempts."""
    if rule.order != "strict":  # else every event ends an attempt
        is_needed = masks >> rule.n_steps != 0
        units, times, masks = units[is_needed], times[is_needed], masks[is_needed]
    n_per_shard = 1 << (KEY_BITS - rule.bits)
    highest = int(units.max()) if len(units) else -1
    lines = []
    for first in range(0, highest + 1, n_per_shard):
        is_here = _between(units, first, n_per_shard, highest < n_per_shard)
        keys = ((units[is_here].astype(np.int64) - first) << rule.bits) | times[is_here]
        lines.append((first, _Line(keys, masks[is_here], rule)))
    return lines


def find_optional(attempts: Attempts, lines: "Lines", rule: OptionalRule) -> Array:
    """Return when each attempt did each optional step, in microseconds, NEVER where it did not."""
    found = np.full((len(attempts.units), len(rule.after)), NEVER, np.int64)
    n_per_shard = 1 << (KEY_BITS - rule.bits)
    is_one = not len(attempts.units) or int(attempts.units.max()) < n_per_shard
    for first, line in lines:
        is_own = _between(attempts.units, first, n_per_shard, is_one)
        bases = (attempts.units[is_own].astype(np.int64) - first) << rule.bits
        for place in range(len(rule.after)):
            found[is_own, place] = line.look_for(place, bases, attempts.reach[is_own], attempts.times[is_own])
    return found


def _between(units: Array, first: int, n: int, is_one: bool) -> Array | slice:
    """Return which units are those of a shard; where there is one alone, all of them."""
    return slice(None) if is_one else (units >= first) & (units < first + n)


class _Line:
    """The events of some units as keys; `alone` has those of each optional step that fit no required one, sorted."""

    def __init__(self, keys: Array, masks: Array, rule: OptionalRule):
        self.keys, self.masks, self.rule = keys, masks, rule
        self.is_required = masks & rule.every_step != 0
        self.alone = [self.sorted(self.fits(place) & ~self.is_required) for place in range(len(rule.after))]

    def fits(self, place: int) -> Array:
        """Say which events fit an optional step."""
        return (self.masks >> (self.rule.n_steps + len(self.rule.exclusions) + place)) & 1 != 0

    def sorted(self, which: Array) -> Array:
        """Return some of the keys, sorted."""
        return np.sort(self.keys[which])

    def look_for(self, place: int, bases: Array, reach: Array, times: Array) -> Array:
        """Return when each attempt did one optional step."""
        rule = self.rule
        after = 1 if rule.order == "any" else rule.after[place]
        starts = _step(after, bases, reach, times)
        # In any order it lies in the whole attempt, else before the next required step.
        until = rule.n_steps if rule.order == "any" else after + 1
        ends = self._ends(bases, reach, times, until)
        fits = self.fits(place)
        earliest = _at_or_after(self.alone[place], starts)
        if (fits & self.is_required).any():
            steps = np.stack([_step(number, bases, reach, times) for number in range(1, rule.n_steps + 1)], axis=1)
            earliest = np.minimum(earliest, self._beside(self.sorted(fits), starts, steps))
        is_done = (reach >= after) & (earliest <= ends)
        return np.where(is_done, earliest - bases, NEVER)

    def _beside(self, every: Array, starts: Array, steps: Array) -> Array:
        """Return the first of the keys after each start that is none of the attempt's required steps."""
        found = _at_or_after(every, starts + 1)
        for _ in range(self.rule.n_steps):
            found = np.where((steps == found[:, None]).any(axis=1), _at_or_after(every, found + 1), found)
        return found

    def _ends(self, bases: Array, reach: Array, times: Array, until: int) -> Array:
        """Return the last key at which an optional step before the required step `until` counts."""
        rule = self.rule
        ends = (bases | times[:, 0]) + rule.window
        for place, (after, before) in enumerate(rule.exclusions):
            barred = self.sorted((self.masks >> (rule.n_steps + place)) & 1 != 0)
            is_open = (after <= reach) & (reach < before)
            starts = _step(after, bases, reach, times)
            ends = np.where(is_open, np.minimum(ends, _at_or_after(barred, starts + 1) - 1), ends)
        if rule.order == "strict":
            last = bases | times[np.arange(len(reach)), reach - 1]
            ends = np.minimum(ends, _at_or_after(self.sorted(of_attempts(self.masks, rule)), last + 1) - 1)
        if until > rule.n_steps:
            return ends
        return np.where(reach >= until, bases | times[:, until - 1], ends)


Lines = list[tuple[int, _Line]]  # with the first unit of each


def _step(number: int, bases: Array, reach: Array, times: Array) -> Array:
    """Return the key of each attempt's required step of a number, from 1; NEVER where it was not reached."""
    return np.where(reach >= number, bases | times[:, number - 1], NEVER)


def _at_or_after(ranked: Array, wanted: Array) -> Array:
    """Return the first of the keys at or after each wanted one; far away where there is none."""
    if not len(ranked):
        return np.full(len(wanted), _FAR)
    places = np.searchsorted(ranked, wanted)
    return np.where(places < len(ranked), ranked[np.minimum(places, len(ranked) - 1)], _FAR)
