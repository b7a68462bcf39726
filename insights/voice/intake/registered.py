"""What the intake hangs into the shell: feedback as a kind of import, the pages of imports and inlets under Voice."""

from typing import Any

from insights.imports.public import ImportKindPiece
from insights.voice.intake.demo import seed_intake
from insights.voice.intake.importing import FeedbackImport
from portal.people.public import Role
from portal.shell.public import Command, DemoSeed, NavItem, registry


def _may(user: Any) -> bool:
    return Role(user.role).rank >= Role.PRODUCT_MANAGER.rank


registry.add(DemoSeed("intake", seed_intake, order=58))
registry.add(ImportKindPiece(FeedbackImport()))
registry.add(NavItem("Insights", "Inlets", "intake:inlet-list", order=39, icon="source", under="Voice", can_see=_may))
registry.add(
    Command(
        "Inlets of feedback", "intake:inlet-list", can_see=_may, order=29, detail="Signed webhooks of other systems"
    )
)
