"""Text out of HTML that others wrote: words and line ends, nothing that could run; knows no Django."""

import re
from html.parser import HTMLParser

_TAG = re.compile(
    r"</?(?:p|br|div|span|a|ul|ol|li|b|i|strong|em|table|tr|td|h[1-6]|blockquote|html|body)\b[^<>]*>", re.I
)
_BLOCKS = frozenset(
    {"p", "div", "br", "li", "tr", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section"}
    | {"article", "header", "footer", "pre", "hr", "dt", "dd"}
)
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object", "iframe"})
_BLANKS = re.compile(r"[ \t\r\f\v\n]+")


class _Words(HTMLParser):
    """Collects the words of a page; those of scripts, styles and the head are left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line for a block; say nothing within what is not read."""
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCKS:
            self.pieces.append("\n- " if tag == "li" else "\n\n" if tag == "p" else "\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line for a block without an end of its own."""
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a line with its block."""
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS and tag not in ("br", "li"):
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        """Take words."""
        if not self._silent:
            self.pieces.append(_BLANKS.sub(" ", data))


def looks_like_html(text: str) -> bool:
    """Say whether a text is written in HTML.

    >>> looks_like_html("<p>It is <b>slow</b>.</p>"), looks_like_html("a < b and b > c")
    (True, False)
    """
    return bool(_TAG.search(text))


def text_of_html(html: str) -> str:
    """Return the words of an HTML text, a line for each block; nothing of scripts, styles and attributes.

    >>> text_of_html("<p>It is <b>slow</b> &amp; sad.</p><script>alert(1)</script><ul><li>One</li><li>Two</li></ul>")
    'It is slow & sad.\\n\\n- One\\n- Two'
    """
    words = _Words()
    words.feed(html)
    words.close()
    lines = (line.strip() for line in "".join(words.pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
