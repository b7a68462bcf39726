"""The only door to a public link or a pack; and who may do what to them."""

from typing import Any

from insights.sharing.models import Pack, PublicLink
from portal.people.public import Role, allow, get_visible

allow("links.create", Role.PRODUCT_MANAGER)
allow("links.revoke", Role.PRODUCT_MANAGER)
allow("links.close_product", Role.PRODUCT_MANAGER)
allow("packs.freeze", Role.PRODUCT_MANAGER)
allow("packs.remove", Role.OPS, is_team_bound=False)


def get_link(user: Any, link_id: int, write: str | bool = False) -> PublicLink:
    """Return a public link of a dashboard of one's own team."""
    links = PublicLink.objects.select_related("dashboard__product", "created_by", "revoked_by")
    return get_visible(links, user, "links.revoke" if write else "", pk=link_id)


def get_pack(user: Any, pack_id: int, write: str | bool = False) -> Pack:
    """Return a pack of a dashboard that this user may read; `write` checks that they may remove it."""
    packs = Pack.objects.select_related("dashboard", "product", "frozen_by")
    return get_visible(packs, user, "packs.remove" if write else "", pk=pack_id)
