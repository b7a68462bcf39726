"""Tables of initiatives: what we would do, what needs what, where more is written, and how it was on each past day."""

from roadmaps.planning.initiatives.models.initiative import (
    Dependency,
    Horizon,
    Initiative,
    InitiativeLink,
    Stage,
    visible_initiatives,
)
from roadmaps.planning.initiatives.models.told import ImportedInitiative, StageName, ToldStage
from roadmaps.planning.initiatives.models.version import InitiativeVersion

__all__ = [
    "Dependency",
    "Horizon",
    "ImportedInitiative",
    "Initiative",
    "InitiativeLink",
    "InitiativeVersion",
    "Stage",
    "StageName",
    "ToldStage",
    "visible_initiatives",
]
