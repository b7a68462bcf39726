"""What crosses the walls of suggestions: themes that a piece may be about, pieces like it, who may have said it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SuggestedTheme:
    """A theme that a piece may be about.

    confidence: the share of pieces with such a score that people linked to the theme, 0 to 1; None where nothing was
    learned of the theme yet and only its name was compared. words: those of its name that the piece holds.
    """

    theme_id: int
    name: str
    path: str = ""
    confidence: float | None = None
    words: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """Return why it is suggested, in words.

        >>> SuggestedTheme(1, "Speed", confidence=0.814).why
        '81 % of pieces like it'
        >>> SuggestedTheme(1, "Slow timeline", words=("slow", "timeline")).why
        'it says “slow”, “timeline”'
        """
        if self.confidence is not None:
            return f"{round(100 * self.confidence)} % of pieces like it"
        return "it says " + ", ".join(f"“{word}”" for word in self.words)


@dataclass(frozen=True)
class SimilarPiece:
    """A piece that says something alike: its number, likeness (cosine, 0 to 1), how it begins, what it is linked to."""

    feedback_id: int
    score: float
    excerpt: str
    language: str = ""
    themes: tuple[str, ...] = ()


@dataclass(frozen=True)
class KnownSpeaker:
    """Somebody whom a piece names without being theirs: an id of the product's events, of a person or an account."""

    kind: str
    no: int
    id: str


@dataclass(frozen=True)
class Suggestions:
    """What is suggested for one piece; `basis` says in a sentence what it stands on."""

    basis: str
    is_learned: bool = False
    themes: tuple[SuggestedTheme, ...] = ()
    similar: tuple[SimilarPiece, ...] = ()
    speakers: tuple[KnownSpeaker, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What a product's suggestions were learned from, and how good they were on what was held back."""

    learned_at: datetime | None = None
    n_examples: int = 0
    n_themes: int = 0
    n_pieces: int = 0
    quality: float | None = None
    is_running: bool = False
    step: str = ""
    error: str = ""
