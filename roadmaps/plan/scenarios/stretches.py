"""The stretches of time that capacity is said for: the rest of this quarter or cycle, and the next ones; pure."""

from collections.abc import Iterable
from datetime import date, timedelta

from roadmaps.plan.scenarios.contracts import Stretch


def quarters_from(today: date, n: int, months: float) -> list[tuple[str, Stretch]]:
    """Return the rest of a day's quarter and the next ones by name; of the first, its share of the months.

    >>> [(name, one.starts_on.isoformat(), one.months) for name, one in quarters_from(date(2026, 2, 15), 2, 9)]
    [('Q1 2026', '2026-02-15', 4.5), ('Q2 2026', '2026-04-01', 9)]
    """
    found = []
    year, quarter = today.year, (today.month - 1) // 3
    for _ in range(n):
        first = date(year, 3 * quarter + 1, 1)
        year, quarter = (year + 1, 0) if quarter == 3 else (year, quarter + 1)
        last = date(year, 3 * quarter + 1, 1) - timedelta(days=1)
        at = (last.year, (last.month + 2) // 3)
        found.append((f"Q{at[1]} {at[0]}", _rest_of(today, Stretch(first, last, months))))
    return found


def cycles_from(
    today: date, n: int, months: float, cycles: Iterable[tuple[str, date, date]]
) -> list[tuple[str, Stretch]]:
    """Return the rest of the cycle that a day lies in and those that follow; where several overlap, the shortest.

    >>> half, first = ("H1", date(2026, 1, 1), date(2026, 6, 30)), ("Q1", date(2026, 1, 1), date(2026, 3, 31))
    >>> [name for name, _ in cycles_from(date(2026, 2, 15), 4, 9, [half, first, ("Q2", date(2026, 4, 1), half[2])])]
    ['Q1', 'Q2']
    """
    found: list[tuple[str, Stretch]] = []
    after = today - timedelta(days=1)
    coming = sorted((one for one in cycles if one[2] >= today), key=lambda one: (one[1], one[2] - one[1]))
    for name, first, last in coming:
        if len(found) < n and (max(first, today) > after):
            found.append((name, _rest_of(today, Stretch(first, last, months))))
            after = last
    return found


def _rest_of(today: date, whole: Stretch) -> Stretch:
    if today <= whole.starts_on:
        return whole
    share = ((whole.ends_on - today).days + 1) / whole.n_days
    return Stretch(today, whole.ends_on, round(whole.months * share, 1))
