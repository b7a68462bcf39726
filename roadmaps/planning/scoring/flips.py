"""Which single input would change who stands first, and from which value on; pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from roadmaps.planning.scoring.contracts import Definition, Input, Sheet
from roadmaps.planning.scoring.formulas import value_of, values_of
from roadmaps.planning.scoring.working import capped

MOST_RIVALS = 5
_FACTOR = 10.0  # an input is followed up to ten times its value, and down to a tenth
_POINTS = 65
_HALVINGS = 40


@dataclass(frozen=True)
class Flip:
    """If `input` of `key` went over (or under) `threshold`, `first` would stand first; `is_within` its own range."""

    key: int
    input: Input
    is_over: bool
    threshold: float
    first: int
    distance: float
    is_within: bool


@dataclass(frozen=True)
class _Row:
    key: int
    likely: dict[str, float]
    own: float
    total: float
    unblocks: frozenset[int]
    ends: dict[str, tuple[float, float]]


def find_flips(
    definition: Definition, sheets: Sequence[Sheet], totals: Mapping[int, float], *, most: int = 6
) -> list[Flip]:
    """Return which single inputs would change the first place, the nearest first: inside of their ranges, then beyond.

    `sheets` are the first few in order, `totals` their scores with what they unblock. An input is followed from its
    likely value to the end of its scale, at most to ten times or a tenth of it; all others stay as they are. `distance`
    is how far that is, as a share of the likely value.
    """
    rows = [row for one in sheets if (row := _row(definition, one, totals)) is not None]
    if len(rows) < 2:
        return []
    leader, rivals = rows[0], rows[1 : MOST_RIVALS + 1]
    if rivals[0].total >= leader.total:
        return []  # the first place is shared: nothing needs to change
    field = [leader, *rivals]
    found = [
        flip
        for row in field
        for asked in definition.inputs
        for is_over in (False, True)
        if (flip := _flip(definition, field, row, asked, is_over=is_over)) is not None
    ]
    return sorted(found, key=lambda one: (not one.is_within, one.distance, one.key))[:most]


def _row(definition: Definition, sheet: Sheet, totals: Mapping[int, float]) -> _Row | None:
    if sheet.key not in totals or any(one.key not in sheet.given for one in definition.inputs):
        return None
    most_sure = capped(definition, sheet.given)
    likely = {
        one.key: min(sheet.given[one.key].likely, most_sure.get(one.key, float("inf"))) for one in definition.inputs
    }
    own = value_of(definition.formula, likely)
    if own is None:
        return None
    ends = {one.key: sheet.given[one.key].ends for one in definition.inputs}
    return _Row(sheet.key, likely, own, totals[sheet.key], frozenset(sheet.unblocks) - {sheet.key}, ends)


def _first(field: Sequence[_Row], changed: _Row, own: float) -> _Row:
    """Return who stands first when the own score of one is another; the leader as long as nobody has more."""
    delta = own - changed.own

    def total(row: _Row) -> float:
        return row.total + (delta if row.key == changed.key or changed.key in row.unblocks else 0.0)

    best = field[0]
    for row in field[1:]:
        if total(row) > total(best):
            best = row
    return best


def _flip(definition: Definition, field: Sequence[_Row], row: _Row, asked: Input, *, is_over: bool) -> Flip | None:
    likely = row.likely[asked.key]

    def first_at(value: float) -> _Row:
        own = value_of(definition.formula, {**row.likely, asked.key: value})
        return field[0] if own is None else _first(field, row, own)

    points = _points(asked, likely, is_over=is_over)
    before = likely
    for value in _candidates(definition, field, row, asked, points):
        if first_at(value).key != field[0].key:
            threshold = value if asked.rungs else _between(first_at, before, value, field[0].key)
            low, high = row.ends[asked.key]
            distance = abs(threshold - likely) / abs(likely) if likely else abs(threshold - likely)
            is_within = low <= threshold <= high and low < high
            return Flip(row.key, asked, is_over, threshold, first_at(value).key, distance, is_within)
        before = value
    return None


def _points(asked: Input, likely: float, *, is_over: bool) -> list[float]:
    """Return the values to look at, from the likely one outwards."""
    if asked.rungs:
        steps = sorted((one.value for one in asked.rungs), reverse=not is_over)
        return [one for one in steps if (one > likely if is_over else one < likely)]
    if is_over:
        end = min(asked.most, max(likely * _FACTOR, likely + 1))
    else:
        end = max(asked.least, likely / _FACTOR if likely > 0 else likely * _FACTOR - 1)
    step = (end - likely) / (_POINTS - 1)
    return [] if step == 0 else [likely + step * place for place in range(1, _POINTS)]


def _candidates(
    definition: Definition, field: Sequence[_Row], row: _Row, asked: Input, points: list[float]
) -> list[float]:
    """Return the points up to the first at which another stands first: worked out at once, then asked one by one."""
    import numpy as np

    if not points:
        return []
    scores = values_of(definition.formula, {**row.likely, asked.key: np.array(points)})
    scores = np.broadcast_to(scores, (len(points),))
    for place, own in enumerate(scores):
        if not np.isnan(own) and _first(field, row, float(own)).key != field[0].key:
            return points[max(0, place - 1) : place + 1]
    return []


def _between(first_at: Callable[[float], _Row], inside: float, outside: float, leader: int) -> float:
    """Return the value between two at which the leader is passed, by halving."""
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        if first_at(middle).key == leader:
            inside = middle
        else:
            outside = middle
    return outside
