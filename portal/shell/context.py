"""What the page frame shows on every page."""

from django.http import HttpRequest

from portal.shell.registry import NavItem, registry


def frame(request: HttpRequest) -> dict:
    """Return the navigation that this user may see."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    groups: dict[str, list[NavItem]] = {}
    for item in registry.all(NavItem):
        if item.can_see(user):
            groups.setdefault(item.group, []).append(item)
    return {"navigation": groups}
