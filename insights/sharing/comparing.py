"""Then and now: two tables of one question, cell by cell. Pure; knows no Django."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from insights.explore.charts.words import MINUS, say_change, say_number
from insights.explore.contracts import Cell, Column, Table
from portal.shell.contracts import say_duration

_AS_EQUAL = 1e-9
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Pair:
    """A number then and now: its row and column in words, both values, and what lies between them.

    `was_partial`: its interval was not over then. `label` is the row's own value, such as a day. A side is None where
    the table of that time has no such number.
    """

    row: str
    column: str
    label: Any
    then: Cell | None
    now: Cell | None
    difference: str = ""
    was_partial: bool = False
    has_moved: bool = False


@dataclass(frozen=True)
class Comparison:
    """All numbers of two tables, in the order of the table."""

    pairs: list[Pair] = field(default_factory=list)

    @property
    def moved(self) -> list[Pair]:
        """Return the numbers that are others now."""
        return [pair for pair in self.pairs if pair.has_moved]

    @property
    def n_restated(self) -> int:
        """Return how many moved that were over: what was not over then was bound to move."""
        return sum(not one.was_partial for one in self.moved)


def compare_tables(then: Table, now: Table) -> Comparison:
    """Return each number of two tables of the same question over the same days.

    Rows are matched by their texts, columns by head and unit, so that a part that came or went is one too.
    """
    old, new = _numbers(then), _numbers(now)
    pairs = []
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key), new.get(key)
        one = before or after
        assert one is not None
        has_moved = not (before and after and _is_same(before.cell.value, after.cell.value))
        old_cell, new_cell = before.cell if before else None, after.cell if after else None
        was_partial = before is not None and before.is_partial
        words = say_difference(old_cell, new_cell) if has_moved else ""
        pairs.append(Pair(one.row, one.column, one.label, old_cell, new_cell, words, was_partial, has_moved))
    return Comparison(pairs)


@dataclass(frozen=True)
class _Number:
    cell: Cell
    row: str
    column: str
    label: Any
    is_partial: bool


def _numbers(table: Table) -> dict[Key, _Number]:
    """Return each number by what names it: the words of its row, the head of its column."""
    heads = list(_count_up((column.label, column.unit) for column in table.columns))
    is_key = [not column.is_number for column in table.columns]
    rows = list(_count_up(tuple(str(cell.value) for cell in _keys(row, is_key)) for row in table.rows))
    found = {}
    for row, row_key in zip(table.rows, rows, strict=True):
        words = ", ".join(cell.text or str(cell.value) for cell in _keys(row, is_key))
        for cell, head, column in zip(row, heads, table.columns, strict=False):
            if column.is_number and not isinstance(cell.value, str) and not _is_hole(cell):
                is_partial = cell.is_partial or row[0].is_partial
                found[row_key, head] = _Number(cell, words, _say_column(column), row[0].value, is_partial)
    return found


def _keys(row: list[Cell], is_key: list[bool]) -> list[Cell]:
    return [cell for cell, is_it in zip(row, is_key, strict=False) if is_it]


def _is_hole(cell: Cell) -> bool:
    """Say whether no number is meant here, as in a triangle of cohorts; "too few to say" is one that may come."""
    return cell.value is None and cell.form != "rate" and not cell.point


def _count_up(keys: Iterable[Key]) -> Iterable[Key]:
    seen: Counter[Key] = Counter()
    for key in keys:
        seen[key] += 1
        yield (*key, seen[key])


def _say_column(column: Column) -> str:
    return f"{column.label}, {column.unit}" if column.unit else column.label


def _is_same(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=_AS_EQUAL, abs_tol=_AS_EQUAL)


def say_difference(then: Cell | None, now: Cell | None) -> str:
    """Return what lies between two numbers, with its sign: "+3 (+7.5 %)", "+1.2 points", "+2 min"; "" without both.

    >>> say_difference(Cell(40, "40"), Cell(43, "43"))
    '+3 (+7.5 %)'
    >>> say_difference(Cell(0.5, "50 %", form="rate"), Cell(0.512, "51.2 %", form="rate"))
    '+1.2 points'
    """
    if then is None or now is None or then.value is None or now.value is None:
        return ""
    change = now.value - then.value
    sign = "+" if change > 0 else MINUS
    if then.form == "rate":
        return f"{sign}{abs(change) * 100:.1f}".removesuffix(".0") + " points"
    if then.form == "seconds":
        return sign + say_duration(abs(change))
    share = say_change(now.value, then.value)
    return f"{sign}{say_number(abs(change))}" + (f" ({share})" if share else "")
