"""What operations hangs into the registry."""

from typing import Any

from portal.operations.backup import list_uploads, uploads_folder
from portal.operations.backup_keeping import remove_old_backups
from portal.operations.panels import build_demo_panel
from portal.shell.registry import BackupFiles, HomePanel, NightStep, Schedule, registry


def _remove_backups(night: Any) -> None:
    n_removed = remove_old_backups(night.now)
    night.progress(1, 1, f"{n_removed} backup{'' if n_removed == 1 else 's'} removed")


registry.add(
    Schedule(
        "Send lost work again",
        task="operations.sweep_outbox",
        every_s=10,
        description="Sends outbox messages again that no worker has done.",
    )
)
registry.add(HomePanel("operations.demo", "portal/operations/demo_panel.html", build_demo_panel, order=1))
registry.add(NightStep("operations.remove_backups", "Remove old backups", _remove_backups, order=95))
registry.add(BackupFiles("uploads", folder=uploads_folder, list_files=list_uploads))
