"""What the roadmap hangs into the shell and on the page of an initiative."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from portal.people.public import can
from portal.shell.public import Command, DemoSeed, KeyGuide, NavItem, NightStep, registry
from roadmaps.plan.board import demo
from roadmaps.plan.board.healing import heal_all, refresh_health
from roadmaps.plan.board.models import InitiativeHealth
from roadmaps.plan.board.views.log import promise_panel
from roadmaps.planning.initiatives.public import Initiative, InitiativeListener, InitiativePanel

_TOUCHES_HEALTH = frozenset({"starts_on", "ends_on", "promised_on", "blocked_since", "objective_id", "stage"})


def _heard(initiative: Initiative, before: dict[str, Any], actor: Any) -> None:
    """Work its health out anew where a change touches it; a new one waits for the night, or for its first change."""
    if _TOUCHES_HEALTH & before.keys():
        refresh_health([initiative.pk])


def _health_panel(initiative: Initiative, request: HttpRequest) -> dict[str, Any]:
    """Return how an initiative does, for its page."""
    row = InitiativeHealth.objects.filter(pk=initiative.pk).select_related("hand_by").first()
    return {
        "initiative": initiative,
        "row": row,
        "health": row.shown(timezone.localdate()) if row else None,
        "may_edit": can(request.user, "initiatives.edit", initiative),
    }


def _promises(initiative: Initiative, request: HttpRequest) -> dict[str, Any]:
    return {"initiative": initiative, **promise_panel(initiative, request)}


registry.add(
    NavItem(
        "Roadmaps",
        "Roadmap",
        "roadmap:board",
        order=40,
        keys="g y",
        icon="roadmap",
        also=("/roadmap/", "/releases/", "/prototypes/", "/delivery/"),
    )
)
registry.add(InitiativeListener("health", _heard))
registry.add(InitiativePanel("health", "Health", "roadmaps/plan/board/_health.html", _health_panel, order=10))
registry.add(InitiativePanel("promises", "Promises", "roadmaps/plan/board/_promises.html", _promises, order=50))
registry.add(Command("Promise log", "roadmap:promise-list", order=46, detail="What was promised to whom"))
registry.add(Command("Moves on the roadmap", "roadmap:move-list", order=47, detail="Who moved what, when and why"))
registry.add(
    KeyGuide(
        "On the roadmap",
        (
            ("Move the card to another column", ("←", "→")),
            ("Move the card up or down", ("↑", "↓")),
            ("On the timeline, move the bar", ("←", "→")),
            ("On the timeline, move its end", ("Shift", "← →")),
            ("Take a move back that is not stored yet", ("Esc",)),
        ),
        order=60,
    )
)
registry.add(NightStep("roadmap_health", "Work out how initiatives do", heal_all, order=75))
registry.add(DemoSeed("promises", demo.seed_promises, order=81))
registry.add(DemoSeed("roadmap", demo.seed_roadmap, order=84))
