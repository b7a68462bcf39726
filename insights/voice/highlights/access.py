"""May this user read or change a highlight? The same as for the text that it quotes."""

from typing import Any

from insights.voice.highlights.models import Highlight
from portal.people.public import Role, allow, require
from portal.shell.public import NotFound

allow("highlights.create", Role.PRODUCT_MANAGER)
allow("highlights.edit", Role.PRODUCT_MANAGER)


def get_highlight(user: Any, pk: int, write: bool = False) -> Highlight:
    """Return a highlight of a text that the user may read; with `write`, that they may change."""
    highlight = Highlight.objects.visible_to(user).dressed().filter(pk=pk).first()
    if highlight is None:
        raise NotFound()
    if write:
        require(user, "highlights.edit", highlight)
    return highlight
