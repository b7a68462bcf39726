"""What changed between two versions: fields, lines, and words within a line. Pure; knows no Django."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from playbooks.library.contracts import FieldChange, Line, Stretch

_AROUND = 2  # equal lines that are shown before and after a change
_MOST_WORDS = 600
_WORDS = re.compile(r"\s+|[^\s]+")


def compare_texts(old: str, new: str) -> tuple[Line, ...]:
    """Return the lines of two texts that differ, with a few equal ones around them; nothing for equal texts.

    >>> [line.kind for line in compare_texts("a", "b")], compare_texts("a", "a")
    (['removed', 'added'], ())
    """
    before, after = old.splitlines(), new.splitlines()
    if before == after:
        return ()
    lines: list[Line] = []
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, before, after).get_opcodes():
        if kind == "equal":
            lines += [_whole("same", text) for text in before[a1:a2]]
        else:
            lines += _changed(before[a1:a2], after[b1:b2])
    return tuple(_folded(lines))


def compare_fields(pairs: Sequence[tuple[str, str, str]]) -> list[FieldChange]:
    """Return what changed, of (label, old text, new text)."""
    found = ((label, compare_texts(old, new)) for label, old, new in pairs)
    return [FieldChange(label, lines) for label, lines in found if lines]


def _whole(kind: str, text: str) -> Line:
    return Line(kind, (Stretch(kind, text),))


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    """Yield lines beside each other where they are alike, else what went and then what came."""
    if len(before) == len(after):
        pairs = [_words(old, new) for old, new in zip(before, after, strict=True)]
        if all(pairs):
            yield from (line for line in pairs if line)
            return
    yield from (_whole("removed", text) for text in before)
    yield from (_whole("added", text) for text in after)


def _words(old: str, new: str) -> Line | None:
    """Return one line with what changed within it; None where hardly anything is the same."""
    one, other = _WORDS.findall(old), _WORDS.findall(new)
    if not one or not other or max(len(one), len(other)) > _MOST_WORDS:
        return None
    matcher = SequenceMatcher(None, one, other)
    if matcher.ratio() < 0.5:
        return None
    stretches: list[Stretch] = []
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            stretches.append(Stretch("same", "".join(one[a1:a2])))
            continue
        for name, part in (("removed", one[a1:a2]), ("added", other[b1:b2])):
            if part:
                stretches.append(Stretch(name, "".join(part)))
    return Line("changed", tuple(stretches))


def _folded(lines: Sequence[Line]) -> Iterator[Line]:
    """Leave out equal lines that are far from any change, and say how many."""
    near = [False] * len(lines)
    for place, line in enumerate(lines):
        if line.kind != "same":
            for around in range(max(0, place - _AROUND), min(len(lines), place + _AROUND + 1)):
                near[around] = True
    n_left_out = 0
    for line, is_near in zip(lines, near, strict=True):
        if is_near:
            if n_left_out:
                yield Line("left_out", n_left_out=n_left_out)
                n_left_out = 0
            yield line
        else:
            n_left_out += 1
    if n_left_out:
        yield Line("left_out", n_left_out=n_left_out)
