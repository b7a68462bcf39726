"""Who speaks where in a transcript: turns by the names at the beginning of lines; knows no Django.

A turn begins at a line such as "Ann Arbor: It is slow." or "[00:01:12] Ann: It is slow." and ends where the next does.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from insights.voice.texts.contracts import Place

LONGEST_SPEAKER = 80
_TURN = re.compile(
    r"^(?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?[ \t]+)?"
    r"(?P<speaker>[^\W_][^:\n\[\]<>?!]{0,59}):(?=[ \t\n]|$)",
    re.MULTILINE,
)
_MOST_WORDS = 6


@dataclass(frozen=True)
class Turn:
    """What one speaker said at a stretch: from the line with their name to the next turn."""

    speaker: str
    place: Place


def read_turns(text: str) -> list[Turn]:
    """Return the turns of a transcript in order; a text without names at line beginnings has none.

    >>> turns = read_turns("Ann: It is slow.\\nBob: Where?\\nIn March?")
    >>> [(one.speaker, one.place.start, one.place.end) for one in turns]
    [('Ann', 0, 17), ('Bob', 17, 38)]
    """
    found = [one for one in _TURN.finditer(text) if len(one["speaker"].split()) <= _MOST_WORDS]
    bounds = [*(one.start() for one in found), len(text)]
    return [
        Turn(" ".join(one["speaker"].split()), Place(start, end))
        for one, (start, end) in zip(found, pairwise(bounds), strict=True)
    ]


def speaker_at(text: str, start: int) -> str:
    """Return whose turn a letter lies in, "" where nobody is named."""
    turns = [turn for turn in read_turns(text) if turn.place.start <= start < turn.place.end]
    return turns[0].speaker[:LONGEST_SPEAKER] if turns else ""


def match_speaker(text: str, names: list[str]) -> str:
    """Return how a transcript calls somebody of these names: the whole name, else a first name that is one person's.

    >>> match_speaker("Ann: Hello.\\nBob B.: Hi.", ["Ann Arbor", "ann@example.com"])
    'Ann'
    """
    speakers = list(dict.fromkeys(turn.speaker for turn in read_turns(text)))
    for name in filter(None, names):
        for speaker in speakers:
            if speaker.casefold() == name.casefold():
                return speaker[:LONGEST_SPEAKER]
    for name in filter(None, names):
        first = name.split()[0].casefold()
        found = [speaker for speaker in speakers if speaker.split()[0].casefold() == first]
        if len(found) == 1:
            return found[0][:LONGEST_SPEAKER]
    return ""


def places_of_speaker(text: str, speaker: str) -> list[Place]:
    """Return where somebody speaks."""
    wanted = speaker.casefold()
    return [turn.place for turn in read_turns(text) if wanted and turn.speaker.casefold() == wanted]


def places_of_names(text: str, names: list[str], first_names: list[str]) -> list[Place]:
    """Return where somebody is named in a text: by a whole name or id in whatever letters, by a first name as written.

    >>> said = "Ann, ANN ARBOR, ann"
    >>> [said[one.start : one.end] for one in places_of_names(said, ["Ann Arbor"], ["Ann"])]
    ['Ann', 'ANN ARBOR']
    """
    wholes, firsts = (sorted(filter(None, one), key=len, reverse=True) for one in (names, first_names))
    ways = [f"(?i:{re.escape(name)})" for name in wholes] + [re.escape(name) for name in firsts]
    if not ways:
        return []
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)")
    return [Place(one.start(), one.end()) for one in pattern.finditer(text)]


def cut_out(text: str, gone: list[Place], put: str) -> str:
    """Return a text with some ranges, which may overlap, replaced by a word each; whole turns keep their line's end.

    >>> cut_out("Ann: a.\\nBob: b.\\n", [Place(0, 8)], "[erased]")
    '[erased]\\nBob: b.\\n'
    """
    pieces, at = [], 0
    for place in merge_places(gone):
        end = "\n" if text[place.start : place.end].endswith("\n") else ""
        pieces += [text[at : place.start], put, end]
        at = place.end
    return "".join([*pieces, text[at:]])


def merge_places(places: list[Place]) -> list[Place]:
    """Return ranges in order, those that overlap as one."""
    merged: list[Place] = []
    for place in sorted(places, key=lambda one: (one.start, one.end)):
        if merged and place.start < merged[-1].end:
            merged[-1] = Place(merged[-1].start, max(merged[-1].end, place.end))
        else:
            merged.append(place)
    return merged
