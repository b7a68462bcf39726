"""The persons room."""

from django.apps import AppConfig


class PersonsConfig(AppConfig):
    name = "insights.persons"
    label = "insights_persons"
    verbose_name = "Persons and accounts"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.persons import registered  # noqa: F401  imported for what it registers
