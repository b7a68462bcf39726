"""Lines of an answer by the values of a breakdown: the 25 greatest, the rest as "other", missing as "(none)".

A kind gives `build_cells(statement, mode)`: SQL with the columns b (place on the axis, integer), value, n (events or
units, to rank by), x (values that are no number), y (events without the value), and, in the mode "each", g (text).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
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
    values of several groups together are the sum of theirs. `n_before`: so many places on the axis, the first ones, are
    those of the range that is compared; of the events in the `gap` between the two it reads none.
    """

    build_cells: BuildCells
    size: str
    since: datetime | None
    until: datetime | None
    holds: str = "counts"
    adds_up: bool = False
    n_before: int = 0
    gap: tuple[datetime, datetime] | None = None

    @property
    def goes_with(self) -> tuple[Any, ...]:
        """Return what series that are asked together share."""
        return self.since, self.until, self.gap, self.holds


def fetch_lines(run: Run, index: int, asked: Series, earlier: Series | None = None) -> list[Line]:
    """Return one line without a breakdown, or a line for each group shown.

    `earlier` is the same series over the range that is compared: one statement finds both, and keeps it for that run.
    """
    if not run.question.breakdown:
        return [fetch_together(run, {index: asked})[index]]
    kept = run.kept.pop(index, None)
    if kept is not None and kept[0] == run.forced.get(index):
        run.groups[index] = run.forced[index]
        return kept[1]
    if index in run.forced:
        groups, before = run.forced[index], None
        found = _fetch_forced(run, asked, groups)
    else:
        groups, found, before = _fetch_greatest(run, asked, earlier)
    run.groups[index] = groups
    if run.before and before is not None:
        run.before.kept[index] = groups, _lines_of(run, groups, before)
    return _lines_of(run, groups, found)


def fetch_together(
    run: Run, asked: Mapping[int, Series], earlier: Mapping[int, Series] | None = None
) -> dict[int, Line]:
    """Return the line of each series without a breakdown: one statement for all that go together.

    `earlier` are the same series over the range that is compared; what is found of them is kept for that run.
    """
    lines = {index: run.kept.pop(index)[1][0] for index in asked if index in run.kept}
    asked = {index: one for index, one in asked.items() if index not in lines}
    for shared in dict.fromkeys(one.goes_with for one in asked.values()):
        mine = {index: one for index, one in asked.items() if one.goes_with == shared}
        found = _fetch(run, mine, earlier or {}, ALL)
        lines |= {index: Line("all", None, found[index, False]) for index in mine}
        if run.before and earlier:
            run.before.kept |= {index: (None, [Line("all", None, found[index, True])]) for index in mine}
    return lines


@dataclass
class _Found:
    """The cells of each group, the missing value's among them, and those of all other groups together."""

    cells: dict[str | None, dict[int, Any]] = field(default_factory=dict)
    rest: dict[int, Any] | None = None


def _lines_of(run: Run, groups: Groups, found: _Found) -> list[Line]:
    n = len(run.question.breakdown)
    lines = [Line("value", name, found.cells.get(name, {}), n) for name in groups.top]
    if groups.has_other:
        lines.append(Line("other", None, found.rest or {}, n))
    if None in found.cells:
        lines.append(Line("none", None, found.cells[None]))
    return lines


_LISTED = "list({'b': b, 'value': value, 'x': x, 'y': y}) as cells"


def _fetch_greatest(run: Run, asked: Series, earlier: Series | None) -> tuple[Groups, _Found, _Found | None]:
    """Return which groups are shown, and the cells of all groups in the range and in the earlier one.

    One grouping over the cells and a short sort: joining ranks back to the cells took twice as long. Where values add
    up, those of the other groups come along, so that their events are not read again.
    """
    statement, n = Statement(), MAX_GROUPS + (not asked.adds_up)
    cells = asked.build_cells(statement, EACH)
    place = f"row_number() over (partition by g is null order by {asked.size} desc, g) as place"
    is_read_twice = asked.adds_up or earlier is not None
    statement.cte("placed", f"select g, {place}, {_LISTED} from ({cells}) group by g", is_materialized=is_read_twice)
    parts = [f"select 'shown' as part, place, g, cells from placed where place <= {n}"]
    if asked.adds_up:
        parts.append(_rest_sql("rest", f"placed where place > {MAX_GROUPS}"))
    if earlier is not None:
        parts += _earlier_sql(statement, earlier)
    since, until = _span([asked, *([earlier] if earlier else [])])
    found, before = _Found(), _Found() if earlier else None
    rows = run.execute(statement, " union all ".join(parts), since, until)
    for part, position, name, listed_cells in sorted(rows, key=lambda row: row[1]):
        if listed_cells is None or (part == "shown" and position > MAX_GROUPS):
            continue
        by_place = {cell["b"]: cell["value"] for cell in listed_cells}
        into = before if before is not None and part.startswith("earlier") else found
        if part.endswith("rest"):
            into.rest = by_place
        else:
            into.cells[name] = by_place
        for cell in listed_cells if into is found else ():
            _count_left_out(run, cell["x"], cell["y"])
    top = tuple(name for name in found.cells if name is not None)
    has_other = found.rest is not None or any(row[0] == "shown" and row[1] > MAX_GROUPS for row in rows)
    if has_other and found.rest is None:
        others = _fetch(run, {0: asked}, {0: earlier} if earlier else {}, Mode(others_than=top))
        found.rest = others[0, False]
        if before is not None:
            before.rest = others[0, True]
    return Groups(top, has_other), found, before


