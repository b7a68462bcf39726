"""The operations room: run, health, outbox, schedules, backup."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OperationsConfig(AppConfig):
    name = "portal.operations"
    label = "portal_operations"
    verbose_name = "Operations"

    def ready(self) -> None:
        """Register this room's pieces, and write missing schedules after each migration."""
        from portal.operations import registered  # noqa: F401 - imported for what it registers
        from portal.operations.schedules import ensure_schedules

        post_migrate.connect(ensure_schedules, sender=self, dispatch_uid="ensure_schedules")
