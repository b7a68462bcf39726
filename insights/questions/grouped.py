"""Lines of an answer by the values of a breakdown: the 25 greatest, the rest as "other", missing as "(none)".

A kind gives `build_cells(statement, mode)`: SQL with the columns b (place on the axis, integer), value, n (events or
units, to rank by), x (values that are no number), y (events without the value), and, in the mode "each", g (text).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from insights.questions.running import MAX_GROUPS, Groups, Run
from insights.questions.sql import Statement

OTHER, NONE = "other", "(none)"


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
    """The cells of one group: place on the axis to value."""

    group: str
    value: str | None
    cells: Mapping[int, Any]

    def labels(self) -> dict[str, Any]:
        """Return the keys that every element of a broken-down answer carries."""
        if self.group == "all":
            return {"breakdown": None, "group": "all"}
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
    statement = Statement()
    statement.cte("cells", build_cells(statement, EACH))
    forced = run.forced.get(index)
    final = _ranked(statement, size) if forced is None else _placed(statement, forced)
    found: dict[int, dict[int, Any]] = {}
    names: dict[int, str] = {}
    n_groups = 0
    for rank, group, place, value, x, y, n in run.execute(statement, final, since, until):
        found.setdefault(rank, {})[place] = value
        names[rank] = group
        n_groups = max(n_groups, n or 0)
        _count_left_out(run, x, y)
    top = forced.top if forced else tuple(names[rank] for rank in sorted(names) if rank)
    groups = forced or Groups(top, n_groups > MAX_GROUPS)
    run.groups[index] = groups
    lines = [Line("value", name, found.get(rank, {})) for rank, name in enumerate(top, 1)]
    if groups.has_other:
        lines.append(_fetch(run, build_cells, Mode(others_than=top), "other", since, until))
    if 0 in found:
        lines.append(Line("none", None, found[0]))
    return lines


def _ranked(statement: Statement, size: str) -> str:
    statement.cte("sizes", f"select g, {size} as size from cells where g is not null group by g")
    statement.cte(
        "ranked", "select g, row_number() over (order by size desc, g) as r, count(*) over () as n_groups from sizes"
    )
    return (
        "select coalesce(ranked.r, 0), cells.g, b, value, x, y, n_groups from cells left join ranked using (g)"
        f" where cells.g is null or ranked.r <= {MAX_GROUPS}"
    )


def _placed(statement: Statement, forced: Groups) -> str:
    top = statement.bind(list(forced.top))
    place = f"coalesce(list_position({top}::varchar[], g), 0)"
    return f"select {place}, g, b, value, x, y, 0 from cells where g is null or {place} > 0"


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
