"""The suggestions room: what feedback may be about, learned from what people linked."""

from django.apps import AppConfig


class SuggestionsConfig(AppConfig):
    name = "insights.voice.suggestions"
    label = "insights_voice_suggestions"
    verbose_name = "Suggestions"

    def ready(self) -> None:
        """Hang this room's pieces into the shell; an embedder that is not there stops the start."""
        from insights.voice.suggestions import access, registered  # noqa: F401 - both register on import
        from insights.voice.suggestions.embedding import check_embedder

        check_embedder()
