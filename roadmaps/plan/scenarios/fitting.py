"""What fits a capacity and when, and how two plans differ; pure.

The work of a plan is done one initiative after the other in its order, each with all of the capacity; the months of a
stretch are spread evenly over its days.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from roadmaps.plan.scenarios.contracts import Comparison, GoalShift, Plan, Slot, Stretch, Work

_EPSILON = 1e-9


def fit(works: Iterable[Work], stretches: Sequence[Stretch]) -> Plan:
    """Return the plan of some work in its order; without stretches everything fits and has no days.

    The cut is where the next one does not fit any more: nothing below it is taken, however small it is, as on the page
    of priorities. One without an effort takes nothing.
    >>> quarter = Stretch(date(2026, 1, 1), date(2026, 3, 31), 9)
    >>> plan = fit([Work(1, 3, value=50), Work(2, 4.5, value=20), Work(3, 2), Work(4, 1)], [quarter])
    >>> [(slot.fits, slot.effort_so_far) for slot in plan.slots.values()]
    [(True, 3.0), (True, 7.5), (False, 9.5), (False, 10.5)]
    >>> plan.slots[2].begins.isoformat(), plan.slots[2].ends.isoformat(), plan.value
    ('2026-01-31', '2026-03-16', 70)
    """
    capacity = sum(one.months for one in stretches) if stretches else None
    slots: dict[int, Slot] = {}
    so_far = 0.0
    for place, work in enumerate(works, 1):
        start, so_far = so_far, so_far + (work.effort or 0)
        fits = capacity is None or so_far <= capacity + _EPSILON
        has_days = bool(fits and work.effort and capacity is not None)
        begins = _first_day(start, stretches) if has_days else None
        ends = _last_day(so_far, stretches) if has_days else None
        slots[work.key] = Slot(work, place, so_far, fits, begins, ends)
    return Plan(slots, capacity)


def _first_day(months: float, stretches: Sequence[Stretch]) -> date | None:
    """Return the day on which the work after so many months begins."""
    done = 0.0
    for one in stretches:
        if one.months and months < done + one.months - _EPSILON:
            n_days = math.floor((months - done) / one.months * one.n_days + _EPSILON)
            return one.starts_on + timedelta(days=max(0, n_days))
        done += one.months
    return None


def _last_day(months: float, stretches: Sequence[Stretch]) -> date | None:
    """Return the day on which so many months are done."""
    done = 0.0
    for one in stretches:
        if one.months and months <= done + one.months + _EPSILON:
            n_days = math.ceil((months - done) / one.months * one.n_days - _EPSILON)
            return one.starts_on + timedelta(days=min(one.n_days, max(1, n_days)) - 1)
        done += one.months
    return None


def compare(before: Plan, after: Plan, goals: Iterable[int] = ()) -> Comparison:
    """Return how a plan differs from the one before; `goals` are told of even where neither plan serves them."""
    was, now = before.served(), after.served()
    known = dict.fromkeys([*goals, *was, *now])
    fit_before, fit_after = ({one.work.key for one in plan.fitting} for plan in (before, after))
    broken_before, broken_after = ({one.work.key for one in plan.broken} for plan in (before, after))
    # What one plan left out breaks its promise too: nobody does it.
    broken_after |= {one.work.key for one in before.slots.values() if _is_missing(one, after)}
    broken_before |= {one.work.key for one in after.slots.values() if _is_missing(one, before)}
    return Comparison(
        before=before,
        after=after,
        goals=[GoalShift(one, was.get(one, 0), now.get(one, 0)) for one in known],
        comes_in=[key for key in after.slots if key in fit_after - fit_before],
        falls_out=[key for key in before.slots if key in fit_before - fit_after],
        broken_before=frozenset(broken_before),
        broken_after=frozenset(broken_after),
    )


def _is_missing(slot: Slot, plan: Plan) -> bool:
    return slot.work.promised_on is not None and slot.work.key not in plan.slots
