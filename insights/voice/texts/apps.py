"""The room of texts: what was said, as text; it has no tables, but a function of the database that indexes words."""

from django.apps import AppConfig


class TextsConfig(AppConfig):
    name = "insights.voice.texts"
    label = "insights_voice_texts"
    verbose_name = "Texts"
