"""What somebody looks for, read from what they typed: words, "words in a row", -words that must not stand there.

Knows no Django.
"""

import re
import unicodedata
from dataclasses import dataclass

LONGEST_ASKED = 200
MOST_TERMS = 12
FEWEST_BEGINNING = 2  # letters of a word that is still being typed

_TERM = re.compile(r'(-?)"([^"]*)"?|(\S+)')
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "@": " ", "/": " ", "<": " ", ">": " "})


@dataclass(frozen=True)
class Term:
    """A word, or words in a row, that must stand in a text, or must not."""

    text: str
    is_phrase: bool = False
    is_excluded: bool = False


def read_terms(text: str) -> tuple[Term, ...]:
    """Return what is looked for, in order; of a longer wish its beginning.

    >>> [term.text for term in read_terms('slow "team plan" -beta')]
    ['slow', 'team plan', 'beta']
    """
    plain = unicodedata.normalize("NFC", text)[:LONGEST_ASKED].translate(_QUOTES)
    terms = []
    for sign, phrase, word in _TERM.findall(plain):
        said = phrase or word
        is_excluded = bool(sign) or (not phrase and word.startswith("-") and len(word) > 1)
        said = said.lstrip("-") if is_excluded and not phrase else said
        if any(letter.isalnum() for letter in said):
            terms.append(Term(said.strip(), bool(phrase), is_excluded))
    return tuple(terms[:MOST_TERMS])


def beginning_of(terms: tuple[Term, ...]) -> str:
    """Return the last word, which may still be being typed, as the beginning of a word; "" where it is none."""
    last = terms[-1] if terms else None
    if last is None or last.is_phrase or last.is_excluded or not re.fullmatch(r"\w+", last.text):
        return ""
    return last.text.lower() if len(last.text) >= FEWEST_BEGINNING else ""


def build_tsquery(terms: tuple[Term, ...], found: dict[tuple[str, int], str], more: dict[int, list[str]]) -> str:
    """Return PostgreSQL's query for terms: each language reads all of them, and a text fits that fits in one.

    What is left out is left out in whatever language: the text's own would leave it out, another would not know it.
    found: by (language's configuration, number of the term) the query that PostgreSQL makes of it, "" for a word that
    is too frequent there; with the configuration "simple" every word as it is. more: other words, by number of the
    term, that may stand in its place. Returns "" where nothing is left to look for.
    """
    languages = list(dict.fromkeys(config for config, _ in found if config != "simple"))
    ways = list(dict.fromkeys(way for config in languages if (way := _one_way(terms, config, found, more))))
    unwanted = [_left_out(number, found) for number, term in enumerate(terms) if term.is_excluded]
    unwanted = [one for one in unwanted if one]
    if not ways:
        beginning = beginning_of(terms)
        return f"({quoted(beginning)}:*)" if beginning and not unwanted else ""
    wanted = " | ".join(f"({way})" for way in ways)
    return " & ".join([f"({wanted})", *(f"!{one}" for one in unwanted)]) if unwanted else wanted


def _one_way(
    terms: tuple[Term, ...], config: str, found: dict[tuple[str, int], str], more: dict[int, list[str]]
) -> str:
    """Return what is wanted, as one language reads it."""
    wanted: list[str] = []
    beginning = beginning_of(terms)
    for number, term in enumerate(terms):
        stem = found.get((config, number), "")
        if not stem or term.is_excluded:
            continue
        others = [] if term.is_phrase else [found.get(("simple", number), ""), *map(quoted, more.get(number, ()))]
        if beginning and number == len(terms) - 1:
            others.append(f"{quoted(beginning)}:*")
        wanted.append(_any_of([stem, *others]))
    return " & ".join(wanted)


def _left_out(number: int, found: dict[tuple[str, int], str]) -> str:
    """Return what must not stand in a text for one term, as any language reads it."""
    return _any_of([query for (_, place), query in found.items() if place == number and query])


def _any_of(queries: list[str]) -> str:
    fits = " | ".join(dict.fromkeys(f"({one})" if " " in one else one for one in queries if one))
    return f"({fits})" if fits else ""


def quoted(lexeme: str) -> str:
    """Return a lexeme as PostgreSQL reads it in a query, whatever letters it has."""
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
