"""The questions room."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "insights.questions"
    label = "insights_questions"
    verbose_name = "Questions"
