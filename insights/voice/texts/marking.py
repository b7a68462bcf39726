"""Text as safe HTML with some of its ranges marked; ranges may overlap and cross each other."""

from collections.abc import Sequence
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from insights.voice.texts.contracts import Mark


def mark_text(text: str, marks: Sequence[Mark]) -> SafeString:
    """Return plain text as HTML whose text content is the text, letter by letter.

    Where marks overlap, a piece carries the names of all of them in `data-marks`; the first piece of a mark has the id
    `mark-<name>`, to link to.
    """
    bounds = sorted({0, len(text), *(at for mark in marks for at in (mark.start, mark.end) if 0 <= at <= len(text))})
    begun: set[str] = set()
    pieces = []
    for low, high in pairwise(bounds):
        over = [mark for mark in marks if mark.start <= low and mark.end >= high]
        words = escape(text[low:high])
        if not over:
            pieces.append(words)
            continue
        first = next((mark.name for mark in over if mark.name not in begun), "")
        begun.update(mark.name for mark in over)
        place = f' id="mark-{escape(first)}"' if first else ""
        names = escape(" ".join(mark.name for mark in over))
        pieces.append(f'<mark class="said__mark" data-marks="{names}"{place}>{words}</mark>')
    return mark_safe("".join(pieces))  # safe: every text and name above is escaped
