"""What imports hang into the shell: a command, the night's step, the schedule that finds dead work, the eraser."""

from typing import Any

from insights.imports.files import PROBLEM_MENTIONS, erase_person, export_person, remove_old_files
from portal.people.public import Role
from portal.shell.public import Command, NavItem, NightStep, PersonEraser, PersonExporter, Schedule, registry


def _may(user: Any) -> bool:
    return Role(user.role).rank >= Role.PRODUCT_MANAGER.rank


def _remove(night: Any) -> None:
    remove_old_files(night.now, progress=night.progress)


registry.add(
    Command("Imports", "imports:import-list", can_see=_may, order=28, detail="Files that became feedback or contacts")
)
registry.add(NavItem("Insights", "Imports", "imports:import-list", order=52, icon="source", under="Data", can_see=_may))
registry.add(PersonEraser("imports", erase_person, order=60))
registry.add(PROBLEM_MENTIONS)
registry.add(PersonExporter("imports", export_person))
registry.add(NightStep("imports.remove_files", "Remove old files of imports", _remove, order=91))
registry.add(
    Schedule(
        "Start dead imports again",
        task="imports.sweep_imports",
        every_s=20,
        description="Runs a check, an import or an undo again whose worker has been silent for 60 s.",
    )
)
