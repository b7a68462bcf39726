"""Formulas over the series of a trend, in the portal's one grammar of formulas (`portal/shell/arithmetic.py`); pure."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.shell.arithmetic import FormulaFault, Grammar, Steps, read_steps

LONGEST = 200
_GRAMMAR = Grammar(
    name="[A-Za-z]", noun="A series", takes="A, B …, numbers, + - * / and brackets", functions=(), is_upper=True
)
_Value = float | None


def _both(work: Callable[[float, float], _Value]) -> Callable[[_Value, _Value], _Value]:
    return lambda left, right: None if left is None or right is None else work(left, right)


_WORK: dict[str, Callable[..., _Value]] = {
    "+": _both(lambda left, right: left + right),
    "-": _both(lambda left, right: left - right),
    "*": _both(lambda left, right: left * right),
    "/": _both(lambda left, right: left / right if right else None),
    "~": lambda value: None if value is None else -value,
}


@dataclass(frozen=True)
class Formula:
    """A formula that was read: its text, spaced evenly, and its steps in reverse Polish notation."""

    text: str
    steps: tuple[str, ...]

    @property
    def series(self) -> tuple[int, ...]:
        """Return the places of the series that it names, in order: A is 0."""
        return tuple(sorted({ord(name) - ord("A") for name in Steps(self.text, self.steps).names}))

    def value(self, found: Mapping[int, float | None]) -> float | int | None:
        """Return the result for one value a series; None where one is missing, and where something is divided by 0.

        >>> read_formula("100 * A / (A + B)", 2).value({0: 1, 1: 3}), read_formula("A / B", 2).value({0: 1, 1: 0})
        (25, None)
        """
        named = {chr(ord("A") + place): None if value is None else float(value) for place, value in found.items()}
        return _plain(Steps(self.text, self.steps).run(named, _WORK))


def _plain(value: float | None) -> float | int | None:
    """Return whole numbers as such, and no value for what a float cannot hold."""
    if value is None or not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def read_formula(text: str, n_series: int) -> Formula:
    """Return the formula that a text writes, over series A, B … of which there are `n_series`. Raises: FormulaFault.

    >>> read_formula("a/(B+2)", 2)
    Formula(text='A / (B + 2)', steps=('A', 'B', '2', '+', '/'))
    """
    steps = read_steps(text, _GRAMMAR)
    formula = Formula(steps.text, steps.steps)
    unknown = [chr(ord("A") + place) for place in formula.series if place >= n_series]
    if unknown:
        raise FormulaFault(f"There is no series {' or '.join(unknown)}. Name the series by their letters, from A on.")
    if not formula.series:
        raise FormulaFault("Name at least one series by its letter, such as A.")
    return formula
