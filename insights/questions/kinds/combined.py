"""Series of a trend put together by a formula: the same groups for all of them, then bucket by bucket."""

from collections.abc import Callable, Sequence
from typing import Any

from insights.questions.formulas import Formula
from insights.questions.grouped import Line
from insights.questions.running import MAX_GROUPS, Groups, Run

Numbers = list[float | int | None]
Valued = tuple[Line, Numbers]
Values = Callable[[Sequence[int]], dict[int, list[Valued]]]


def combine(formula: Formula, run: Run, values: Values, empty: Sequence[int | None]) -> list[Valued]:
    """Return the formula's lines.

    `values(indexes)` gives the lines of some series with a value a bucket, `empty[index]` what a bucket without events
    says; a group that one series does not have counts as such.
    """
    found = values(formula.series)
    if run.question.breakdown and not run.forced:
        found = _with_same_groups(run, found, values)
    lines: dict[Any, Line] = {_key(line): line for valued in found.values() for line, _ in valued}
    columns = {index: {_key(line): numbers for line, numbers in valued} for index, valued in found.items()}
    blank: dict[int, Numbers] = {index: [empty[index]] * len(run.buckets) for index in found}
    combined = []
    for key in _in_order(lines, run.groups.get(formula.series[0])):
        buckets = zip(*(columns[index].get(key, blank[index]) for index in found), strict=True)
        combined.append((lines[key], [formula.value(dict(zip(found, bucket, strict=True))) for bucket in buckets]))
    return combined


def _key(line: Line) -> tuple[str, str | None]:
    return line.group, line.value


def _in_order(lines: dict[Any, Line], groups: Groups | None) -> list[Any]:
    named = [("value", name) for name in groups.top] if groups else []
    return [key for key in [*named, ("all", None), ("other", None), ("none", None)] if key in lines]


def _with_same_groups(run: Run, found: dict[int, list[Valued]], values: Values) -> dict[int, list[Valued]]:
    """Return the series in the same groups: those of the first series by size, then what the next ones add to them."""
    own = {index: run.groups[index] for index in found}
    names = tuple(dict.fromkeys(name for groups in own.values() for name in groups.top))
    common = Groups(names[:MAX_GROUPS], len(names) > MAX_GROUPS or any(groups.has_other for groups in own.values()))
    left_out = run.left_out.copy()
    for index, groups in own.items():
        run.groups[index] = common
        is_whole = not groups.has_other and set(groups.top) <= set(common.top)
        if not is_whole and groups.top != common.top:
            run.forced[index] = common
            found |= values([index])
            del run.forced[index]
    run.left_out.clear()  # what was asked again is counted once
    run.left_out.update(left_out)
    return found
