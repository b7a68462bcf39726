"""What all rooms of the voice share about texts; no Django."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST_TEXT = 100_000
LONGEST_QUOTE = 2_000

# ISO 639-1 → (name, how PostgreSQL's full-text search calls it).
LANGUAGES = {
    "ar": ("Arabic", "arabic"),
    "hy": ("Armenian", "armenian"),
    "eu": ("Basque", "basque"),
    "ca": ("Catalan", "catalan"),
    "da": ("Danish", "danish"),
    "nl": ("Dutch", "dutch"),
    "en": ("English", "english"),
    "fi": ("Finnish", "finnish"),
    "fr": ("French", "french"),
    "de": ("German", "german"),
    "el": ("Greek", "greek"),
    "hi": ("Hindi", "hindi"),
    "hu": ("Hungarian", "hungarian"),
    "id": ("Indonesian", "indonesian"),
    "ga": ("Irish", "irish"),
    "it": ("Italian", "italian"),
    "lt": ("Lithuanian", "lithuanian"),
    "ne": ("Nepali", "nepali"),
    "no": ("Norwegian", "norwegian"),
    "pt": ("Portuguese", "portuguese"),
    "ro": ("Romanian", "romanian"),
    "ru": ("Russian", "russian"),
    "sr": ("Serbian", "serbian"),
    "es": ("Spanish", "spanish"),
    "sv": ("Swedish", "swedish"),
    "ta": ("Tamil", "tamil"),
    "tr": ("Turkish", "turkish"),
    "yi": ("Yiddish", "yiddish"),
}


@dataclass(frozen=True)
class Anchor:
    """Where a quote stood: its words, some text before and after, and its first letter's place, counted from 0."""

    quote: str
    prefix: str
    suffix: str
    start: int


@dataclass(frozen=True)
class Place:
    """A range of a text: its first letter and the one after its last, in Unicode code points."""

    start: int
    end: int


@dataclass(frozen=True)
class Mark:
    """A range of a text that is shown marked; `name` leads to what marked it.

    `part` says which text of a thing with several, as in TextFollower.
    """

    start: int
    end: int
    name: str
    part: str = ""


@dataclass(frozen=True)
class TextFollower:
    """Something that stands on texts and moves with them, in the transaction that changes the text of a thing.

    follow(thing, part, before, after) is called after an edit; forget(thing, part, before, after, gone) where words had
    to go for good, such as those of an erased person: `gone` are their places in `before`. A thing with one text, such
    as a piece of feedback, calls its part "".
    """

    name: str
    follow: Callable[[Any, str, str, str], None]
    forget: Callable[[Any, str, str, str, Sequence[Place]], None]
    order: int = 100


@dataclass(frozen=True)
class MarkProvider:
    """Something that marks ranges of texts: find(thing, user) returns the marks that a reader sees in a thing."""

    name: str
    find: Callable[[Any, Any], Sequence[Mark]]
    order: int = 100


def excerpt(text: str, length: int = 160) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text[: length * 4].split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"
