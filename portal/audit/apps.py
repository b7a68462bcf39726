"""The audit room."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "portal.audit"
    label = "portal_audit"
    verbose_name = "Audit"

    def ready(self):
        """Hang the room's pieces into the shell."""
        from portal.audit import registered  # noqa: F401 (registers on import)
