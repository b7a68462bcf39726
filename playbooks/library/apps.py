"""The library: how things are done here, written down in versions that are reviewed."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "playbooks.library"
    label = "playbooks_library"
    verbose_name = "Playbooks"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from playbooks.library import access, registered  # noqa: F401 - they register on import
