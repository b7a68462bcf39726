"""Cumulative lines and moving averages: what becomes of a trend's buckets one after another."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from insights.questions.contracts import VALUE_MEASURES
from insights.questions.kinds.combined import Numbers

_ADDED = ("total", "persons", "first_time", "sum")
IN_PAIRS = ("avg", "per_person")  # kept as (above, below) until both are added up
_NO_ODD = "0 as x, 0 as y"
_ODD = "count(t) - count(v) as x, count(*) - count(t) as y"


def cumulative_sql(measure: str, aggregate: str, rows: str, group: str) -> str:
    """Return cells from which `add_up` makes the measure over the range up to each bucket's end.

    Parameters: aggregate — the measure of one bucket; rows — a select of b, and u or v and t; group — "g, " or "".
    """
    if measure == "persons":
        firsts = f"select {group}u, min(b) as b from ({rows}) group by {group}u"
        return f"select {group}b, count(*) as value, 0 as n, {_NO_ODD} from ({firsts}) group by all"
    if measure == "per_person":
        days = f"select {group}u, b, count(*) as k from ({rows}) group by {group}u, b"
        days = f"select *, b = min(b) over (partition by {group}u) as is_first from ({days})"
        pair = "[sum(k)::double, count(*) filter (is_first)::double]"
        return f"select {group}b, {pair} as value, sum(k)::bigint as n, {_NO_ODD} from ({days}) group by {group}b"
    if measure == "avg":
        aggregate = "[coalesce(fsum(v), 0), count(v)::double]"
    elif measure in VALUE_MEASURES and measure not in ("sum", "min", "max"):
        part = "partition by g " if group else ""
        rows = f"select *, {aggregate} over ({part}order by b) as upto from ({rows})"
        aggregate = "any_value(upto)"
    odd = _ODD if measure in VALUE_MEASURES else _NO_ODD
    return f"select {group}b, {aggregate} as value, count(*) as n, {odd} from ({rows}) group by {group}b"


def add_up(measure: str, cells: Mapping[int, Any], n_buckets: int, empty: int | None) -> Numbers:
    """Return a value for each bucket from cells as `cumulative_sql` makes them; `empty` until there is anything."""
    add, found, so_far = _adder(measure), [], None
    for place in range(n_buckets):
        cell = cells.get(place)
        if cell is not None:
            so_far = cell if so_far is None else add(so_far, cell)
        if so_far is not None and measure in IN_PAIRS:
            found.append(so_far[0] / so_far[1] if so_far[1] else None)
        else:
            found.append(empty if so_far is None else so_far)
    return found


def _adder(measure: str) -> Callable[[Any, Any], Any]:
    if measure in _ADDED:
        return operator.add
    if measure in IN_PAIRS:
        return lambda one, other: [one[0] + other[0], one[1] + other[1]]
    if measure in ("min", "max"):
        return {"min": min, "max": max}[measure]
    return lambda one, other: other  # a quantile's cell speaks of all events up to there


def moving_average(values: Numbers, n: int) -> Numbers:
    """Return for each value from the n-th on the mean of the n that end with it; those that are missing are left out.

    >>> moving_average([1, 3, None, 8], 2)
    [2.0, 3.0, 8.0]
    """
    found: Numbers = []
    for end in range(n, len(values) + 1):
        known = [value for value in values[end - n : end] if value is not None]
        found.append(sum(known) / len(known) if known else None)
    return found
