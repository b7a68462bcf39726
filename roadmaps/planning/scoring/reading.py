"""From stored scores to the values that formulas work on, and back."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from roadmaps.planning.scoring.contracts import Definition, Given, Sheet
from roadmaps.planning.scoring.models import Score

_NAMES = ("likely", "low", "high", "label", "source", "bound", "agreed", "by")


def to_given(value: Mapping[str, Any]) -> Given:
    """Return one input as it was stored."""
    said = {name: value[name] for name in _NAMES if value.get(name) not in (None, "")}
    return Given(**said, on=date.fromisoformat(value["on"]) if value.get("on") else None)


def from_given(given: Given) -> dict[str, Any]:
    """Return one input as it is stored: what is not said is left out."""
    said = {name: value for name, value in asdict(given).items() if value not in (None, "")}
    return said | ({"on": given.on.isoformat()} if given.on else {})


def given_of(score: Score, definition: Definition) -> dict[str, Given]:
    """Return what a score holds of what its model asks."""
    return {one.key: to_given(score.given[one.key]) for one in definition.inputs if one.key in score.given}


def sheets_of(scores: Iterable[Score], definition: Definition, waiting: Mapping[int, Iterable[int]]) -> list[Sheet]:
    """Return scores as sheets by their initiatives; `waiting` are the ids of what waits for each."""
    return [
        Sheet(one.initiative_id, given_of(one, definition), tuple(waiting.get(one.initiative_id, ()))) for one in scores
    ]
