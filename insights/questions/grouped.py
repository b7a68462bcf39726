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


@dataclass(frozen=True)
class Series:
    """What is asked of one series: its cells, SQL over them to rank groups by, and the times of its events.

    `holds` names what kind of value the cells have: series of one kind can be asked in one statement. `adds_up`: the
    values of several groups together are the sum of theirs.
    """

    build_cells: BuildCells
    size: str
    since: datetime | None
    until: datetime | None
    holds: str = "counts"
    adds_up: bool = False

    @property
    def goes_with(self) -> tuple[datetime | None, datetime | None, str]:
        """Return what series that are asked together share."""
        return self.since, self.until, self.holds


def fetch_lines(run: Run, index: int, asked: Series) -> list[Line]:
    """Return one line without a breakdown, or a line for each group shown."""
    if not run.question.breakdown:
        return [_fetch(run, asked, ALL, "all")]
    if index in run.forced:
        groups, rest = run.forced[index], None
        found = _fetch_forced(run, asked, groups)
    else:
        found, groups, rest = _fetch_greatest(run, asked)
    run.groups[index] = groups
    n = len(run.question.breakdown)
    lines = [Line("value", name, found.get(name, {}), n) for name in groups.top]
    if groups.has_other:
        rest = rest or _fetch(run, asked, Mode(others_than=groups.top), "other")
        lines.append(replace(rest, n_properties=n))
    if None in found:
        lines.append(Line("none", None, found[None]))
    return lines


def fetch_together(run: Run, asked: Mapping[int, Series]) -> dict[int, Line]:
    """Return the line of each series without a breakdown: one statement for all that go together."""
    found: dict[int, dict[int, Any]] = {index: {} for index in asked}
    for shared in dict.fromkeys(one.goes_with for one in asked.values()):
        statement = Statement()
        parts = [
            f"select {index} as s, b, value, x, y from ({one.build_cells(statement, ALL)})"
            for index, one in asked.items()
            if one.goes_with == shared
        ]
        for index, place, value, x, y in run.execute(statement, " union all ".join(parts), *shared[:2]):
            found[index][place] = value
            _count_left_out(run, x, y)
    return {index: Line("all", None, cells) for index, cells in found.items()}


_Found = dict[str | None, dict[int, Any]]


def _fetch_greatest(run: Run, asked: Series) -> tuple[_Found, Groups, Line | None]:
    """Return the cells of the greatest groups, and of the missing value, which groups are shown, and perhaps the rest.

    One grouping over the cells and a short sort: joining ranks back to the cells took twice as long. Where values add
    up, those of the other groups come along, so that their events are not read again.
    """
    statement, n = Statement(), MAX_GROUPS + (not asked.adds_up)
    cells = asked.build_cells(statement, EACH)
    listed = "list({'b': b, 'value': value, 'x': x, 'y': y}) as cells"
    place = f"row_number() over (partition by g is null order by {asked.size} desc, g) as place"
    statement.cte("placed", f"select g, {place}, {listed} from ({cells}) group by g", is_materialized=asked.adds_up)
    final = f"select 'shown' as part, place, g, cells from placed where place <= {n}"
    if asked.adds_up:
        rest = f"select unnest(cells, max_depth := 3) from placed where place > {n}"
        summed = f"select b, sum(value) as value, sum(x) as x, sum(y) as y from ({rest}) group by b"
        final += f" union all select 'rest', {n + 1}, null, {listed} from ({summed})"
    found: _Found = {}
    others = None
    rows = run.execute(statement, final, asked.since, asked.until)
    for part, position, name, listed_cells in sorted(rows, key=lambda row: row[1]):
        if listed_cells is None or (part == "shown" and position > MAX_GROUPS):
            continue
        by_place = {cell["b"]: cell["value"] for cell in listed_cells}
        if part == "rest":
            others = Line("other", None, by_place)
        else:
            found[name] = by_place
        for cell in listed_cells:
            _count_left_out(run, cell["x"], cell["y"])
    top = tuple(name for name in found if name is not None)
    has_other = others is not None or any(position > MAX_GROUPS for part, position, _, _ in rows if part == "shown")
    return found, Groups(top, has_other), others


def _fetch_forced(run: Run, asked: Series, forced: Groups) -> _Found:
    """Return the cells of given groups and of the missing value."""
    statement = Statement()
    top = statement.bind(list(forced.top))
    cells = asked.build_cells(statement, EACH)
    final = f"select g, b, value, x, y from ({cells}) where g is null or list_contains({top}::varchar[], g)"
    found: _Found = {}
    for name, place, value, x, y in run.execute(statement, final, asked.since, asked.until):
        found.setdefault(name, {})[place] = value
        _count_left_out(run, x, y)
    return found


def _fetch(run: Run, asked: Series, mode: Mode, group: str) -> Line:
    statement = Statement()
    cells = asked.build_cells(statement, mode)
    final, found = f"select b, value, x, y from ({cells})", {}
    for place, value, x, y in run.execute(statement, final, asked.since, asked.until):
        found[place] = value
        _count_left_out(run, x, y)
    return Line(group, None, found)


def _count_left_out(run: Run, x: int | None, y: int | None) -> None:
    run.left_out["not_a_number"] += x or 0
    run.left_out["no_value"] += y or 0
