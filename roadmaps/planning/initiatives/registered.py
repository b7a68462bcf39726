"""What initiatives hang into the shell: search, commands, "used by", the panel of opportunities, the demo."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from insights.imports.public import ImportKindPiece
from portal.people.public import can
from portal.shell.public import Command, DemoSeed, SearchHit, SearchRows, UsedBy, registry
from roadmaps.goals.public import Objective
from roadmaps.planning.initiatives import demo
from roadmaps.planning.initiatives.kinds import ChangeImport, InitiativeImport
from roadmaps.planning.initiatives.models import Initiative
from roadmaps.planning.opportunities.public import Opportunity, OpportunityPanel

_MOST_SHOWN = 50


def _find(user: Any, text: str) -> Any:
    return Initiative.objects.visible_to(user).matching(text).order_by("-updated_at", "-pk")


def _using(thing: Any, user: Any) -> Any:
    """Return the initiatives that serve a goal; those for an opportunity stand in a panel of its page."""
    return Initiative.objects.visible_to(user).filter(objective=thing) if isinstance(thing, Objective) else None


def _show(values: dict[str, Any]) -> SearchHit:
    address = reverse("initiatives:initiative-page", args=[values["pk"]])
    return SearchHit("Initiative", values["title"], address, values.get("product__name", ""))


def _panel(opportunity: Opportunity, request: HttpRequest) -> dict[str, Any]:
    through = Initiative.opportunities.through.objects.filter(opportunity=opportunity).values("initiative")
    rows = Initiative.objects.visible_to(request.user).filter(pk__in=through).for_reader(request.user)
    rows = rows.order_by("position", "pk")
    may_make = can(request.user, "initiatives.create", opportunity)
    return {"rows": list(rows[:_MOST_SHOWN]), "may_make": may_make}


registry.add(SearchRows("Initiatives", _find, ("pk", "title", "product__name"), _show, order=43))
registry.add(
    Command(
        "New initiative", "initiatives:initiative-new", can_see=lambda user: can(user, "initiatives.create"), order=43
    )
)
registry.add(
    Command("Initiatives", "initiatives:initiative-list", order=44, detail="What we would do, and how far it is")
)
registry.add(UsedBy("Initiative", _using, ("pk", "title"), _show))
registry.add(
    OpportunityPanel(
        "initiatives", "What we would do about it", "roadmaps/planning/_initiatives_panel.html", _panel, order=10
    )
)
registry.add(ImportKindPiece(InitiativeImport()))
registry.add(ImportKindPiece(ChangeImport()))
registry.add(DemoSeed("initiatives", demo.seed_initiatives, order=74))
