"""The only door to a link to the roadmap; and who may make one, change it or revoke it."""

from typing import Any

from portal.people.public import Role, allow, get_visible
from roadmaps.plan.sharing.models import RoadmapLink

allow("roadmap_links.edit", Role.PRODUCT_MANAGER)


def get_link(user: Any, pk: int, write: str | bool = False) -> RoadmapLink:
    """Return a link to the roadmap of a product of one's own team; `write` checks that one may change it."""
    links = RoadmapLink.objects.select_related("product__team", "created_by", "revoked_by")
    return get_visible(links, user, "roadmap_links.edit" if write else "", pk=pk)
