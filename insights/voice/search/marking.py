"""The snippets of a page of hits, with the words marked as PostgreSQL's index knows them: one statement for all."""

import re
from collections.abc import Sequence

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from insights.voice.search.snippets import lexemes_in, pick_window
from insights.voice.texts.public import LANGUAGES, FoundText

# Letters that no text means anything by; those that stand in one all the same are taken out first.
_OPEN, _CLOSE = "\ue000", "\ue001"
# What parts words in the index must part them here too: signs that PostgreSQL reads nothing into stand for these.
_PARTING = {"/": "\u29f8", "@": "\ufe6b", "<": "\u29fc", ">": "\u29fd"}
_PARTED = str.maketrans({**_PARTING, _OPEN: "", _CLOSE: ""})
_JOINED = str.maketrans({sign: letter for letter, sign in _PARTING.items()})
_MARK = f"""
SELECT ts_headline(t.config::regconfig, t.text, %s::tsquery, 'HighlightAll=true,StartSel={_OPEN},StopSel={_CLOSE}')
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS t (config, text, number) ORDER BY t.number
"""


def cut_out(text: str, lexemes: Sequence[str]) -> str:
    """Return the place of a text where the words stand, on one line, with "…" where it was cut."""
    start, end = pick_window(text, lexemes)
    line = " ".join(text[start:end].split())
    return f"{'… ' if start else ''}{line}{' …' if end < len(text) else ''}"


def mark_found(found: Sequence[FoundText], query: str) -> list[tuple[SafeString, SafeString]]:
    """Return (title, snippet) of each text as HTML, with the words marked that fit the query."""
    lexemes = lexemes_in(query)
    lines = [(one.title, cut_out(one.text, lexemes)) for one in found]
    if not query or not lines:
        return [(_html(title), _html(text)) for title, text in lines]
    texts = [line.translate(_PARTED) for pair in lines for line in pair]
    configs = [_config(one.language) for one in found for _ in range(2)]
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [query, configs, texts])
        marked = [_html(line) for (line,) in cursor.fetchall()]
    return list(zip(marked[::2], marked[1::2], strict=True))


def marked_words(html: str) -> list[str]:
    """Return the words that are marked in a snippet."""
    return re.findall(r"<mark>([^<]*)</mark>", html)


def _config(language: str) -> str:
    return LANGUAGES[language][1] if language in LANGUAGES else "english"


def _html(line: str) -> SafeString:
    """Return a line as HTML: its letters escaped, its marks as elements."""
    shown = escape(line.translate(_JOINED)).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")
    return mark_safe(shown)  # safe: every letter was escaped, and the marks are ours
