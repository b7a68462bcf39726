"""May this user read or set the area of a theme? As the theme itself."""

from typing import Any

from insights.voice.demand.models import ThemeArea
from portal.people.public import Role, allow, require
from portal.shell.public import NotFound

allow("theme_areas.edit", Role.PRODUCT_MANAGER)


def get_area(user: Any, pk: int, write: bool = False) -> ThemeArea:
    """Return the area of a theme that the user may see; with `write`, may change too."""
    area = ThemeArea.objects.visible_to(user).dressed().filter(pk=pk).first()
    if area is None:
        raise NotFound()
    if write:
        require(user, "theme_areas.edit", area)
    return area
