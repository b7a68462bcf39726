"""The kinds of scoring models: what each asks, how it makes a score, and what its definition may say; pure."""

import math
import re
from dataclasses import asdict, replace
from typing import Any

from portal.shell.arithmetic import FormulaFault
from roadmaps.planning.scoring import formulas
from roadmaps.planning.scoring.contracts import Definition, Input, Rung

KINDS = {
    "rice": "RICE",
    "ice": "ICE",
    "wsjf": "WSJF, cost of delay in scores",
    "wsjf_money": "WSJF, cost of delay in money",
    "weighted": "Weighted criteria",
    "value_effort": "Value and effort",
    "opportunity": "Opportunity score",
    "moscow": "MoSCoW labels",
    "own": "Own formula",
}
ABOUT = {
    "rice": "Reach times impact times confidence, for each person-month of effort: how many it touches in a quarter, "
    "how much it changes for each of them, and how sure that is.",
    "ice": "Impact times confidence times ease, each 1 to 10: quick to give, for many small things.",
    "wsjf": "Cost of delay for its job size; cost of delay is the sum of value, time criticality and risk.",
    "wsjf_money": "Cost of delay for its job size; cost of delay is the money that a month (30 days) of waiting costs.",
    "weighted": "The sum of each criterion's 0 to 100 times its weight; the weights add up to 1.",
    "value_effort": "Value for each person-month of effort, and a chart of both.",
    "opportunity": "Importance times how far people are from satisfied, each 0 to 10.",
    "moscow": "Must, should, could, won't: labels to sort by, not numbers.",
    "own": "Your own inputs and formula: + - * /, brackets, min and max.",
}
DAYS = {"day": 1, "week": 7, "month": 30}
LEAST_EFFORT = 0.5
MOST_INPUTS = 10
MOST_RUNGS = 12
_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")
_LARGEST = 1e12
_FIBONACCI = (1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 20.0)
_EFFORT = Input(
    "effort", "Effort", "person-months", "All that it takes, of everybody who works on it.", LEAST_EFFORT, 10_000,
    role="effort",
)  # fmt: skip


class DefinitionFault(ValueError):
    """A definition that makes no model; `field` says where, the message is a sentence."""

    def __init__(self, field: str, message: str):
        super().__init__(message)
        self.field = field


def _scored(key: str, label: str, helps: str) -> Input:
    rungs = tuple(Rung(value, "") for value in _FIBONACCI)
    return Input(key, label, "", helps, _FIBONACCI[0], _FIBONACCI[-1], rungs)


def _rice(_: dict[str, Any]) -> Definition:
    impact = tuple(map(Rung, (3.0, 2.0, 1.0, 0.5, 0.25), ("massive", "high", "medium", "low", "minimal")))
    sure = tuple(map(Rung, (1.0, 0.8, 0.5), ("high: measured", "medium: estimated", "low: guessed")))
    inputs = (
        Input("reach", "Reach", "people or accounts a quarter", "How many it touches in a quarter."),
        Input("impact", "Impact", "", "How much it changes for each of them.", 0.25, 3.0, impact),
        Input("confidence", "Confidence", "", "How sure the other three are.", 0.5, 1.0, sure, "confidence"),
        _EFFORT,
    )
    return Definition("rice", inputs, "reach * impact * confidence / effort", "reach times impact for a person-month")


def _ice(_: dict[str, Any]) -> Definition:
    inputs = (
        Input("impact", "Impact", "1 to 10", "How much it would change.", 1.0, 10.0),
        Input("confidence", "Confidence", "1 to 10", "How sure you are.", 1.0, 10.0, role="confidence", full=10.0),
        Input("ease", "Ease", "1 to 10", "How easy it is: 10 is an afternoon.", 1.0, 10.0),
    )
    return Definition("ice", inputs, "impact * confidence * ease")


def _wsjf(options: dict[str, Any]) -> Definition:
    inputs = (
        _scored("value", "Value", "What it is worth to customers and to the company, against the others."),
        _scored("urgency", "Time criticality", "How fast that worth decays while it waits."),
        _scored("risk", "Risk or opportunity", "What it makes safe, or makes possible."),
        _scored("size", "Job size", "How long it takes, against the others."),
    )
    counts = bool(options.get("counts_unblocked"))
    return Definition("wsjf", inputs, "(value + urgency + risk) / size", "cost of delay for its size", counts)


