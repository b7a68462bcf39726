"""What work hangs into the shell: navigation, Home, search, imports, panels of initiatives, the schedule, the demo."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from insights.imports.public import ImportKindPiece
from portal.people.public import Product, can
from portal.shell.public import (
    Command,
    DemoSeed,
    HomePanel,
    Schedule,
    SearchHit,
    SearchRows,
    UsedBy,
    registry,
)
from roadmaps.delivery.work import demo
from roadmaps.delivery.work.importing.kinds import ChangesImport, WorkImport
from roadmaps.delivery.work.models import Tracker, WorkItem
from roadmaps.delivery.work.panels import show_work
from roadmaps.planning.initiatives.public import InitiativePanel


def _find_items(user: Any, text: str) -> QuerySet:
    return WorkItem.objects.visible_to(user).matching(text).order_by("-changed_at", "pk")


def _show_item(values: dict[str, Any]) -> SearchHit:
    address = WorkItem(pk=values["pk"]).get_absolute_url()
    title = f"{values['key']} {values['title']}".strip()
    return SearchHit("Item of work", title, address, f"{values['tracker__name']} · {values['status']}")


def _find_trackers(user: Any, text: str) -> QuerySet:
    return Tracker.objects.visible_to(user).matching(text).order_by("name", "pk")


def _using(thing: Any, user: Any) -> Any:
    return Tracker.objects.visible_to(user).filter(product=thing) if isinstance(thing, Product) else None


def _show(values: dict[str, Any]) -> SearchHit:
    return SearchHit("Tracker", values["name"], Tracker(pk=values["pk"]).get_absolute_url())


def _home(request: HttpRequest) -> dict[str, Any] | None:
    """Let who may mend connections see which fail; Home asks for them once it stands."""
    return {} if can(request.user, "connections.edit") else None


def _panel(initiative: Any, request: HttpRequest) -> dict[str, Any] | None:
    return show_work(initiative, request.user)


registry.add(Command("Delivery", "work:flow", order=51, detail="Throughput, cycle times and work in progress"))
registry.add(
    SearchRows("Items of work", _find_items, ("pk", "key", "title", "status", "tracker__name"), _show_item, order=52)
)
registry.add(SearchRows("Trackers", _find_trackers, ("pk", "name"), _show, order=53))
registry.add(Command("New tracker", "work:tracker-new", can_see=lambda user: can(user, "trackers.edit"), order=52))
registry.add(HomePanel("trackers", "roadmaps/delivery/work/_home_panel.html", _home, order=21))
registry.add(UsedBy("Tracker", _using, ("pk", "name"), _show))
registry.add(ImportKindPiece(WorkImport()))
registry.add(ImportKindPiece(ChangesImport()))
registry.add(InitiativePanel("work", "Work", "roadmaps/delivery/work/_initiative_panel.html", _panel, order=60))
registry.add(
    Schedule(
        "Read trackers",
        task="delivery.pull_due",
        every_s=60,
        description="Reads trackers whose hour has come, and goes on with those whose worker died.",
    )
)
registry.add(DemoSeed("work", demo.seed_work, order=80))
