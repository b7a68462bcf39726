"""Formulas over the series of a trend: a small grammar with a parser of its own, never eval; pure.

sum := product (("+" | "-") product)*    product := signed (("*" | "/") signed)*
signed := "-" signed | number | letter | "(" sum ")"
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

LONGEST = 200
DEEPEST = 20
_TOKEN = re.compile(r"\s*(?:([0-9]{1,15}(?:\.[0-9]{1,15})?)(?![0-9.])|([A-Za-z])(?![A-Za-z0-9])|([-+*/()]))")
_OPERATORS: dict[str, Callable[[float, float], float | None]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right if right else None,
}
_NEGATE = "~"


class FormulaFault(ValueError):
    """A text that is no formula; its message is a sentence for whoever wrote it."""


@dataclass(frozen=True)
class Formula:
    """A formula that was read: its text, spaced evenly, and its steps in reverse Polish notation."""

    text: str
    steps: tuple[str, ...]

    @property
    def series(self) -> tuple[int, ...]:
        """Return the places of the series that it names, in order: A is 0."""
        return tuple(sorted({ord(step) - ord("A") for step in self.steps if step.isalpha()}))

    def value(self, found: Mapping[int, float | None]) -> float | int | None:
        """Return the result for one value a series; None where one is missing, and where something is divided by 0.

        >>> read_formula("100 * A / (A + B)", 2).value({0: 1, 1: 3}), read_formula("A / B", 2).value({0: 1, 1: 0})
        (25, None)
        """
        stack: list[float | None] = []
        for step in self.steps:
            if step.isalpha():
                value = found[ord(step) - ord("A")]
                stack.append(None if value is None else float(value))
            elif step == _NEGATE:
                last = stack.pop()
                stack.append(None if last is None else -last)
            elif step in _OPERATORS:
                right, left = stack.pop(), stack.pop()
                stack.append(None if left is None or right is None else _OPERATORS[step](left, right))
            else:
                stack.append(float(step))
        return _plain(stack.pop())


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
    reader = _Reader(_tokens(text))
    reader.sum(0)
    if reader.ahead:
        raise FormulaFault(f"“{reader.ahead}” cannot stand there. Put + - * or / before it, or take it away.")
    formula = Formula("".join(reader.shown), tuple(reader.steps))
    unknown = [chr(ord("A") + place) for place in formula.series if place >= n_series]
    if unknown:
        raise FormulaFault(f"There is no series {' or '.join(unknown)}. Name the series by their letters, from A on.")
    if not formula.series:
        raise FormulaFault("Name at least one series by its letter, such as A.")
    return formula


def _tokens(text: str) -> list[str]:
    found, place, text = [], 0, text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            rest = text[place:].split()[0]
            raise FormulaFault(f"“{rest[:20]}” is no part of a formula. Use A, B …, numbers, + - * / and brackets.")
        found.append(match[match.lastindex or 0].upper())
        place = match.end()
    return found


class _Reader:
    """Reads tokens from left to right into steps, and into the same text spaced evenly."""

    def __init__(self, tokens: Sequence[str]):
        self.tokens = tokens
        self.place = 0
        self.steps: list[str] = []
        self.shown: list[str] = []

    @property
    def ahead(self) -> str:
        """Return the next token, "" at the end."""
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def sum(self, depth: int) -> None:
        """Read products that are added and subtracted."""
        self._chain(self._product, "+-", depth)

    def _product(self, depth: int) -> None:
        self._chain(self._signed, "*/", depth)

    def _chain(self, read: Callable[[int], None], operators: str, depth: int) -> None:
        read(depth)
        while self.ahead and self.ahead in operators:
            operator = self._take(f" {self.ahead} ")
            read(depth)
            self.steps.append(operator)

    def _signed(self, depth: int) -> None:
        if depth > DEEPEST:
            raise FormulaFault(f"Brackets and signs nest {DEEPEST} deep at most.")
        token = self.ahead
        if token == "-":
            self._take(token)
            self._signed(depth + 1)
            self.steps.append(_NEGATE)
        elif token == "(":
            self._take(token)
            self.sum(depth + 1)
            if self.ahead != ")":
                raise FormulaFault("A bracket is opened and not closed.")
            self._take(")")
        elif token and token not in "+*/)":
            self.steps.append(self._take(token))
        else:
            where = f"before “{token}”" if token else "at the end"
            raise FormulaFault(f"A series or a number is missing {where}.")

    def _take(self, shown: str) -> str:
        token = self.ahead
        self.place += 1
        self.shown.append(shown)
        return token
