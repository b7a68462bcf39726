"""What prototypes hang into the shell and on the pages of initiatives and opportunities."""

from typing import Any

from django.db.models import QuerySet

from portal.people.public import can
from portal.shell.public import Command, DemoSeed, PersonEraser, PersonExporter, SearchHit, SearchRows, UsedBy, registry
from roadmaps.planning.initiatives.public import Initiative, InitiativePanel
from roadmaps.planning.opportunities.public import Opportunity, OpportunityPanel
from roadmaps.planning.prototypes import demo
from roadmaps.planning.prototypes.models import Prototype
from roadmaps.planning.prototypes.personal import erase_person, export_person
from roadmaps.planning.prototypes.reading import alike

_PANEL = "roadmaps/planning/prototypes/_prototypes_panel.html"


def _find(user: Any, text: str) -> QuerySet:
    return Prototype.objects.visible_to(user).matching(text).order_by("-pk")


def _using(thing: Any, user: Any) -> Any:
    name = {Initiative: "initiative", Opportunity: "opportunity"}.get(type(thing))
    return Prototype.objects.visible_to(user).filter(**{name: thing}) if name else None


def _show(values: dict[str, Any]) -> SearchHit:
    address = Prototype(pk=values["pk"]).get_absolute_url()
    return SearchHit("Prototype", values["title"], address, values["product__name"])


def _panel(name: str) -> Any:
    """Return what reads the prototypes of a thing, and those that tried something alike before."""

    def read(thing: Any, request: Any) -> dict[str, Any]:
        user = request.user
        mine = list(Prototype.objects.visible_to(user).filter(**{name: thing}).with_counts().order_by("-pk")[:20])
        known = {one.pk for one in mine}
        others = [one for one in alike(user, thing.title) if one.pk not in known]
        may_make = can(user, "prototypes.create", thing)
        return {"mine": mine, "alike": others, "may_make": may_make, "thing": thing, "name": name}

    return read


registry.add(InitiativePanel("prototypes", "Prototypes", _PANEL, _panel("initiative"), order=20))
registry.add(OpportunityPanel("prototypes", "Prototypes", _PANEL, _panel("opportunity"), order=30))
registry.add(SearchRows("Prototypes", _find, ("pk", "title", "product__name"), _show, order=47))
registry.add(
    Command("New prototype", "prototypes:prototype-new", can_see=lambda user: can(user, "prototypes.create"), order=47)
)
registry.add(UsedBy("Prototype", _using, ("pk", "title", "product__name"), _show))
registry.add(PersonEraser("prototypes", erase_person, order=60))
registry.add(PersonExporter("prototypes", export_person, order=60))
registry.add(DemoSeed("prototypes", demo.seed_prototypes, order=76))
