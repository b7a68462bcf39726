"""Orders out of scores: ranks, what fits a capacity, who may still reach the first places; pure."""

import math
from collections.abc import Iterable, Sequence

from roadmaps.planning.priorities.contracts import Axis, Order, Place, Ranked

WIDTH, HEIGHT = 720.0, 420.0
MOST_TICKS = 6


def build_order(
    rows: Iterable[tuple[int, float | None, float | None, float | None, float | None]], capacity: float | None
) -> Order:
    """Return the order of rows (number, score, least, most, effort); equal scores share the better rank.

    The cut is where the next one does not fit any more: nothing below it is taken, however small it is, for the order
    says what comes first. One without an effort takes nothing.
    >>> rows = [(1, 9.0, 9, 9, 2.0), (2, 5.0, 5, 5, 4.0), (3, 7.0, 7, 7, None), (4, None, None, None, 1)]
    >>> order = build_order(rows, 5)
    >>> [(key, place.rank, place.effort_so_far, place.is_in) for key, place in order.places.items()]
    [(1, 1, 2.0, True), (3, 2, 2.0, True), (2, 3, 6.0, False)]
    """
    ranked, n_without = [], 0
    for key, value, least, most, effort in rows:
        if value is None or least is None or most is None:
            n_without += 1
        else:
            ranked.append(Ranked(key, value, least, most, effort))
    ranked.sort(key=lambda one: (-one.value, one.key))
    places: dict[int, Place] = {}
    so_far, rank, last = 0.0, 0, math.nan
    for number, one in enumerate(ranked, 1):
        rank = rank if one.value == last else number
        last = one.value
        so_far += one.effort or 0.0
        places[one.key] = Place(rank, so_far, None if capacity is None else so_far <= capacity + 1e-9)
    return Order(places, tuple(ranked), n_without, capacity)


def contenders(ranked: Sequence[Ranked], n_top: int, most: int) -> list[int]:
    """Return who can be among the first n at all, at most so many, the best first.

    Whoever at best stays below what n others reach at worst is out, whatever the ranges bring.
    >>> rows = [Ranked(1, 9, 8, 10, None), Ranked(2, 5, 5, 5, None), Ranked(3, 4, 1, 6, None), Ranked(4, 1, 1, 4, None)]
    >>> contenders(rows, 2, 300)
    [1, 2, 3]
    """
    floors = sorted((one.least for one in ranked), reverse=True)
    if not floors:
        return []
    floor = floors[min(n_top, len(floors)) - 1]
    return [one.key for one in ranked if one.most >= floor][:most]


def build_axis(
    key: str,
    label: str,
    values: Sequence[float],
    *,
    least: float,
    most: float,
    length: float,
    flipped: bool,
    steps: Sequence[float] = (),
) -> Axis:
    """Return an axis from 0 (or the least) to a round number above the values; `flipped` axes run upwards."""
    if steps:
        ordered = sorted(steps)
        places = {value: (place + 0.5) / len(ordered) for place, value in enumerate(ordered)}
        ticks = tuple((_at(share, length, flipped), f"{value:g}") for value, share in places.items())
        return Axis(key, label, ordered[0], ordered[-1], ticks, tuple(ordered))
    start = min(0.0, least)
    top = most if most - start <= 1_000 else max([*values, start + 1]) * 1.1
    step = _round_step((top - start) / (MOST_TICKS - 1))
    end = start + step * math.ceil((top - start) / step - 1e-9)
    n = round((end - start) / step)
    ticks = tuple((_at(place / n, length, flipped), f"{start + step * place:,.10g}") for place in range(n + 1))
    return Axis(key, label, start, end, ticks)


def place_on(axis: Axis, value: float, length: float, *, flipped: bool) -> float:
    """Return where a value lies on an axis, in the drawing's units."""
    if axis.steps:
        nearest = min(range(len(axis.steps)), key=lambda place: abs(axis.steps[place] - value))
        return _at((nearest + 0.5) / len(axis.steps), length, flipped)
    return _at(min(1.0, max(0.0, (value - axis.least) / (axis.most - axis.least))), length, flipped)


def _at(share: float, length: float, flipped: bool) -> float:
    return round(length * (1 - share if flipped else share), 1)


def _round_step(step: float) -> float:
    """Return the next 1, 2 or 5 times a power of ten.

    >>> _round_step(0.3), _round_step(7), _round_step(10)
    (0.5, 10.0, 10.0)
    """
    power = 10.0 ** math.floor(math.log10(step))
    return float(next(one * power for one in (1, 2, 5, 10) if one * power >= step - 1e-12))
