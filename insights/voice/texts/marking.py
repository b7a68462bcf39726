"""Text as safe HTML with some of its ranges marked; ranges may overlap and cross each other."""

from collections.abc import Sequence
from html.parser import HTMLParser
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from insights.voice.texts.contracts import Mark


def mark_text(text: str, marks: Sequence[Mark]) -> SafeString:
    """Return plain text as HTML whose text content is the text, letter by letter.

    Where marks overlap, a piece carries the names of all of them in `data-marks`; the first piece of a mark has the id
    `mark-<name>`, to link to.
    """
    return mark_safe("".join(_marked(text, 0, marks, set())))  # safe: `_marked` escapes every text and name


def words_of(html: str) -> str:
    """Return the text content of clean HTML: what a browser shows of it, letter by letter.

    >>> words_of("<p>It is <strong>slow</strong> &amp; old</p>\\n<p>Really.</p>")
    'It is slow & old\\nReally.'
    """
    return _Marker(()).fed(html).text


def mark_html(html: SafeString, marks: Sequence[Mark]) -> SafeString:
    """Return clean HTML with ranges of its text content marked, as `words_of` counts its letters."""
    return mark_safe("".join(_Marker(marks).fed(html).pieces))  # safe: tags of the clean HTML, every text escaped


def _marked(text: str, start: int, marks: Sequence[Mark], begun: set[str]) -> list[str]:
    """Return the pieces of a text whose first letter has the place `start`; `begun` marks have their id already."""
    bounds = {start, start + len(text)}
    bounds.update(at for mark in marks for at in (mark.start, mark.end) if start <= at <= start + len(text))
    pieces = []
    for low, high in pairwise(sorted(bounds)):
        over = [mark for mark in marks if mark.start <= low and mark.end >= high]
        words = escape(text[low - start : high - start])
        if not over:
            pieces.append(words)
            continue
        first = next((mark.name for mark in over if mark.name not in begun), "")
        begun.update(mark.name for mark in over)
        place = f' id="mark-{escape(first)}"' if first else ""
        names = escape(" ".join(mark.name for mark in over))
        pieces.append(f'<mark class="said__mark" data-marks="{names}"{place}>{words}</mark>')
    return pieces


class _Marker(HTMLParser):
    """Reads clean HTML, counts the letters of its text, and writes it again with marks."""

    def __init__(self, marks: Sequence[Mark]):
        super().__init__(convert_charrefs=True)
        self.marks, self.begun, self.pieces, self.text = marks, set[str](), list[str](), ""

    def fed(self, html: str) -> "_Marker":
        """Read all of it."""
        self.feed(html)
        self.close()
        return self

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag as it is."""
        self.pieces.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag as it is."""
        self.pieces.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        """Keep a tag as it is."""
        self.pieces.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Mark a piece of text where marks lie on it; white space between blocks stays outside of marks."""
        marks = () if data.isspace() else self.marks
        self.pieces += _marked(data, len(self.text), marks, self.begun)
        self.text += data
