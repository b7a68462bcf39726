"""What all rooms of the voice share about texts; no Django."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
LANGUAGE_CHOICES = [(key, name) for key, (name, _) in LANGUAGES.items()]


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


@dataclass(frozen=True)
class FoundText:
    """A text as the one who looks for it may read it; of `text` search shows the place where the words stand."""

    title: str
    text: str
    url: str
    day: dt.date | None
    detail: str = ""
    who: str = ""
    account: str = ""
    language: str = ""
    quotes: bool = False


@dataclass(frozen=True)
class TextKind:
    """Texts of one kind that search looks through; the table keeps their words in a column `words`.

    `name` is the kind in addresses and over the API, `label` one of them on screen, `plural` several.
    rows(user) returns those that the user may read; fits(rows, query, user) keeps those whose words fit, in the form
    that the user may read; inside(rows, user) those that the user sees whole, with who said it.
    `paths` says by which fields search narrows, several where it stands in one of them: "product" and "day" always;
    "account", "person" and "language" where texts have them: a kind without one stays away when it is asked for.
    show(rows, user) returns what is found, in the order of the rows, which are read through dress(rows).
    `has_shared_words` says whether the table has `team` and `shared_words`, the words of the form for other teams.
    words_of(team_id) returns the words (`Words`) of a team's texts as values of a queryset, or for None those of what
    is shared, as the company reads it; None where they are words of other texts too.
    """

    name: str
    label: str
    plural: str
    rows: Callable[[Any], Any]
    fits: Callable[[Any, str, Any], Any]
    inside: Callable[[Any, Any], Any]
    dress: Callable[[Any], Any]
    show: Callable[[Sequence[Any], Any], Sequence[FoundText]]
    paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    has_shared_words: bool = True
    words_of: Callable[[int | None], Iterable[Any] | None] = lambda team_id: None
    order: int = 100


@dataclass(frozen=True)
class TextFilter:
    """Something by which search narrows what it finds, of a room of its own, such as the theme that texts are about.

    choices(user) returns (value, label) pairs. read(value, user) is asked once what a value means, and then
    narrow(kind, rows, meant, user) keeps the rows of a kind that fit, or returns None where texts of this kind have no
    such thing: then the kind stays away.
    """

    name: str
    label: str
    choices: Callable[[Any], Sequence[tuple[str, str]]]
    narrow: Callable[[str, Any, str, Any], Any | None]
    read: Callable[[str, Any], Any] = lambda value, user: value
    empty_label: str = "All"
    order: int = 100


def excerpt(text: str, length: int = 160) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text[: length * 4].split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"
