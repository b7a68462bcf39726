"""What goals hang into the shell: navigation, Home, search, commands, targets of metrics, the night, the demo."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from insights.metrics.public import Metric, Target, TargetProvider
from portal.people.public import can
from portal.shell.public import (
    Command,
    DemoSeed,
    HomePanel,
    NavItem,
    NightStep,
    SearchHit,
    SearchRows,
    UsedBy,
    registry,
    words_in,
)
from roadmaps.goals import demo
from roadmaps.goals.models import KeyResult, Objective
from roadmaps.goals.models.key_result import KeyResultQuerySet
from roadmaps.goals.renewing import renew_at_night


def _find_objectives(user: Any, text: str) -> QuerySet:
    return Objective.objects.visible_to(user).matching(text).order_by("-cycle__starts_on", "title", "pk")


def _show_objective(values: dict[str, Any]) -> SearchHit:
    address = Objective(pk=values["pk"]).get_absolute_url()
    return SearchHit("Objective", values["title"], address, f"{values['cycle__name']} · {values['team__name']}")


def _find_key_results(user: Any, text: str) -> QuerySet:
    found = KeyResult.objects.visible_to(user).filter(words_in(text, "title"))
    return found.order_by("-objective__cycle__starts_on", "title", "pk")


def _home(request: HttpRequest) -> dict[str, Any] | None:
    """Let who may own key results see theirs; Home asks for them once it stands."""
    return {} if can(request.user, "objectives.create") else None


def _targets(metric: Metric, user: Any) -> Iterable[Target]:
    found = KeyResult.objects.visible_to(user).open().filter(metric=metric).select_related("objective__cycle")
    for one in found.order_by("objective__cycle__ends_on")[:20]:
        yield Target(one.title, one.target, one.get_absolute_url(), one.objective.cycle.ends_on)


def _using(thing: Any, user: Any) -> KeyResultQuerySet | None:
    return KeyResult.objects.visible_to(user).filter(metric=thing) if isinstance(thing, Metric) else None


def _show(values: dict[str, Any]) -> SearchHit:
    address = KeyResult(pk=values["pk"]).get_absolute_url()
    return SearchHit("Key result", values["title"], address, values["objective__title"])


registry.add(NavItem("Roadmaps", "Goals", "goals:goal-list", order=10, keys="g o", icon="goals", also=("/goals/",)))
registry.add(
    SearchRows("Objectives", _find_objectives, ("pk", "title", "cycle__name", "team__name"), _show_objective, order=40)
)
registry.add(SearchRows("Key results", _find_key_results, ("pk", "title", "objective__title"), _show, order=41))
registry.add(
    Command("New objective", "goals:objective-new", can_see=lambda user: can(user, "objectives.create"), order=40)
)
registry.add(Command("Vision and strategy", "goals:statement-list", order=41, detail="Where each product goes"))
registry.add(HomePanel("goals", "roadmaps/goals/_home_panel.html", _home, order=84))
registry.add(TargetProvider("goals", _targets))
registry.add(UsedBy("Key result", _using, ("pk", "title", "objective__title"), _show))
registry.add(NightStep("goals", "Forecast key results", renew_at_night, order=50))
registry.add(DemoSeed("goals", demo.seed_goals, order=70))
