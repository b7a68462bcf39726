"""What the rooms of the voice use of texts."""

from insights.voice.texts.anchors import anchor_at, find_quote, follow_edit
from insights.voice.texts.contracts import (
    LANGUAGES,
    LONGEST_QUOTE,
    LONGEST_TEXT,
    Anchor,
    Mark,
    MarkProvider,
    Place,
    TextFollower,
    excerpt,
)
from insights.voice.texts.keeping import clean_text, follow_text, forget_text
from insights.voice.texts.marking import mark_html, mark_text, words_of
from insights.voice.texts.markup import looks_like_html, text_of_html
from insights.voice.texts.masking import mask, mask_part

__all__ = [
    "LANGUAGES",
    "LONGEST_QUOTE",
    "LONGEST_TEXT",
    "Anchor",
    "Mark",
    "MarkProvider",
    "Place",
    "TextFollower",
    "anchor_at",
    "clean_text",
    "excerpt",
    "find_quote",
    "follow_edit",
    "follow_text",
    "forget_text",
    "looks_like_html",
    "mark_html",
    "mark_text",
    "mask",
    "mask_part",
    "text_of_html",
    "words_of",
]
