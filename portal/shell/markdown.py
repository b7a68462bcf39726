"""Markdown that people write, as safe HTML."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "code", "pre", "blockquote",
    "ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


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
    clean = nh3.clean(html, tags=tags, attributes={"a": {"href", "title"}}, url_schemes={"http", "https", "mailto"})
    return mark_safe(clean)  # safe: nh3 left nothing but the tags above
