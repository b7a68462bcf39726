"""The place of a long text where the words stand that were looked for; knows no Django."""

import re
import unicodedata
from collections.abc import Sequence

WIDTH = 260  # letters that are shown
_LEXEME = re.compile(r"'((?:[^'\\]|''|\\.)*)'")
_MOST_PLACES = 400


def lexemes_in(query: str) -> list[str]:
    """Return the words of a PostgreSQL query, those aside that must not stand there.

    >>> lexemes_in("('slow':* | 'slo') & !('beta')")
    ['slow', 'slo']
    """
    wanted = re.sub(r"!\([^()]*\)", "", query)
    return list(dict.fromkeys(one.replace("''", "'") for one in _LEXEME.findall(wanted)))


def fold(text: str) -> str:
    """Return a text in small letters without accents, letter for letter in its place."""
    return text.lower() if text.isascii() else "".join(map(_plain, text))


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter.lower()
    plain = unicodedata.normalize("NFD", letter)[0].lower()
    return plain if len(plain) == 1 else letter


def pick_window(text: str, lexemes: Sequence[str], width: int = WIDTH) -> tuple[int, int]:
    """Return the range of a text in which most of the words stand, from a word's beginning to a word's end.

    Words are told by their beginnings, as stemmers leave them; where none is found the text's beginning is returned.
    """
    if len(text) <= width:
        return 0, len(text)
    places = _places(text, lexemes)
    start = _best_start(places, width) if places else 0
    start = max(0, min(start, len(text) - width))
    if start:
        at = text.find(" ", start, start + 40)
        start = at + 1 if at >= 0 else start
    end = min(len(text), start + width)
    if end < len(text):
        at = text.rfind(" ", end - 40, end)
        end = at if at > start else end
    return start, end


def _places(text: str, lexemes: Sequence[str]) -> list[tuple[int, str]]:
    """Return where words begin as one of the lexemes does; a stem's last letter may differ: "happi" is of "happy"."""
    stems = {(fold(one)[:-1] if len(one) > 4 else fold(one)): one for one in lexemes}
    if not stems:
        return []
    any_stem = "|".join(map(re.escape, sorted(stems, key=len, reverse=True)))
    found = []
    for match in re.finditer(rf"(?<!\w)(?:{any_stem})", fold(text)):
        found.append((match.start(), stems.get(match[0], match[0])))
        if len(found) >= _MOST_PLACES:
            break
    return found


def _best_start(places: Sequence[tuple[int, str]], width: int) -> int:
    """Return where a window begins that holds the most different words, a little before the first of them."""
    best, most = places[0][0], 0
    for number, (start, _) in enumerate(places):
        within = {stem for at, stem in places[number : number + 40] if at < start + width * 0.8}
        if len(within) > most:
            best, most = start, len(within)
    return best - width // 6
