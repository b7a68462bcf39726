"""Formulas that people write: a small grammar with a parser of its own, never eval; pure.

sum := product (("+" | "-") product)*    product := signed (("*" | "/") signed)*
signed := "-" signed | number | name | function "(" sum ("," sum)+ ")" | "(" sum ")"
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST = 500
DEEPEST = 20
MOST_STEPS = 200
FUNCTIONS = ("min", "max")
NEGATE = "~"
OPERATORS = "+-*/"
_NUMBER = r"[0-9]{1,15}(?:\.[0-9]{1,15})?"
_IS_NUMBER = re.compile(_NUMBER)


class FormulaFault(ValueError):
    """A text that is no formula; its message is a sentence for whoever wrote it."""


@dataclass(frozen=True)
class Grammar:
    """Which names a formula may have: a regular expression of one, and how they are called on screen.

    `takes` says what a formula is made of; without functions "min" and "max" are names like others.
    """

    name: str
    noun: str
    takes: str
    functions: tuple[str, ...] = ()
    is_upper: bool = False


@dataclass(frozen=True)
class Steps:
    """A formula that was read: its text, spaced evenly, and its steps in reverse Polish notation.

    A function's step holds the number of its arguments, as "min/3".
    """

    text: str
    steps: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """Return the names that it uses, as often as it does."""
        return [step for step in self.steps if _is_name(step)]

    def run(self, found: Mapping[str, Any], work: Mapping[str, Callable[..., Any]]) -> Any:
        """Return the result; `work` has what + - * /, ~ (the sign) and each function do with values."""
        stack: list[Any] = []
        for step in self.steps:
            if _is_name(step):
                stack.append(found[step])
            elif step == NEGATE:
                stack.append(work[step](stack.pop()))
            elif step in OPERATORS:
                right, left = stack.pop(), stack.pop()
                stack.append(work[step](left, right))
            elif _IS_NUMBER.fullmatch(step):
                stack.append(float(step))
            else:
                name, _, n_arguments = step.partition("/")
                arguments = [stack.pop() for _ in range(int(n_arguments))]
                stack.append(work[name](*reversed(arguments)))
        return stack.pop()


def _is_name(step: str) -> bool:
    return step[0].isalpha() and "/" not in step


def read_steps(text: str, grammar: Grammar) -> Steps:
    """Return the formula that a text writes. Raises: FormulaFault."""
    if len(text) > LONGEST:
        raise FormulaFault(f"A formula has at most {LONGEST} characters.")
    reader = _Reader(_tokens(text, grammar), grammar)
    reader.sum(0)
    if reader.ahead:
        raise FormulaFault(f"“{reader.ahead}” cannot stand there. Put + - * or / before it, or take it away.")
    if len(reader.steps) > MOST_STEPS:
        raise FormulaFault(f"A formula has at most {MOST_STEPS} parts.")
    return Steps("".join(reader.shown), tuple(reader.steps))


def refuse_unknown_names(steps: Steps, known: Collection[str], *, noun: str) -> None:
    """Refuse a formula that uses a name which is not there."""
    unknown = sorted({name for name in steps.names if name not in known})
    if unknown:
        raise FormulaFault(f"There is no {noun} {' or '.join(unknown)}. There are: {', '.join(known)}.")


def _tokens(text: str, grammar: Grammar) -> list[str]:
    punctuation = r"[-+*/(),]" if grammar.functions else r"[-+*/()]"
    token = re.compile(rf"\s*(?:({_NUMBER})(?![0-9.])|({grammar.name})(?![A-Za-z0-9_])|({punctuation}))")
    found, place, text = [], 0, text.rstrip()
    while place < len(text):
        match = token.match(text, place)
        if match is None:
            rest = text[place:].split()[0]
            raise FormulaFault(f"“{rest[:20]}” is no part of a formula. Use {grammar.takes}.")
        taken = match[match.lastindex or 0]
        found.append(taken.upper() if grammar.is_upper else taken)
        place = match.end()
    return found


class _Reader:
    """Reads tokens from left to right into steps, and into the same text spaced evenly."""

    def __init__(self, tokens: Sequence[str], grammar: Grammar):
        self.tokens = tokens
        self.grammar = grammar
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
            self.steps.append(NEGATE)
        elif token == "(":
            self._take(token)
            self.sum(depth + 1)
            self._close()
        elif token in self.grammar.functions:
            self._function(token, depth)
        elif token and token not in "+*/),":
            self.steps.append(self._take(token))
        else:
            where = f"before “{token}”" if token else "at the end"
            raise FormulaFault(f"{self.grammar.noun} or a number is missing {where}.")

    def _function(self, name: str, depth: int) -> None:
        self._take(name)
        if self.ahead != "(":
            raise FormulaFault(f"After {name} there is a bracket, as in {name}(1, 2).")
        self._take("(")
        self.sum(depth + 1)
        n_arguments = 1
        while self.ahead == ",":
            self._take(", ")
            self.sum(depth + 1)
            n_arguments += 1
        self._close()
        if n_arguments == 1:
            raise FormulaFault(f"{name} takes two values or more, with a comma between them.")
        self.steps.append(f"{name}/{n_arguments}")

    def _close(self) -> None:
        if self.ahead != ")":
            raise FormulaFault("A bracket is opened and not closed.")
        self._take(")")

    def _take(self, shown: str) -> str:
        token = self.ahead
        self.place += 1
        self.shown.append(shown)
        return token
