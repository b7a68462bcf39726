"""The questions room."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "insights.questions"
    label = "insights_questions"
    verbose_name = "Questions"

    def ready(self):
        """Hang this room's piece into the night."""
        from insights.questions import registered  # noqa: F401 - works on import
