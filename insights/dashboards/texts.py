"""Markdown of text tiles, as safe HTML."""

from functools import lru_cache

from portal.shell.public import render_markdown

# A tile's text is drawn on each load of its dashboard, and holds nothing personal that an erasure would have to reach.
render_text = lru_cache(maxsize=512)(render_markdown)
