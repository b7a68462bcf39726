"""What other rooms of roadmaps may use of initiatives."""

from roadmaps.planning.initiatives.access import get_initiative
from roadmaps.planning.initiatives.actions import (
    change_initiative,
    change_initiatives,
    create_initiative,
    delete_initiative,
)
from roadmaps.planning.initiatives.contracts import InitiativeListener, InitiativePanel
from roadmaps.planning.initiatives.demo import GUIDE as DEMO_GUIDE
from roadmaps.planning.initiatives.forms import PlainNumberInput
from roadmaps.planning.initiatives.history import end_of, initiatives_on
from roadmaps.planning.initiatives.models import (
    Dependency,
    Horizon,
    Initiative,
    InitiativeLink,
    InitiativeVersion,
    Stage,
    visible_initiatives,
)

__all__ = [
    "DEMO_GUIDE",
    "Dependency",
    "Horizon",
    "Initiative",
    "InitiativeLink",
    "InitiativeListener",
    "InitiativePanel",
    "InitiativeVersion",
    "PlainNumberInput",
    "Stage",
    "change_initiative",
    "change_initiatives",
    "create_initiative",
    "delete_initiative",
    "end_of",
    "get_initiative",
    "initiatives_on",
    "visible_initiatives",
]
