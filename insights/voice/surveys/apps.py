"""The surveys room: people are asked how they feel, and the answers are counted honestly."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "insights.voice.surveys"
    label = "insights_voice_surveys"
    verbose_name = "Surveys"

    def ready(self) -> None:
        """Say who may do what, and hang this room's pieces into the shell."""
        from insights.voice.surveys import access, registered  # noqa: F401 - register on import
