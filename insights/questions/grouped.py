"""Lines of an answer by the values of a breakdown: the 25 greatest, the rest as "other", missing as "(none)".

A kind gives `build_cells(statement, mode)`: SQL with the columns b (place on the axis, integer), value, n (events or
units, to rank by), x (values that are no number), y (events without the value), and, in the mode "each", g (text).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from insights.questions.running import MAX_GROUPS, Groups, Run
from insights.questions.sql import NONE, SEPARATOR, Statement

OTHER = "other"


@dataclass(frozen=True)
class Mode:
    """Which rows a statement takes: all of them, each group by itself, or those of some groups together."""

    is_each: bool = False
    others_than: tuple[str, ...] | None = None
    only: str | None = None
    is_none: bool = False

    def where_value(self, statement: Statement, group: str) -> list[str]:
        """Return the conditions on a group's SQL."""
        if self.is_none:
            return [f"{group} is null"]
        if self.only is not None:
            return [f"{group} = {statement.bind(self.only)}"]
        if self.others_than is not None:
            return [f"{group} not in {statement.bind_all(self.others_than)}"] if self.others_than else ["false"]
        return []


ALL, EACH = Mode(), Mode(is_each=True)
BuildCells = Callable[[Statement, Mode], str]


@dataclass(frozen=True)
class Line:
    """The cells of one group: place on the axis, or (row, column), to value; of `n_properties` that group together."""

    group: str
    value: str | None
    cells: Mapping[Any, Any]
    n_properties: int = 1

    def labels(self) -> dict[str, Any]:
        """Return the keys that every element of a broken-down answer carries."""
        if self.group == "all":
            return {"breakdown": None, "group": "all"}
        if self.n_properties > 1:
            values = (self.value or "").split(SEPARATOR) if self.group == "value" else [OTHER] * self.n_properties
            return {"breakdown": values, "group": self.group}
        return {"breakdown": [{"other": OTHER, "none": NONE}.get(self.group, self.value)], "group": self.group}


def fetch_lines(
    run: Run,
    index: int,
    build_cells: BuildCells,
    *,
    size: str,
    since: datetime | None,
    until: datetime | None,
) -> list[Line]:
    """Return one line without a breakdown, or a line for each group shown; `size` is SQL over cells to rank by."""
    if not run.question.breakdown:
        return [_fetch(run, build_cells, ALL, "all", since, until)]
    if index in run.forced:
        groups = run.forced[index]
        found = _fetch_forced(run, build_cells, groups, since, until)
    else:
        found, groups = _fetch_greatest(run, build_cells, size, since, until)
    run.groups[index] = groups
    n = len(run.question.breakdown)
    lines = [Line("value", name, found.get(name, {}), n) for name in groups.top]
    if groups.has_other:
        rest = _fetch(run, build_cells, Mode(others_than=groups.top), "other", since, until)
        lines.append(replace(rest, n_properties=n))
    if None in found:
        lines.append(Line("none", None, found[None]))
    return lines


_Found = dict[str | None, dict[int, Any]]


def _fetch_greatest(
    run: Run, build_cells: BuildCells, size: str, since: datetime | None, until: datetime | None
) -> tuple[_Found, Groups]:
    """Return the cells of the greatest groups, and of the missing value, and which groups are shown.

    One grouping over the cells and a short sort: joining ranks back to the cells took twice as long.
    """
    statement = Statement()
    cells = build_cells(statement, EACH)
    final = (
        f"select g, list({{'b': b, 'value': value, 'x': x, 'y': y}}) from ({cells}) group by g"
        f" order by g is not null, {size} desc, g limit {MAX_GROUPS + 2}"
    )
    listed = dict(run.execute(statement, final, since, until))
    names = [name for name in listed if name is not None]
    groups = Groups(tuple(names[:MAX_GROUPS]), len(names) > MAX_GROUPS)
    found: _Found = {}
    for name in [*groups.top, *([None] if None in listed else [])]:
        found[name] = {cell["b"]: cell["value"] for cell in listed[name]}
        for cell in listed[name]:
            _count_left_out(run, cell["x"], cell["y"])
    return found, groups


def _fetch_forced(
    run: Run, build_cells: BuildCells, forced: Groups, since: datetime | None, until: datetime | None
) -> _Found:
    """Return the cells of given groups and of the missing value."""
    statement = Statement()
    top = statement.bind(list(forced.top))
    cells = build_cells(statement, EACH)
    final = f"select g, b, value, x, y from ({cells}) where g is null or list_contains({top}::varchar[], g)"
    found: _Found = {}
    for name, place, value, x, y in run.execute(statement, final, since, until):
        found.setdefault(name, {})[place] = value
        _count_left_out(run, x, y)
    return found


def _fetch(
    run: Run, build_cells: BuildCells, mode: Mode, group: str, since: datetime | None, until: datetime | None
) -> Line:
    statement = Statement()
    cells = build_cells(statement, mode)
    found = {}
    for place, value, x, y in run.execute(statement, f"select b, value, x, y from ({cells})", since, until):
        found[place] = value
        _count_left_out(run, x, y)
    return Line(group, None, found)


def _count_left_out(run: Run, x: int | None, y: int | None) -> None:
    run.left_out["not_a_number"] += x or 0
    run.left_out["no_value"] += y or 0
