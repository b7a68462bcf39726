"""Working a score out of what was said: its value, its ends, its cap; pure."""

import itertools
from collections.abc import Iterable, Mapping

from roadmaps.planning.scoring.contracts import CAPS, Definition, Given, Sheet, Worked
from roadmaps.planning.scoring.formulas import value_of

_ORDER = ("measured", "estimated", "guessed")


def weakest_label(definition: Definition, given: Mapping[str, Given]) -> str:
    """Return the weakest label of what a confidence stands on: all inputs but itself."""
    labels = [given[one.key].label for one in definition.inputs if one.key in given and one.role != "confidence"]
    return max(labels, key=_ORDER.index, default="guessed")


def capped(definition: Definition, given: Mapping[str, Given]) -> dict[str, float]:
    """Return the most that each confidence may be, by key: a guess allows half of it, an estimate four fifths."""
    cap = CAPS[weakest_label(definition, given)]
    return {one.key: cap * one.full for one in definition.inputs if one.role == "confidence"}


def work_out(definition: Definition, given: Mapping[str, Given]) -> Worked:
    """Return the score of what was said.

    Its ends are at the corners of the ranges; where a formula names an input twice they are not sure to be the ends.
    >>> from roadmaps.planning.scoring.kinds import build
    >>> said = {"importance": Given(8, low=6, high=9), "satisfaction": Given(3)}
    >>> worked = work_out(build("opportunity"), said)
    >>> worked.value, worked.least, worked.most
    (56.0, 42.0, 63.0)
    """
    missing = tuple(one.key for one in definition.inputs if one.key not in given)
    weakest = weakest_label(definition, given)
    cap = CAPS[weakest]
    if missing:
        return Worked(None, None, None, weakest, cap, is_capped=False, missing=missing)
    most_sure = capped(definition, given)
    likely = {one.key: given[one.key].likely for one in definition.inputs}
    is_capped = any(likely[key] > most for key, most in most_sure.items())
    likely |= {key: min(likely[key], most) for key, most in most_sure.items()}
    value = value_of(definition.formula, likely)
    ranged = [one.key for one in definition.inputs if one.takes_range and given[one.key].is_range]
    corners = itertools.product(*(given[key].ends for key in ranged)) if ranged else []
    at_corners = [likely | dict(zip(ranged, corner, strict=True)) for corner in corners]
    found = [value, *(value_of(definition.formula, values) for values in at_corners)]
    known = [one for one in found if one is not None]
    least, most = (min(known), max(known)) if value is not None else (None, None)
    return Worked(value, least, most, weakest, cap, is_capped)


def with_unblocked(own: Mapping[int, float | None], sheets: Iterable[Sheet]) -> dict[int, float | None]:
    """Return each score with those of all that wait for it, directly or through others, each once.

    What waits and has no score adds nothing; what has none itself stays without.
    >>> with_unblocked({1: 2.0, 2: 3.0, 3: 4.0}, [Sheet(1, {}, (2, 3)), Sheet(2, {}, (3,)), Sheet(3, {})])
    {1: 9.0, 2: 7.0, 3: 4.0}
    """
    total: dict[int, float | None] = {}
    for sheet in sheets:
        value = own.get(sheet.key)
        waiting = (own.get(one) for one in set(sheet.unblocks) - {sheet.key})
        total[sheet.key] = None if value is None else value + sum(one for one in waiting if one is not None)
    return total


def all_that_wait(needs: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    """Return for each thing all that wait for it, directly or through others; `needs` are pairs (waits, needed).

    >>> sorted(all_that_wait([(2, 1), (3, 2), (3, 1)])[1])
    [2, 3]
    """
    direct: dict[int, set[int]] = {}
    for waits, needed in needs:
        direct.setdefault(needed, set()).add(waits)
    found: dict[int, frozenset[int]] = {}
    for start in direct:
        seen: set[int] = set()
        ahead = [start]
        while ahead:
            for one in direct.get(ahead.pop(), ()):
                if one not in seen:
                    seen.add(one)
                    ahead.append(one)
        found[start] = frozenset(seen - {start})
    return found
