"""The contacts room: with whom the company talks, whether or not an event names them."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "insights.contacts"
    label = "insights_contacts"
    verbose_name = "Contacts"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.contacts import registered  # noqa: F401  imported for what it registers
