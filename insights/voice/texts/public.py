"""What the rooms of the voice use of texts."""

from insights.voice.texts.anchors import anchor_at, find_quote, follow_edit
from insights.voice.texts.contracts import (
    LANGUAGE_CHOICES,
    LANGUAGES,
    LONGEST_QUOTE,
    LONGEST_TEXT,
    Anchor,
    FoundText,
    Mark,
    MarkProvider,
    Place,
    TextFilter,
    TextFollower,
    TextKind,
    excerpt,
)
from insights.voice.texts.keeping import clean_text, follow_text, forget_text, masked_places
from insights.voice.texts.marking import mark_html, mark_text, words_of
from insights.voice.texts.markup import looks_like_html, text_of_html
from insights.voice.texts.searching import (
    CONFIGS,
    Fits,
    Query,
    Words,
    build_query,
    keep_fitting,
    words_for,
)
from insights.voice.texts.words import Term, beginning_of, build_tsquery, quoted, read_terms
from portal.shell.public import mask, mask_part

__all__ = [
    "CONFIGS",
    "LANGUAGES",
    "LANGUAGE_CHOICES",
    "LONGEST_QUOTE",
    "LONGEST_TEXT",
    "Anchor",
    "Fits",
    "FoundText",
    "Mark",
    "MarkProvider",
    "Place",
    "Query",
    "Term",
    "TextFilter",
    "TextFollower",
    "TextKind",
    "Words",
    "anchor_at",
    "beginning_of",
    "build_query",
    "build_tsquery",
    "clean_text",
    "excerpt",
    "find_quote",
    "follow_edit",
    "follow_text",
    "forget_text",
    "keep_fitting",
    "looks_like_html",
    "mark_html",
    "mark_text",
    "mask",
    "mask_part",
    "masked_places",
    "quoted",
    "read_terms",
    "text_of_html",
    "words_for",
    "words_of",
]
