"""May this user move a card, promise it, say how it does, or open a saved view?"""

from typing import Any

from portal.people.public import Role, allow, require
from portal.shell.public import NotFound
from roadmaps.plan.board.models import Promise, SavedView

allow("promises.edit", Role.PRODUCT_MANAGER)


def get_promise(user: Any, pk: int, write: bool = False) -> Promise:
    """Return a promise whose initiative the user may see; with `write`, may change too."""
    found = Promise.objects.visible_to(user).of_rows().filter(pk=pk).first()
    if found is None:
        raise NotFound()
    if write:
        require(user, "promises.edit", found.initiative)
    return found


def get_view(user: Any, pk: int, write: bool = False) -> SavedView:
    """Return a saved view that the user may open; with `write`, one of their own."""
    found = SavedView.objects.visible_to(user).select_related("owner", "team").filter(pk=pk).first()
    if found is None or (write and found.owner_id != user.pk):
        raise NotFound()
    return found
