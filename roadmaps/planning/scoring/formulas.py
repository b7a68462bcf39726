"""Formulas of scoring models: read once, worked out for one score or for many at once; pure."""

import functools
import math
from collections.abc import Callable, Collection, Mapping
from typing import Any

from portal.shell.arithmetic import FUNCTIONS, FormulaFault, Grammar, Steps, read_steps, refuse_unknown_names

__all__ = ["FormulaFault", "read", "uses_each_once", "value_of", "values_of"]

_GRAMMAR = Grammar(
    name="[a-z][a-z0-9_]{0,29}",
    noun="An input",
    takes="the inputs' names, numbers, + - * /, min, max and brackets",
    functions=FUNCTIONS,
)


@functools.lru_cache(maxsize=256)
def _read(text: str) -> Steps:
    return read_steps(text, _GRAMMAR)


def read(text: str, names: Collection[str]) -> Steps:
    """Return the formula that a text writes over some names. Raises: FormulaFault.

    >>> read("reach*impact/max(effort,0.5)", ["reach", "impact", "effort"]).text
    'reach * impact / max(effort, 0.5)'
    """
    steps = _read(text)
    refuse_unknown_names(steps, list(names), noun="input called")
    if not steps.names:
        raise FormulaFault("Name at least one input.")
    return steps


def uses_each_once(text: str) -> bool:
    """Say whether each input stands in a formula once: then it rises or falls with each, and its ends are at theirs."""
    names = _read(text).names
    return len(names) == len(set(names))


def _divided(left: float, right: float) -> float:
    return left / right if right else math.nan


_PLAIN: dict[str, Callable[..., float]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _divided,
    "~": lambda value: -value,
    "min": lambda *values: math.nan if any(map(math.isnan, values)) else min(values),
    "max": lambda *values: math.nan if any(map(math.isnan, values)) else max(values),
}


def value_of(text: str, found: Mapping[str, float]) -> float | None:
    """Return a formula's value; None where something is divided by 0 or no float can hold it.

    >>> value_of("reach / effort", {"reach": 6, "effort": 4}), value_of("reach / effort", {"reach": 6, "effort": 0})
    (1.5, None)
    """
    value = float(_read(text).run(found, _PLAIN))
    return value if math.isfinite(value) else None


def values_of(text: str, found: Mapping[str, Any]) -> Any:
    """Return a formula's values for arrays of inputs of one shape (numbers stand for all); nan where there is none."""
    import numpy as np

    def divided(left: Any, right: Any) -> Any:
        return np.divide(left, np.where(np.equal(right, 0), np.nan, right))

    work: dict[str, Callable[..., Any]] = {
        "+": np.add,
        "-": np.subtract,
        "*": np.multiply,
        "/": divided,
        "~": np.negative,
        "min": lambda *values: functools.reduce(np.minimum, values),
        "max": lambda *values: functools.reduce(np.maximum, values),
    }
    with np.errstate(all="ignore"):
        values = np.asarray(_read(text).run(found, work), dtype=float)
    return np.where(np.isfinite(values), values, np.nan)
