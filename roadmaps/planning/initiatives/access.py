"""May this user read or change an initiative?"""

from typing import Any

from portal.people.public import Role, allow, get_visible, require
from portal.shell.public import NotFound
from roadmaps.planning.initiatives.models import Dependency, Initiative, InitiativeLink

allow("initiatives.create", Role.PRODUCT_MANAGER)
allow("initiatives.edit", Role.PRODUCT_MANAGER)


def get_initiative(user: Any, pk: int, write: bool = False) -> Initiative:
    """Return an initiative that the user may see; with `write`, may change too."""
    return get_visible(Initiative.objects.of_rows(), user, "initiatives.edit" if write else "", pk=pk)


def get_dependency(user: Any, pk: int, write: bool = False) -> Dependency:
    """Return a dependency between initiatives that the user may both see; with `write`, may change too."""
    rows = Dependency.objects.visible_to(user).select_related("initiative__team", "needs")
    return _found(user, rows.filter(pk=pk).first(), write)


def get_link(user: Any, pk: int, write: bool = False) -> InitiativeLink:
    """Return a link of an initiative that the user may see; with `write`, may change too."""
    rows = InitiativeLink.objects.visible_to(user).select_related("initiative__team")
    return _found(user, rows.filter(pk=pk).first(), write)


def _found(user: Any, thing: Any, write: bool) -> Any:
    if thing is None:
        raise NotFound()
    if write:
        require(user, "initiatives.edit", thing.initiative)
    return thing
