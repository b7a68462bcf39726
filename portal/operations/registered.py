"""What operations hangs into the registry."""

from portal.operations.backup import list_uploads, uploads_folder
from portal.operations.panels import build_demo_panel
from portal.shell.registry import BackupFiles, HomePanel, Schedule, registry

registry.add(
    Schedule(
        "Send lost work again",
        task="operations.sweep_outbox",
        every_s=10,
        description="Sends outbox messages again that no worker has done.",
    )
)
registry.add(HomePanel("operations.demo", "portal/operations/demo_panel.html", build_demo_panel, order=1))
registry.add(BackupFiles("uploads", folder=uploads_folder, list_files=list_uploads))
