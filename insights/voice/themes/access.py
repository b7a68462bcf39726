"""May this user read or change a theme, or link to it?"""

from typing import Any

from insights.voice.themes.models import Theme, ThemeLink
from portal.people.public import Role, allow, get_visible, require
from portal.shell.public import NotFound

allow("themes.create", Role.PRODUCT_MANAGER)
allow("themes.edit", Role.PRODUCT_MANAGER)
allow("themes.link", Role.PRODUCT_MANAGER)


def get_theme(user: Any, pk: int, write: bool = False) -> Theme:
    """Return a theme that the user may see; with `write`, may change too."""
    themes = Theme.objects.select_related("product", "team", "owner", "parent", "merged_into")
    return get_visible(themes, user, "themes.edit" if write else "", pk=pk)


def get_link(user: Any, pk: int, write: bool = False) -> ThemeLink:
    """Return a link whose theme and text the user may see; with `write`, may change too."""
    links = ThemeLink.objects.visible_to(user).select_related(
        "theme", "feedback", "highlight__feedback", "highlight__conversation"
    )
    link = links.filter(pk=pk).first()
    if link is None:
        raise NotFound()
    if write:
        require(user, "themes.link", link.theme)
    return link
