"""What scenarios hang into the shell: commands, the search, and the demo's scenario."""

from typing import Any

from django.db.models import QuerySet

from portal.people.public import can
from portal.shell.public import Command, DemoSeed, SearchHit, SearchRows, registry
from roadmaps.plan.scenarios import demo
from roadmaps.plan.scenarios.models import Scenario


def _find(user: Any, text: str) -> QuerySet:
    return Scenario.objects.visible_to(user).matching(text).order_by("-pk")


def _show(values: dict[str, Any]) -> SearchHit:
    address = Scenario(pk=values["pk"], state=values["state"]).get_absolute_url()
    return SearchHit("Scenario", values["name"], address, values["team__name"])


registry.add(SearchRows("Scenarios", _find, ("pk", "name", "state", "team__name"), _show, order=48))
registry.add(Command("What if", "scenarios:scenario-list", order=48, detail="Try another order, capacity or scope"))
registry.add(
    Command("New scenario", "scenarios:scenario-new", can_see=lambda user: can(user, "scenarios.edit"), order=49)
)
registry.add(DemoSeed("scenario", demo.seed_scenario, order=85))
