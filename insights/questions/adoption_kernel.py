"""How far a feature is used, and a product's engagement score, on arrays of units; pure.

Units are places from 0. A mask has a bit for each bucket, the lowest for the one before the range.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from insights.questions.adoption_contracts import WORD_DAYS
from insights.questions.rates import rate_of

Array = Any
NEVER = np.iinfo(np.int64).max


class Units:
    """Some units by number, rising, and the places of others' rows among them; a row of none of them is left out."""

    def __init__(self, numbers: Array):
        is_there = np.zeros(int(numbers.max()) + 2 if len(numbers) else 1, bool)
        is_there[numbers] = True
        self.numbers = np.flatnonzero(is_there)
        self._places = np.full(len(is_there), -1, np.int32)
        self._places[self.numbers] = np.arange(len(self.numbers), dtype=np.int32)

    def places_of(self, numbers: Array) -> Array:
        """Return the place of each number, -1 where it is none of these units."""
        return self._places[np.minimum(numbers, len(self._places) - 1)]

    def masks_of(self, pieces: Sequence[Mapping[str, Array]]) -> Array:
        """Return the bits that each unit has in any of the pieces, which have a unit at most once."""
        found = np.zeros(len(self.numbers), np.uint64)
        for piece in pieces:
            places = self.places_of(piece["u"])
            is_own = places >= 0
            found[places[is_own]] |= piece["m"][is_own]
        return found

    def earliest_of(self, pieces: Sequence[Mapping[str, Array]]) -> Array:
        """Return the earliest time that each unit has in any of the pieces, NEVER where it has none."""
        found = np.full(len(self.numbers), NEVER, np.int64)
        for piece in pieces:
            places = self.places_of(piece["u"])
            is_own = places >= 0
            found[places[is_own]] = np.minimum(found[places[is_own]], piece["t"][is_own])
        return found


