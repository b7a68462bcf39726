"""What other rooms may use of themes."""

from insights.voice.themes.access import get_theme
from insights.voice.themes.actions import create_theme
from insights.voice.themes.behind import list_askers, list_behind, read_words
from insights.voice.themes.contracts import AskedWords, Asker, Branch, Node, Size, Voice, build_tree, resolve
from insights.voice.themes.forms import theme_choices
from insights.voice.themes.linking import link_pieces, link_theme, unlink_theme, weigh_link
from insights.voice.themes.models import Importance, Theme, ThemeLink
from insights.voice.themes.queries import list_rows, read_tree, resolve_themes
from insights.voice.themes.sizes import measure, read_voices

__all__ = [
    "AskedWords",
    "Asker",
    "Branch",
    "Importance",
    "Node",
    "Size",
    "Theme",
    "ThemeLink",
    "Voice",
    "build_tree",
    "create_theme",
    "get_theme",
    "link_pieces",
    "link_theme",
    "list_askers",
    "list_behind",
    "list_rows",
    "measure",
    "read_tree",
    "read_voices",
    "read_words",
    "resolve",
    "resolve_themes",
    "theme_choices",
    "unlink_theme",
    "weigh_link",
]
