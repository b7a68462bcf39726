"""May this user make an inlet, or see one?"""

from typing import Any

from insights.voice.intake.models import Inlet
from portal.people.public import Role, allow, require
from portal.shell.public import NotFound

EDIT = "inlets.edit"
allow(EDIT, Role.PRODUCT_MANAGER)


def get_inlet(user: Any, pk: int, write: bool = False) -> Inlet:
    """Return an inlet of the user's teams; with `write`, one that they may change."""
    found = Inlet.objects.visible_to(user).select_related("product__team", "channel", "created_by")
    inlet = found.filter(pk=pk).first()
    if inlet is None:
        raise NotFound()
    if write:
        require(user, EDIT, inlet)
    return inlet
