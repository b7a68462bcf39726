"""Themes compared with a piece by their names: what there is to go by until enough was linked; knows no Django."""

import math
import re
import unicodedata
from collections.abc import Mapping

LEAST_SCORE = 0.45
_WORD = re.compile(r"[^\W\d_]{3,}")
_ENDINGS = ("ings", "ing", "ers", "er", "ed", "es", "en", "s", "e")
_WORDS = """
    the and for with that this not are was has have what who how does did from they them all but can cannot its get
    getting our your one too very der die das und ist nicht mit les des est pas pour une
"""
_COMMON = frozenset(_WORDS.split())


def stems_of(text: str) -> dict[str, str]:
    """Return the words of a text without endings: {stem: the word as it stands there first}.

    >>> stems_of("Reports that come by themselves, a report")
    {'report': 'reports', 'come': 'come', 'themselv': 'themselves'}
    """
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    found: dict[str, str] = {}
    for word in _WORD.findall(plain):
        if word not in _COMMON:
            found.setdefault(_stem(word), word)
    return found


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def score_names(text: str, names: Mapping[int, str]) -> list[tuple[int, float, tuple[str, ...]]]:
    """Return the themes whose names a text holds, best first: (theme, share of the name's weight 0 to 1, words).

    A word weighs more the fewer themes are named by it.
    >>> score_names("The timeline is slow.", {1: "Slow timeline", 2: "Search", 3: "Timeline colours"})
    [(1, 1.0, ('timeline', 'slow'))]
    """
    said = stems_of(text)
    stems = {theme: set(stems_of(name)) for theme, name in names.items()}
    named: dict[str, int] = {}
    for own in stems.values():
        for stem in own:
            named[stem] = named.get(stem, 0) + 1
    weight = {stem: math.log(1 + len(names) / count) for stem, count in named.items()}
    found = []
    for theme, own in stems.items():
        shared = [stem for stem in said if stem in own]
        score = sum(weight[stem] for stem in shared) / (sum(weight[stem] for stem in own) or 1)
        if score >= LEAST_SCORE:
            found.append((theme, round(score, 3), tuple(said[stem] for stem in shared)))
    return sorted(found, key=lambda one: (-one[1], one[0]))
