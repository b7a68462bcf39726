"""What other rooms may use of suggestions."""

from insights.voice.suggestions.actions import judge, withdraw_verdict
from insights.voice.suggestions.contracts import Facts, KnownSpeaker, SimilarPiece, SuggestedTheme, Suggestions
from insights.voice.suggestions.models import Verdict
from insights.voice.suggestions.suggesting import read_facts, suggest

__all__ = [
    "Facts",
    "KnownSpeaker",
    "SimilarPiece",
    "SuggestedTheme",
    "Suggestions",
    "Verdict",
    "judge",
    "read_facts",
    "suggest",
    "withdraw_verdict",
]
