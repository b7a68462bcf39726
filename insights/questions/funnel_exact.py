"""One unit's best attempt at a funnel, exactly, also where one event can serve two steps; plain Python on integers.

Used for the orders `strict` and `any`, and for units of ordered funnels whose events can serve several steps. An
event is (time in microseconds, mask): bit k of the mask says that it satisfies step k, counted from 0; the bits after
those of the steps say which exclusions it satisfies.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby

Event = tuple[int, int]
Attempt = tuple[int, ...]  # the time of each step reached; empty when none is
Group = tuple[int, list[int]]  # one moment, and the masks of its events
Exclusions = Sequence[tuple[int, int]]  # (after, before): it ends an attempt that reached `after` steps, not `before`


def best_attempt(
    events: Sequence[Event],
    n_steps: int,
    order: str,
    window: int,
    since: int,
    until: int,
    exclusions: Exclusions = (),
) -> Attempt:
    """Return the times of the attempt that gets furthest, the earliest of those.

    Parameters: events — one unit's, sorted by time; window, since, until — microseconds; an attempt begins in
    [since, until) and its later steps lie at most `window` after its first. Of attempts that begin at one moment and
    get equally far, the one with the earliest steps is returned.
    >>> best_attempt([(0, 0b1), (5, 0b11), (9, 0b10)], 2, "ordered", 10, 0, 100)
    (0, 5)
    """
    groups = [(ts, [mask for _, mask in found]) for ts, found in groupby(events, key=lambda event: event[0])]
    follow = partial(_excluding, order=order, exclusions=exclusions) if exclusions else _ORDERS[order]
    best: Attempt = ()
    for place, (start, _) in enumerate(groups):
        if not since <= start < until:
            continue
        for attempt in follow(groups, place, n_steps, start + window):
            if len(attempt) > len(best) or (len(attempt) == len(best) and attempt < best):
                best = attempt
        if len(best) == n_steps:
            break
    return best


def furthest(masks: Sequence[int], first: int, n_steps: int) -> int:
    """Return how many steps from `first` on can be served in turn, each by its own event of one moment."""
    if len(masks) == 1:
        return (masks[0] >> first) & 1 if first < n_steps else 0
    served: dict[int, int] = {}  # event → step

    def place(step: int, tried: set[int]) -> bool:
        for event, mask in enumerate(masks):
            if mask >> step & 1 and event not in tried:
                tried.add(event)
                if event not in served or place(served[event], tried):
                    served[event] = step
                    return True
        return False

    step = first
    while step < n_steps and place(step, set()):
        step += 1
    return step - first


def barriers(exclusions: Exclusions, n_steps: int, n_reached: int) -> tuple[int, int]:
    """Return which bits end an attempt that has reached so many steps: whatever else, and unless the next is served.

    >>> barriers([(1, 3), (2, 3)], 3, 1), barriers([(1, 3), (2, 3)], 3, 2)
    ((8, 0), (0, 24))
    """
    always = unless_served = 0
    for place, (after, before) in enumerate(exclusions):
        if after <= n_reached < before:
            if before == n_reached + 1:
                unless_served |= 1 << (n_steps + place)
            else:
                always |= 1 << (n_steps + place)
    return always, unless_served


def _ordered(groups: Sequence[Group], place: int, n_steps: int, end: int) -> Iterator[Attempt]:
    times: list[int] = []
    for ts, masks in groups[place:]:
        if ts > end or len(times) == n_steps:
            break
        times += [ts] * furthest(masks, len(times), n_steps)
        if not times:
            return
    yield tuple(times)


def _strict(groups: Sequence[Group], place: int, n_steps: int, end: int) -> Iterator[Attempt]:
    """Follow the very next events: of the first moment any number of events may come before the attempt begins."""
    start, masks = groups[place]
    for n_first in range(1, furthest(masks, 0, n_steps) + 1):
        times = [start] * n_first
        for ts, masks_then in groups[place + 1 :]:
            if ts > end or len(times) == n_steps:
                break
            n = furthest(masks_then, len(times), n_steps)
            times += [ts] * n
            if n < len(masks_then):
                break
        yield tuple(times)


EndsOf = Callable[[Sequence[int], int], set[tuple[int, bool]]]  # masks of one moment, steps done → steps done, over?


def _by_states(groups: Sequence[Group], place: int, n_steps: int, end: int, ends_of: EndsOf) -> Iterator[Attempt]:
    """Follow every set of steps done from moment to moment; keep the earliest way to each."""
    states: dict[int, Attempt] = {0: ()}
    for ts, masks in groups[place:]:
        if ts > end:
            break
        found: dict[int, Attempt] = {}
        for done, times in states.items():
            for after, is_over in ends_of(masks, done):
                grown = times + (ts,) * (after.bit_count() - done.bit_count())
                if is_over:
                    yield grown
                elif after not in found or grown < found[after]:
                    found[after] = grown
        states = {done: times for done, times in found.items() if times}
        if not states or (1 << n_steps) - 1 in states:
            break
    yield from states.values()


def _any(groups: Sequence[Group], place: int, n_steps: int, end: int) -> Iterator[Attempt]:
    """Let each event serve the first step that is open and that it satisfies."""

    def ends_of(masks: Sequence[int], done: int) -> set[tuple[int, bool]]:
        return {(after, False) for after in _orders_of(masks, done, n_steps, may_skip=not done)}

    return _by_states(groups, place, n_steps, end, ends_of)


def _orders_of(masks: Sequence[int], done: int, n_steps: int, *, may_skip: bool) -> set[int]:
    """Return the sets of steps done after one moment's events, over all their orders.

    With `may_skip` the attempt has not begun, so events may come before it.
    """
    counts: dict[int, int] = {}
    for mask in masks:
        if mask & ~done:
            counts[mask] = min(counts.get(mask, 0) + 1, n_steps)
    kinds = tuple(counts)
    ends: set[int] = set()
    seen = {(done, tuple(counts.values()))}
    open_states = list(seen)
    while open_states:
        state, left = open_states.pop()
        live = [index for index, n in enumerate(left) if n and kinds[index] & ~state]
        if not live:
            ends.add(state)
        for index in live:
            fewer = (*left[:index], left[index] - 1, *left[index + 1 :])
            free = kinds[index] & ~state
            following = [(state | (free & -free), fewer)]
            if may_skip and state == done:
                following.append((state, fewer))
            for item in following:
                if item not in seen:
                    seen.add(item)
                    open_states.append(item)
    return ends


def _excluding(
    groups: Sequence[Group], place: int, n_steps: int, end: int, *, order: str, exclusions: Exclusions
) -> Iterator[Attempt]:
    """Follow attempts that an exclusion may end, in any of the orders."""
    ends_of = partial(_ends_of, n_steps=n_steps, order=order, exclusions=exclusions)
    return _by_states(groups, place, n_steps, end, ends_of)


def _ends_of(
    masks: Sequence[int], done: int, *, n_steps: int, order: str, exclusions: Exclusions
) -> set[tuple[int, bool]]:
    """Return the steps done after one moment's events, and whether that ended the attempt, over all their orders."""
    every = (1 << n_steps) - 1
    counts: dict[int, int] = {}
    for mask in masks:
        if mask or order == "strict":  # of equal events more can neither serve nor end than these
            counts[mask] = min(counts.get(mask, 0) + 1, (mask & every).bit_count() + 1)
    kinds = tuple(counts)
    ends: set[tuple[int, bool]] = set()
    seen = {(done, tuple(counts.values()))}
    open_states = list(seen)
    while open_states:
        state, left = open_states.pop()
        if state == every or not any(left):
            ends.add((state, False))
            continue
        for index in [index for index, n in enumerate(left) if n]:
            fewer = (*left[:index], left[index] - 1, *left[index + 1 :])
            after, is_over = _meet(kinds[index], state, n_steps, order, exclusions)
            if is_over:
                ends.add((after, True))
                continue
            for item in {(after, fewer), (state if not state else after, fewer)} - seen:
                seen.add(item)
                open_states.append(item)
    return ends


def _meet(mask: int, done: int, n_steps: int, order: str, exclusions: Exclusions) -> tuple[int, bool]:
    """Return the steps done after one more event, and whether it ends the attempt."""
    n_reached = done.bit_count()
    free = mask & ((1 << n_steps) - 1) & (~done if order == "any" else 1 << n_reached)
    always, unless_served = barriers(exclusions, n_steps, n_reached)
    if mask & always or (mask & unless_served and not free):
        return done, True
    if free:
        return done | (free & -free), False
    return done, order == "strict" and n_reached > 0


_ORDERS = {"ordered": _ordered, "strict": _strict, "any": _any}
