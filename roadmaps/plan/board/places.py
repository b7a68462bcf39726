"""Where a card goes between two others: positions with gaps, and room made where there is none; knows no database."""

from collections.abc import Sequence

GAP = 1024


def room_between(low: int | None, following: Sequence[int]) -> tuple[int, list[int]]:
    """Return the position of a card that comes after `low` and before what follows, and the new ones of what moves up.

    `following` are the positions of what comes after the place, in order; as few of them as can be move, each to a
    position between the place and the first that stays. `low` is None at the very beginning.
    >>> room_between(1024, [2048, 3072])
    (1536, [])
    >>> room_between(7, [8, 9, 40])
    (15, [23, 31])
    """
    if not following:
        return (0 if low is None else low + GAP), []
    if low is None:
        return following[0] - GAP, []
    for n_moved in range(len(following)):
        free = following[n_moved] - low - 1
        if free >= n_moved + 1:
            return _spread(low, following[n_moved], n_moved + 1)
    n_moved = len(following)
    return _spread(low, low + GAP * (n_moved + 2), n_moved + 1)


def _spread(low: int, high: int, n: int) -> tuple[int, list[int]]:
    step = (high - low) / (n + 1)
    first, *others = [low + max(1, int(step * (number + 1))) for number in range(n)]
    return first, others
