"""May this user read or change a release?"""

from typing import Any

from portal.people.public import Role, allow, get_visible
from roadmaps.planning.releases.models import Release

allow("releases.create", Role.PRODUCT_MANAGER)
allow("releases.edit", Role.PRODUCT_MANAGER)


def get_release(user: Any, pk: int, write: bool = False) -> Release:
    """Return a release that the user may see; with `write`, may change too."""
    return get_visible(Release.objects.of_rows(), user, "releases.edit" if write else "", pk=pk)
