"""Places of quotes in texts: noted by their words and what stands round them, found again after an edit; no Django.

A text that is edited keeps its quotes: where the words are still there, at the place that the edit moved them to; where
they were changed too, at what became of them, as long as half of them are left.
"""

import re
from difflib import SequenceMatcher

from insights.voice.texts.contracts import LONGEST_QUOTE, Anchor, Place

CONTEXT = 64  # letters kept on each side
LEAST_LEFT = 0.5  # of a quote's letters, to be the same quote still
_MOST_COMPARED = 4_000_000  # pairs of words, about a second
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


def anchor_at(text: str, start: int, end: int) -> Anchor:
    """Return the anchor of a range of a text, without the white space at its ends.

    start, end: code points, 0 <= start < end <= len(text). Raises: ValueError for a range that lies outside, says
    nothing, or is longer than LONGEST_QUOTE.
    >>> anchor_at("Please add dark mode soon.", 10, 21)
    Anchor(quote='dark mode', prefix='Please add ', suffix=' soon.', start=11)
    """
    if not 0 <= start < end <= len(text):
        raise ValueError("The range lies outside the text.")
    quote = text[start:end]
    start += len(quote) - len(quote.lstrip())
    quote = quote.strip()
    if not quote:
        raise ValueError("The range holds no words.")
    if len(quote) > LONGEST_QUOTE:
        raise ValueError(f"A highlight holds at most {LONGEST_QUOTE:,} letters. Choose less.")
    end = start + len(quote)
    return Anchor(quote, text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT], start)


def find_quote(text: str, anchor: Anchor) -> Place | None:
    """Return where a quote stands word for word: its own place, else the one with the likest surroundings."""
    own = Place(anchor.start, anchor.start + len(anchor.quote))
    places = [Place(start, start + len(anchor.quote)) for start in _starts(text, anchor.quote)]
    if own in places and _likeness(text, own, anchor) == len(anchor.prefix) + len(anchor.suffix):
        return own
    return max(places, key=lambda at: (_likeness(text, at, anchor), -abs(at.start - anchor.start)), default=None)


def follow_edit(before: str, after: str, anchor: Anchor) -> Place | None:
    """Return where a quote of `before` stands in `after`, or None if too little of it is left.

    Where the words are unchanged the place holds exactly the quote.
    >>> anchor = anchor_at("It is slow. It is slow on phones.", 12, 22)
    >>> follow_edit("It is slow. It is slow on phones.", "Well, it is slow. It is slow on phones.", anchor)
    Place(start=18, end=28)
    """
    if before == after:
        return find_quote(after, anchor)
    place = find_quote(before, anchor)
    if place is None:
        return find_quote(after, anchor)
    moved, n_kept = _through(before, after, place)
    if moved and after[moved.start : moved.end] == anchor.quote:
        return moved
    exact = find_quote(after, anchor)
    if exact:
        return exact
    if moved and n_kept >= LEAST_LEFT * len(anchor.quote):
        return _trimmed(after, moved)
    return None


def _starts(text: str, quote: str) -> list[int]:
    found: list[int] = []
    start = text.find(quote)
    while start >= 0 and len(found) < 1_000:
        found.append(start)
        start = text.find(quote, start + 1)
    return found


def _likeness(text: str, place: Place, anchor: Anchor) -> int:
    """Return how many letters on both sides are the same, counted outwards from the quote."""
    before, after = text[max(0, place.start - CONTEXT) : place.start], text[place.end : place.end + CONTEXT]
    return _common(before[::-1], anchor.prefix[::-1]) + _common(after, anchor.suffix)


def _common(one: str, other: str) -> int:
    length = min(len(one), len(other))
    return next((at for at in range(length) if one[at] != other[at]), length)


def _through(before: str, after: str, place: Place) -> tuple[Place | None, int]:
    """Return the range that a place became, and how many of its letters are the same still."""
    kept = []
    for old, new, size in _blocks(before, after):
        low, high = max(old, place.start), min(old + size, place.end)
        if low < high:
            kept.append((new + low - old, new + high - old))
    if not kept:
        return None, 0
    return Place(kept[0][0], kept[-1][1]), sum(high - low for low, high in kept)


def _blocks(before: str, after: str) -> list[tuple[int, int, int]]:
    """Return what both texts share, in order: (place before, place after, length)."""
    head = _common(before, after)
    tail = min(_common(before[::-1], after[::-1]), len(before) - head, len(after) - head)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    blocks = [(head + low, head + high, size) for low, high, size in _word_blocks(old, new)]
    return [(0, 0, head), *blocks, (len(before) - tail, len(after) - tail, tail)]


def _word_blocks(old: str, new: str) -> list[tuple[int, int, int]]:
    olds, news = _WORDS.findall(old), _WORDS.findall(new)
    if not olds or not news or len(olds) * len(news) > _MOST_COMPARED:
        return []
    old_at, new_at = _offsets(olds), _offsets(news)
    found = SequenceMatcher(None, olds, news, autojunk=False).get_matching_blocks()
    return [(old_at[i], new_at[j], old_at[i + n] - old_at[i]) for i, j, n in found if n]


def _offsets(words: list[str]) -> list[int]:
    places = [0]
    for word in words:
        places.append(places[-1] + len(word))
    return places


def _trimmed(text: str, place: Place) -> Place | None:
    quote = text[place.start : place.end]
    start = place.start + len(quote) - len(quote.lstrip())
    words = quote.strip()[:LONGEST_QUOTE].rstrip()
    return Place(start, start + len(words)) if words else None
