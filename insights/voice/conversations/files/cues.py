"""Subtitles as a transcript: times and speakers kept, the short lines of one speaker put together again."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from insights.voice.conversations.speech import read_turns

TIMING = re.compile(r"^[ \t]*(?:(?P<h>\d{1,3}):)?(?P<m>\d{1,2}):(?P<s>\d{2})[.,]\d{1,3}[ \t]+-->[ \t]+\d", re.MULTILINE)
_VOICE = re.compile(r"<v(?:\.[^ \t>]*)?[ \t]+([^>]{1,200})>")
_TAG = re.compile(r"<[^>]{0,200}>|\{\\[^}]{0,60}\}")
_BLOCK = re.compile(r"\n[ \t]*\n\s*")
_ENDS = (".", "?", "!", "…", "\u3002", "\uff1f", "\uff01")  # the last three are those of East Asia
_LONG_ENOUGH = 400  # letters, after which a turn ends with its sentence


@dataclass
class _Said:
    """What was said from a second on; speaker "" where nobody is named."""

    at_s: int
    speaker: str
    text: str


def read_cues(text: str) -> str:
    """Return subtitles (vtt or srt) as lines of a transcript, one a turn, with an empty line between.

    >>> read_cues("WEBVTT\\n\\n00:01.000 --> 00:02.000\\n<v Ann>It is\\n\\n00:02.000 --> 00:03.000\\n<v Ann>slow.</v>")
    '[00:00:01] Ann: It is slow.'
    """
    turns: list[_Said] = []
    for one in _read(text):
        last = turns[-1] if turns else None
        goes_on = last and last.speaker == one.speaker
        if last and goes_on and not (len(last.text) > _LONG_ENOUGH and last.text.endswith(_ENDS)):
            last.text = f"{last.text} {one.text}"
        else:
            turns.append(one)
    return "\n\n".join(f"[{_clock(one.at_s)}] {one.speaker + ': ' if one.speaker else ''}{one.text}" for one in turns)


def _read(text: str) -> Iterator[_Said]:
    for block in _BLOCK.split(text):
        timing = TIMING.search(block)
        if timing is None:  # the head, a note, a style
            continue
        at_s = int(timing["h"] or 0) * 3600 + int(timing["m"]) * 60 + int(timing["s"])
        words = block[timing.end() :].partition("\n")[2]
        voices = _VOICE.split(words)
        for speaker, said in zip(["", *voices[1::2]], voices[0::2], strict=True):
            plain = " ".join(html.unescape(_TAG.sub("", said)).split())
            if plain:
                yield _named(_Said(at_s, " ".join(html.unescape(speaker).split()), plain))


def _named(said: _Said) -> _Said:
    """Take the speaker out of a text that begins with their name, as some programs write it."""
    turns = [] if said.speaker else read_turns(said.text)
    if turns and turns[0].place.start == 0:
        name, _, rest = said.text.partition(":")
        if rest.strip():
            return _Said(said.at_s, " ".join(name.split()), rest.strip())
    return said


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
