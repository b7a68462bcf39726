"""Markdown that people write, as safe HTML: short texts, and whole documents with a table of contents."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "code", "pre", "blockquote",
    "ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])

_SCHEMES = {"http", "https", "mailto"}
_PREFIX = "text-"  # no id of a text is one of the page around it
_LONGEST_ID = 60
# Markup that goes while its words stay; any other name in pointed brackets, such as <your name>, is text.
_WRAPPERS = {"section", "div", "span", "article", "header", "footer", "figure", "small", "b", "i", "u", "tfoot"}
_NOT_MARKUP = re.compile(rf"<(?!/?(?:{'|'.join(sorted({*_TAGS, *_WRAPPERS, 'h1', 'script', 'style'}))})\b|!--)", re.I)
# More brackets or bars than any text has would make it slow, by the square of their number: they are plain signs then.
_MOST_SIGNS = 4_000
_CALLOUT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*\n?", re.I)
_TASK = re.compile(r"\[([ xX])\] ")
_BOXES = {" ": "\u2610 ", "x": "\u2611 "}
_DOCUMENT_ATTRIBUTES = {
    "a": {"href"},
    "li": {"class"},
    "blockquote": {"class"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}


def render_markdown(text: str, *, has_links: bool = True, top_level: int = 3) -> SafeString:
    """Return Markdown as HTML: no markup but the list above, headings from `top_level` down, links that say rel.

    Without links, their words stay.
    """
    tokens = _markdown.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + top_level - 1, 6)}"
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    tags = _TAGS if has_links else _TAGS - {"a"}
    clean = nh3.clean(html, tags=tags, attributes={"a": {"href", "title"}}, url_schemes=_SCHEMES)
    return mark_safe(clean)  # safe: nh3 left nothing but the tags above


@dataclass(frozen=True)
class Heading:
    """A line of a table of contents: its level from 1 on, the id to jump to, its words."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Document:
    """A text as HTML, and its table of contents."""

    html: SafeString
    contents: tuple[Heading, ...]


def _picture(renderer: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    """Show a picture as a link to it: the page loads nothing from elsewhere."""
    token = tokens[index]
    return format_html('<a href="{}">{}</a>', token.attrs.get("src", ""), token.content or "picture")


@cache
def _parser(*, has_links: bool, has_tables: bool, has_markup: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": has_markup}).enable("strikethrough")
    parser.add_render_rule("image", _picture)
    if has_tables:
        parser.enable("table")
    return parser if has_links else parser.disable(["link", "image"])


def render_document(text: str, *, resolve: Callable[[str], str | None] = lambda address: None) -> Document:
    """Return a whole document as HTML: headings from h2 down with ids, tables, task lists, callouts, links.

    Addresses on the web stay; `resolve` says what any other leads to, None where to nothing: then its words stay. Raw
    HTML is taken where it is one of the tags above, without any attribute but a link's address.
    """
    few = {sign: text.count(sign) <= _MOST_SIGNS for sign in "[|<"}
    parser = _parser(has_links=few["["], has_tables=few["|"], has_markup=few["<"])
    mark = f"m{secrets.token_hex(16)}-"  # ids and classes that begin with it are ours; no text can know it
    tokens = parser.parse(text)
    contents = _number_headings(tokens, mark)
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        _mark_special(before, token, after, mark)
    for token in tokens:
        for one in (token, *(token.children or ())):
            if one.type in {"html_block", "html_inline"}:
                one.content = _NOT_MARKUP.sub("&lt;", one.content)
    html = parser.renderer.render(tokens, parser.options, {})
    ids = {heading.id for heading in contents}

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute in {"id", "class"}:
            return value if value.startswith(mark) else None
        return _address(value, ids, resolve) if attribute == "href" else value

    clean = nh3.clean(
        html, tags=_TAGS, attributes=_DOCUMENT_ATTRIBUTES, url_schemes=_SCHEMES, attribute_filter=keep
    ).replace(mark, "")
    return Document(mark_safe(clean), contents)  # safe: nh3 left the tags above, with ids and classes of ours alone


def _number_headings(tokens: list[Token], mark: str) -> tuple[Heading, ...]:
    """Give headings their ids, and levels that begin at h2 and leave none out."""
    found: list[Heading] = []
    opens = [place for place, token in enumerate(tokens) if token.type == "heading_open"]
    highest = min((int(tokens[place].tag[1]) for place in opens), default=1)
    level, taken = 0, set[str]()
    numbers: dict[str, int] = {}
    for place in opens:
        words = "".join(one.content for one in tokens[place + 1].children or () if one.type in {"text", "code_inline"})
        level = min(int(tokens[place].tag[1]) - highest + 1, level + 1, 5)
        base = _PREFIX + (slugify(words)[:_LONGEST_ID] or "part")
        numbers[base] = numbers.get(base, 0) + 1
        name = base if numbers[base] == 1 else f"{base}-{numbers[base]}"
        while name in taken:
            name += "-"
        taken.add(name)
        tokens[place].attrSet("id", mark + name)
        tokens[place].tag = tokens[place + 2].tag = f"h{level + 1}"
        found.append(Heading(level, name, words.strip() or "Part"))
    return tuple(found)


def _mark_special(before: Token, token: Token, after: Token, mark: str) -> None:
    """Make a list item with a box a task, a quotation that says what it is a callout."""
    if token.type != "paragraph_open" or not after.children or after.children[0].type != "text":
        return
    first = after.children[0]
    if before.type == "list_item_open" and (task := _TASK.match(after.content)):
        before.attrSet("class", f"{mark}task")
        first.content = _BOXES[task[1].lower()] + first.content[4:]
    elif before.type == "blockquote_open" and (callout := _CALLOUT.match(after.content)):
        kind = callout[1].lower()
        before.attrSet("class", f"{mark}callout-{kind}")
        opening, words, closing = Token("strong_open", "strong", 1), Token("text", "", 0), Token("strong_close", "", -1)
        closing.tag, words.content = "strong", f"{kind.capitalize()}."
        space = Token("text", "", 0)
        space.content = " "
        first.content = first.content[len(callout[0].rstrip("\n")) :].lstrip()
        rest = after.children[1:]
        if not first.content and rest and rest[0].type in {"softbreak", "hardbreak"}:
            rest = rest[1:]
        after.children = [opening, words, closing, space, first, *rest]


def _address(value: str, ids: set[str], resolve: Callable[[str], str | None]) -> str | None:
    if value.startswith("#"):
        name = _PREFIX + slugify(unquote(value[1:]))[:_LONGEST_ID]
        return f"#{name}" if name in ids else None
    scheme = value.partition(":")[0].lower()
    return value if scheme in _SCHEMES and ":" in value else resolve(value)