def _wsjf_money(options: dict[str, Any]) -> Definition:
    per = options.get("per", "month")
    if per not in DAYS:
        raise DefinitionFault("per", f"Cost of delay is stated for a {', '.join(DAYS)}.")
    inputs = (
        Input("delay", "Cost of delay", f"money a {per}", f"What each {per} of waiting costs."),
        Input("size", "Job size", "months", "How long it takes until it is out.", 0.05, 600),
    )
    formula = "delay / size" if per == "month" else f"delay * {DAYS['month']} / {DAYS[per]} / size"
    counts = bool(options.get("counts_unblocked"))
    return Definition("wsjf_money", inputs, formula, "money a month of delay, for each month of work", counts)


def _value_effort(_: dict[str, Any]) -> Definition:
    inputs = (Input("value", "Value", "1 to 10", "What it is worth, against the others.", 1.0, 10.0), _EFFORT)
    return Definition("value_effort", inputs, "value / effort", "value for a person-month")


def _opportunity(_: dict[str, Any]) -> Definition:
    inputs = (
        Input("importance", "Importance", "0 to 10", "How much it matters to those who have the problem.", 0.0, 10.0),
        Input("satisfaction", "Satisfaction", "0 to 10", "How well they are served today.", 0.0, 10.0),
    )
    return Definition("opportunity", inputs, "importance * (10 - satisfaction)", "0 to 100")


def _moscow(_: dict[str, Any]) -> Definition:
    rungs = tuple(map(Rung, (4.0, 3.0, 2.0, 1.0), ("Must", "Should", "Could", "Won't")))
    return Definition("moscow", (Input("label", "Label", "", "For this time.", 1, 4, rungs),), "label")


def _weighted(options: dict[str, Any]) -> Definition:
    inputs = tuple(
        replace(one, least=0.0, most=100.0, role="", unit=one.unit or "0 to 100")
        for one in _read_inputs(options.get("inputs"))
    )
    for place, one in enumerate(inputs):
        if one.weight is None or not 0 < one.weight <= 1:
            raise DefinitionFault(f"inputs[{place}].weight", "A weight lies above 0 and is 1 at most.")
        if any(not 0 <= rung.value <= 100 for rung in one.rungs):
            raise DefinitionFault(f"inputs[{place}].rungs", "Each step of a criterion stands between 0 and 100.")
    total = math.fsum(one.weight or 0 for one in inputs)
    if abs(total - 1) > 1e-6:
        raise DefinitionFault("inputs", f"The weights add up to {total:g}. Let them add up to 1.")
    formula = " + ".join(f"{_decimal(one.weight or 0)} * {one.key}" for one in inputs)
    return Definition("weighted", inputs, formula, "0 to 100")


def _decimal(value: float) -> str:
    return f"{value:.10f}".rstrip("0").rstrip(".")


def _own(options: dict[str, Any]) -> Definition:
    inputs = tuple(replace(one, weight=None) for one in _read_inputs(options.get("inputs")))
    for role in ("confidence", "effort"):
        if sum(one.role == role for one in inputs) > 1:
            raise DefinitionFault("inputs", f"Only one input can be the {role}.")
    try:
        steps = formulas.read(str(options.get("formula", "")), [one.key for one in inputs])
    except FormulaFault as fault:
        raise DefinitionFault("formula", str(fault)) from fault
    unused = [one.key for one in inputs if one.key not in steps.names]
    if unused:
        raise DefinitionFault("formula", f"It does not use {', '.join(unused)}. Use it, or ask for it no more.")
    return Definition("own", inputs, steps.text, str(options.get("unit", ""))[:60])


_BUILD = {
    "rice": _rice,
    "ice": _ice,
    "wsjf": _wsjf,
    "wsjf_money": _wsjf_money,
    "weighted": _weighted,
    "value_effort": _value_effort,
    "opportunity": _opportunity,
    "moscow": _moscow,
    "own": _own,
}
OPTIONS = {
    "wsjf": {"counts_unblocked"},
    "wsjf_money": {"counts_unblocked", "per"},
    "weighted": {"inputs"},
    "own": {"inputs", "formula", "unit"},
}


def build(kind: str, options: dict[str, Any] | None = None) -> Definition:
    """Return what a kind of model asks and makes, with its options. Raises: DefinitionFault, naming the option."""
    if kind not in _BUILD:
        raise DefinitionFault("kind", f"There is no kind “{str(kind)[:40]}”. There are: {', '.join(KINDS)}.")
    options = options or {}
    unknown = sorted(set(options) - OPTIONS.get(kind, set()))
    if unknown:
        raise DefinitionFault(unknown[0], f"{KINDS[kind]} has no option “{unknown[0][:40]}”.")
    return _BUILD[kind](options)


