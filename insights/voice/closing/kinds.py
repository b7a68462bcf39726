"""The kind of thing that people ask for that is known here: themes."""

from typing import Any

from insights.voice.closing.contracts import AskedForKind
from insights.voice.themes.public import Theme, get_theme, list_behind, read_words
from portal.shell.public import NotFound, registry

THEME = "theme"


def _get(user: Any, thing_id: int, write: bool) -> Theme:
    theme = get_theme(user, thing_id, write=write)
    if theme.merged_into_id is not None:  # its people stand behind the other one
        raise NotFound()
    return theme


registry.add(AskedForKind(THEME, "Theme", _get, list_behind, read_words, order=10))