def days_to_buckets(units: Units, found: Mapping[str, Array], n_days: Sequence[int]) -> tuple[Array, list[int]]:
    """Return each unit's mask of buckets, and each bucket's pairs of unit and day.

    `found` has masks m of days, WORD_DAYS to a word w; the buckets have so many days each, one after the other.
    """
    masks, pairs = np.zeros(len(units.numbers), np.uint64), [0] * len(n_days)
    ends = np.cumsum([0, *n_days]).tolist()
    for word in range(-(-ends[-1] // WORD_DAYS)):
        is_here = found["w"] == word
        days, first = found["m"][is_here], word * WORD_DAYS
        own = np.zeros(len(days), np.uint64)
        for place in range(len(n_days)):
            low, high = max(ends[place] - first, 0), min(ends[place + 1] - first, WORD_DAYS)
            if low < high:
                inside = days & np.uint64(((1 << (high - low)) - 1) << low)
                own |= (inside != 0).astype(np.uint64) << np.uint64(place)
                pairs[place] += int(np.bitwise_count(inside).sum())
        masks[units.places_of(found["u"][is_here])] |= own
    return masks, pairs


@dataclass(frozen=True)
class Activity:
    """Which units were active in which buckets, when each was first seen, and which buckets are over.

    `active` are masks, `first_us` microseconds; `is_whole` speaks of the buckets of the range, `edges_us` are their
    first moments and the end of the last.
    """

    active: Array
    first_us: Array
    is_whole: Sequence[bool]
    edges_us: Sequence[int]

    @property
    def in_range(self) -> Array:
        """Return which units were active in the range."""
        return self.active >> np.uint64(1) != 0

    def in_bucket(self, masks: Array, place: int) -> Array:
        """Return which masks have the bit of a bucket of the range; -1 is the one before."""
        return (masks >> np.uint64(place + 1)) & np.uint64(1) == 1


def count_by_bucket(activity: Activity, masks: Array) -> list[int]:
    """Return how many units have each bucket of the range."""
    bits = (np.uint64(1 << (place + 1)) for place in range(len(activity.is_whole)))
    return [int(np.count_nonzero(masks & bit)) for bit in bits]


def _n_over(activity: Activity) -> int:
    """Return how many buckets of the range are over, before the first that is not."""
    return next((place for place, is_over in enumerate(activity.is_whole) if not is_over), len(activity.is_whole))


def _bits(n: int) -> Any:
    """Return the bits of the first n buckets of the range."""
    return np.uint64(((1 << max(n, 0)) - 1) << 1)


def _count(masks: Array) -> int:
    """Return how many bits all masks have."""
    return int(np.bitwise_count(masks).sum(dtype=np.int64))


def keep_rates(activity: Activity, used: Array) -> dict[str, dict[str, Any]]:
    """Return how many of a bucket's users of a feature, and of its other active units, were active in the next bucket.

    Over all buckets after which another one of the range is over: a unit counts in each of them that it is active in.
    """
    n_over = next((n for n, is_over in enumerate(activity.is_whole[1:]) if not is_over), len(activity.is_whole) - 1)
    followed, following = activity.active & _bits(n_over), activity.active >> np.uint64(1)
    counts = {"users": followed & used, "others": followed & ~used}
    pairs = {name: (_count(masks & following), _count(masks)) for name, masks in counts.items()}
    return {name: {"kept": kept, "of": of, **rate_of(kept, of)} for name, (kept, of) in pairs.items()}


def first_use(activity: Activity, used_us: Array) -> dict[str, Any]:
    """Return how many used a feature for the first time in the range, and the median time since they were first seen.

    `used_us` is each unit's first use ever, NEVER for none.
    """
    is_here = (used_us >= activity.edges_us[0]) & (used_us < activity.edges_us[-1])
    took = used_us[is_here] - activity.first_us[is_here]
    return {"count": int(is_here.sum()), "median_s": float(np.median(took)) / 1e6 if len(took) else None}


def growth(activity: Activity) -> dict[str, Any]:
    """Return who came and went over the buckets of the range that are over, and the growth from 0 to 100.

    Growth is r ÷ (r + 1) of the ratio r = (new + recovered) ÷ dropped: 50 where as many come as go.
    """
    n_over, active = _n_over(activity), activity.active
    before, over = active << np.uint64(1), _bits(n_over)
    dropped = _count(before & ~active & over)
    bucket = np.searchsorted(np.array(activity.edges_us[: n_over + 1], np.int64), activity.first_us, side="right")
    is_known = (bucket > 0) & (bucket <= n_over)  # first seen in a bucket that is over, whose bit is this
    first = np.uint64(1) << bucket[is_known].astype(np.uint64)
    is_new = active[is_known] & first != 0
    new = int(is_new.sum())
    recovered = _count(active & ~before & over) - int((is_new & (before[is_known] & first == 0)).sum())
    came = new + recovered
    return {
        "new": new,
        "recovered": recovered,
        "dropped": dropped,
        "ratio": came / dropped if dropped else None,
        "value": 100 * came / (came + dropped) if came + dropped else None,
    }


def stickiness(activity: Activity, unit_days: Sequence[int], n_days: Sequence[int]) -> float | None:
    """Return the share of a bucket's days on which those active in it were active, 0 to 100; of buckets that are over.

    Parameters: unit_days — for each bucket the pairs of unit and local day with an event; n_days — its days.
    """
    possible = done = 0
    for place, is_over in enumerate(activity.is_whole):
        if is_over:
            done += unit_days[place]
            possible += int(activity.in_bucket(activity.active, place).sum()) * n_days[place]
    return 100 * done / possible if possible else None


def engagement(core_shares: Sequence[float], sticky: float | None, grown: float | None) -> dict[str, Any]:
    """Return the score and its parts, each from 0 to 100; no score where a part is missing, with the reason.

    >>> engagement([0.2, 0.4], 50.0, 40.0)["value"]
    40.0
    """
    adoption = 100 * sum(core_shares) / len(core_shares) if core_shares else None
    parts = {"adoption": adoption, "stickiness": sticky, "growth": grown}
    known = [value for value in parts.values() if value is not None]
    reason = None
    if len(known) < len(parts):
        missing = next(name for name, value in parts.items() if value is None)
        reason = {"adoption": "no_core_feature", "stickiness": "nothing_over", "growth": "nothing_over"}[missing]
    return {"value": None if reason else sum(known) / len(known), "reason": reason, **parts}
