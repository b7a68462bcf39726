"""The shell room."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "portal.shell"
    label = "portal_shell"
    verbose_name = "Shell"

    def ready(self):
        """Hang the shell's own pieces in, and label fields before any form or admin page reads their labels."""
        from portal.shell import registered  # noqa: F401 (registers on import)
        from portal.shell.labels import label_fields

        label_fields()
