"""Writes with consequences, one function each, by noun."""

from insights.sharing.actions.links import close_product, create_link, open_product, revoke_link
from insights.sharing.actions.packs import freeze_dashboard, remove_pack

__all__ = ["close_product", "create_link", "freeze_dashboard", "open_product", "remove_pack", "revoke_link"]