def _rest_sql(part: str, source: str) -> str:
    """Return the sum of the cells of several groups as one row."""
    rest = f"select unnest(cells, max_depth := 3) from {source}"
    summed = f"select b, sum(value) as value, sum(x) as x, sum(y) as y from ({rest}) group by b"
    return f"select '{part}', {MAX_GROUPS + 1}, null, {_LISTED} from ({summed})"


def _earlier_sql(statement: Statement, earlier: Series) -> list[str]:
    """Return the earlier range's cells of the groups that are shown, and of the others where they add up."""
    cells = earlier.build_cells(statement, EACH)
    grouped = f"select g, {_LISTED} from ({cells}) group by g"
    statement.cte("earlier", grouped, is_materialized=earlier.adds_up)
    top = f"(select g from placed where place <= {MAX_GROUPS} and g is not null)"
    parts = [f"select 'earlier', 0, g, cells from earlier where g is null or g in {top}"]
    if earlier.adds_up:
        parts.append(_rest_sql("earlier rest", f"earlier where g is not null and g not in {top}"))
    return parts


def _fetch_forced(run: Run, asked: Series, forced: Groups) -> _Found:
    """Return the cells of given groups, of the missing value and of the rest."""
    statement = Statement()
    top = statement.bind(list(forced.top))
    cells = asked.build_cells(statement, EACH)
    final = f"select g, b, value, x, y from ({cells}) where g is null or list_contains({top}::varchar[], g)"
    found = _Found()
    for name, place, value, x, y in run.execute(statement, final, asked.since, asked.until):
        found.cells.setdefault(name, {})[place] = value
        _count_left_out(run, x, y)
    if forced.has_other:
        found.rest = _fetch(run, {0: asked}, {}, Mode(others_than=forced.top))[0, False]
    return found


def _fetch(
    run: Run, asked: Mapping[int, Series], earlier: Mapping[int, Series], mode: Mode
) -> dict[tuple[int, bool], dict[int, Any]]:
    """Return the cells of series without groups by (index, whether of the earlier range), in one statement."""
    statement = Statement()
    pairs = {(index, False): one for index, one in asked.items()}
    pairs |= {(index, True): earlier[index] for index, one in asked.items() if index in earlier and not one.n_before}
    parts = [
        f"select {index} as s, {is_before} as is_before, b, value, x, y from ({one.build_cells(statement, mode)})"
        for (index, is_before), one in pairs.items()
    ]
    found: dict[tuple[int, bool], dict[int, Any]] = {(index, side): {} for index in asked for side in (False, True)}
    gap = next(iter(asked.values())).gap  # the same of all that are asked together
    rows = run.execute(statement, " union all ".join(parts), *_span(pairs.values()), gap)
    for index, was_before, place, value, x, y in rows:
        n_before = asked[index].n_before
        is_before = was_before or place < n_before
        found[index, is_before][place if is_before else place - n_before] = value
        if not is_before:
            _count_left_out(run, x, y)
    return found


def _span(asked: Iterable[Series]) -> tuple[datetime | None, datetime | None]:
    """Return the times of all events that some series read."""
    sinces, untils = zip(*((one.since, one.until) for one in asked), strict=True)
    since = None if None in sinces else min(sinces)
    return since, None if None in untils else max(untils)


def _count_left_out(run: Run, x: int | None, y: int | None) -> None:
    run.left_out["not_a_number"] += x or 0
    run.left_out["no_value"] += y or 0
