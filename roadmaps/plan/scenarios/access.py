"""May this user open, change or commit a scenario?"""

from typing import Any

from portal.people.public import Product, Role, Team, allow, can, require
from portal.shell.public import NotFound
from roadmaps.plan.scenarios.models import Scenario, ScenarioItem
from roadmaps.planning.initiatives.public import visible_initiatives

allow("scenarios.edit", Role.PRODUCT_MANAGER)


def get_scenario(user: Any, pk: int, write: bool = False) -> Scenario:
    """Return a scenario that the user may open; with `write`, may change too."""
    found = Scenario.objects.visible_to(user).of_rows().filter(pk=pk).first()
    if found is None:
        raise NotFound()
    if write:
        require(user, "scenarios.edit", found)
    return found


def get_rival(user: Any, scenario: Scenario, pk: int) -> Scenario:
    """Return another open scenario of the same team that the user may open."""
    others = Scenario.objects.visible_to(user).filter(team=scenario.team_id, state=Scenario.State.OPEN)
    found = others.exclude(pk=scenario.pk).select_related("model__current").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such scenario of this team, or it is closed.")
    return found


def get_item(user: Any, scenario: Scenario, pk: int) -> ScenarioItem:
    """Return an initiative of a scenario that the user may see."""
    seen = scenario.items.filter(initiative__in=visible_initiatives(user))
    found = seen.select_related("initiative__team", "objective").filter(pk=pk).first()
    if found is None:
        raise NotFound()
    found.scenario = scenario
    return found


def places_to_try(user: Any) -> list[Team | Product]:
    """Return the teams and products of which the user may make scenarios, teams with several products first."""
    if not can(user, "scenarios.edit"):
        return []
    products = [one for one in user.visible_products if user.is_ops or one.team_id in user.team_ids]
    of_team: dict[int, list[Product]] = {}
    for one in products:
        of_team.setdefault(one.team_id, []).append(one)
    teams = Team.objects.filter(pk__in=[key for key, those in of_team.items() if len(those) > 1]).order_by("name")
    return [*teams, *products]
