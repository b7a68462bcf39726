"""What a scenario makes of each initiative: what was changed in it, and what is as the initiative is today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from roadmaps.plan.scenarios.models import Scenario, ScenarioItem
from roadmaps.planning.initiatives.public import Horizon, Initiative, Stage, visible_initiatives
from roadmaps.planning.scoring.public import RANKED_STAGES

FIELDS = ("position", "horizon", "stage", "effort_months", "starts_on", "ends_on", "objective_id")
_DAYS = frozenset({"starts_on", "ends_on"})
_HORIZONS = {name: place for place, name in enumerate(Horizon.values)}
_OUT = (Stage.LAUNCHED, Stage.MEASURING, Stage.DONE)


def then_of(initiative: Initiative) -> dict[str, Any]:
    """Return an initiative's fields as an item keeps them."""
    found = {name: getattr(initiative, name) for name in FIELDS}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in found.items()}


def was_of(item: ScenarioItem) -> dict[str, Any]:
    """Return how an item's initiative was when it was copied."""
    return {
        name: date.fromisoformat(value) if name in _DAYS and value else value
        for name, value in ((name, item.then.get(name)) for name in FIELDS)
    }


def changed_of(item: ScenarioItem) -> dict[str, Any]:
    """Return what the scenario itself changed of an item, by field."""
    was = was_of(item)
    return {name: getattr(item, name) for name in FIELDS if getattr(item, name) != was[name]}


def wanted_of(item: ScenarioItem) -> dict[str, Any]:
    """Return what is to become of an item's initiative, by field; one that is left out comes later, without days."""
    wanted = changed_of(item)
    return wanted if item.is_in else {**wanted, "horizon": Horizon.LATER.value, "starts_on": None, "ends_on": None}


@dataclass(frozen=True)
class Tried:
    """An item with its initiative and the values that hold in the scenario, by field."""

    item: ScenarioItem
    initiative: Initiative
    values: Mapping[str, Any]

    @property
    def order(self) -> tuple[int, int, int]:
        """Return where it stands: its column of the roadmap, then its place in it."""
        return order_of(self.values["horizon"], self.values["position"], self.initiative.pk)

    @property
    def counts(self) -> bool:
        """Say whether it is work of the plan: not left out, not dropped, and not out already."""
        return self.item.is_in and self.values["stage"] in RANKED_STAGES and self.initiative.stage not in _OUT


def order_of(horizon: str, position: int, number: int) -> tuple[int, int, int]:
    """Return what initiatives are ordered by: columns from now to later, then places, then numbers."""
    return _HORIZONS[horizon], position, number


def try_item(item: ScenarioItem) -> Tried:
    """Return an item as it is in the scenario: what was not changed there is as its initiative is today."""
    now = {name: getattr(item.initiative, name) for name in FIELDS}
    return Tried(item, item.initiative, {**now, **changed_of(item)})


def rebase(tried: Tried) -> None:
    """Let an item that is changed now take what its initiative is today for all that the scenario did not change.

    One of which nothing was changed yet is a fresh copy; else what others did since stays to be shown at its review.
    """
    item, changed, now = tried.item, changed_of(tried.item), then_of(tried.initiative)
    item.then = {**now, **{name: item.then.get(name) for name in changed}}
    for name in FIELDS:
        if name not in changed:
            setattr(item, name, getattr(tried.initiative, name))
    if not changed and item.is_in:
        item.then_version = tried.initiative.version


def read_tried(scenario: Scenario, user: Any) -> list[Tried]:
    """Return the items that a reader may see, in the scenario's order; one statement."""
    rows = scenario.items.filter(initiative__in=visible_initiatives(user))
    rows = rows.select_related("initiative__product", "initiative__team", "initiative__objective", "objective")
    return in_order(try_item(one) for one in rows)


def in_order(tried: Iterable[Tried]) -> list[Tried]:
    """Return items in the scenario's order, those that are no work of it at the end."""
    return sorted(tried, key=lambda one: (not one.counts, one.order))
