"""Tables of sharing: public links to dashboards, and packs, dashboards that were frozen."""

from insights.sharing.models.links import ClosedProduct, PublicLink
from insights.sharing.models.packs import Pack, PackCheck, PackTile

__all__ = ["ClosedProduct", "Pack", "PackCheck", "PackTile", "PublicLink"]