def _read_inputs(value: Any) -> list[Input]:
    if not isinstance(value, list) or not value:
        raise DefinitionFault("inputs", "Ask for one thing at least.")
    if len(value) > MOST_INPUTS:
        raise DefinitionFault("inputs", f"A model asks for {MOST_INPUTS} things at most; people give up before.")
    found: list[Input] = []
    for place, one in enumerate(value):
        found.append(_read_input(one, f"inputs[{place}]"))
    keys = [one.key for one in found]
    if len(set(keys)) < len(keys):
        raise DefinitionFault("inputs", "Two inputs have the same name.")
    return found


def _read_input(value: Any, path: str) -> Input:
    if not isinstance(value, dict):
        raise DefinitionFault(path, "Say what is asked, with its key and label.")
    known = {"key", "label", "unit", "helps", "least", "most", "rungs", "role", "full", "weight"}
    if unknown := sorted(set(value) - known):
        raise DefinitionFault(f"{path}.{unknown[0][:40]}", "An input has nothing of this name.")
    key, label = str(value.get("key", "")), " ".join(str(value.get("label", "")).split())
    if not _KEY.fullmatch(key) or key in ("min", "max"):
        raise DefinitionFault(f"{path}.key", "A name in a formula is small letters, digits and _, and begins with one.")
    if not label or len(label) > 60:
        raise DefinitionFault(f"{path}.label", "Say what is asked, in at most 60 letters.")
    role = value.get("role", "")
    if role not in ("", "confidence", "effort"):
        raise DefinitionFault(f"{path}.role", "An input is the confidence, the effort, or neither.")
    rungs = _read_rungs(value.get("rungs", []), path)
    least, most = (_number(value.get(name, usual), f"{path}.{name}") for name, usual in (("least", 0), ("most", 1e12)))
    if rungs:
        least, most = min(one.value for one in rungs), max(one.value for one in rungs)
    if role == "effort":
        return replace(_EFFORT, key=key, label=label)
    if least >= most and not rungs:
        raise DefinitionFault(f"{path}.most", "The most lies above the least.")
    full = _number(value.get("full", most if role == "confidence" else 1), f"{path}.full")
    if role == "confidence" and not 0 < full <= most:
        raise DefinitionFault(f"{path}.most", "Say which confidence stands for 100 %.")
    weight = value.get("weight")
    return Input(
        key=key,
        label=label,
        unit=" ".join(str(value.get("unit", "")).split())[:60],
        helps=str(value.get("helps", "")).strip()[:300],
        least=least,
        most=most,
        rungs=rungs,
        role=role,
        full=full,
        weight=None if weight is None else _number(weight, f"{path}.weight"),
    )


def _read_rungs(value: Any, path: str) -> tuple[Rung, ...]:
    if not isinstance(value, list) or len(value) > MOST_RUNGS:
        raise DefinitionFault(f"{path}.rungs", f"A scale has {MOST_RUNGS} steps at most.")
    found = []
    for one in value:
        if not isinstance(one, dict) or set(one) - {"value", "says"}:
            raise DefinitionFault(f"{path}.rungs", "A step has a value and says what it means.")
        says = " ".join(str(one.get("says", "")).split())[:120]
        found.append(Rung(_number(one.get("value"), f"{path}.rungs"), says))
    if len({one.value for one in found}) < len(found):
        raise DefinitionFault(f"{path}.rungs", "Two steps have the same value.")
    return tuple(sorted(found, key=lambda one: -one.value))


def _number(value: Any, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise DefinitionFault(path, "Give a number.")
    if abs(value) > _LARGEST:
        raise DefinitionFault(path, "That number is too large.")
    return float(value)


def to_json(definition: Definition) -> dict[str, Any]:
    """Return a definition as it is stored and answered."""
    return asdict(definition)


def from_json(value: dict[str, Any]) -> Definition:
    """Return a definition as it was stored."""
    inputs = (
        Input(**{**one, "rungs": tuple(Rung(**rung) for rung in one["rungs"])})
        for one in value["inputs"]
    )  # fmt: skip
    return Definition(**{**value, "inputs": tuple(inputs)})
