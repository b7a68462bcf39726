"""Contacts and accounts out of files: two kinds of imports."""

from django.apps import AppConfig


class ContactImportsConfig(AppConfig):
    name = "insights.contact_imports"
    label = "insights_contact_imports"
    verbose_name = "Imports of contacts"

    def ready(self) -> None:
        """Hang this room's pieces into the imports."""
        from insights.contact_imports import registered  # noqa: F401  imported for what it registers
