"""What sharing hangs into the shell: packs and links on dashboards, search, "used by", erasure, the demo's pack."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from insights.dashboards.models import Dashboard
from insights.explore.public import Insight
from insights.questions.public import asks_about
from insights.sharing import demo
from insights.sharing.models import Pack, PackTile
from portal.people.public import can
from portal.shell.public import (
    DemoSeed,
    NavItem,
    Offer,
    OfferProvider,
    SearchHit,
    SearchRows,
    UsedBy,
    registry,
    words_in,
)


def find_packs(user: Any, text: str) -> Any:
    """Return packs whose name or note has all the words, the newest first."""
    return Pack.objects.visible_to(user).filter(words_in(text, "name", "note")).order_by("-frozen_at", "-pk")


def _show_pack(values: dict[str, Any]) -> SearchHit:
    detail = f"{values['dashboard_title']} · frozen {datetime.fromisoformat(values['frozen_at']):%-d %b %Y}"
    return SearchHit("Pack", values["name"], reverse("sharing:pack-page", args=[values["pk"]]), detail)


def find_tiles(thing: Any, user: Any) -> Any:
    """Return the tiles of packs that were frozen from an insight, or ask about an event, a property or a cohort."""
    tiles = PackTile.objects.filter(pack__in=Pack.objects.visible_to(user).order_by())
    if isinstance(thing, Insight):
        return tiles.filter(tile__insight=thing)
    asks = asks_about(thing, "asked", product="pack__product")
    return None if asks is None else tiles.filter(asks)


def show_tile(tile: dict[str, Any]) -> SearchHit:
    """Return the hit of a pack for one of its tiles."""
    return SearchHit(
        "Pack", tile["pack__name"], reverse("sharing:pack-page", args=[tile["pack"]]), f"“{tile['title']}”"
    )


def offer_freezing(thing: Any, user: Any) -> Offer | None:
    """Offer to freeze a dashboard."""
    if not isinstance(thing, Dashboard) or thing.is_archived or not can(user, "packs.freeze", thing):
        return None
    words = "Keep every number as it is now, for a meeting; later see what changed and why."
    return Offer("Freeze for a meeting", f"{reverse('sharing:pack-new')}?dashboard={thing.slug}", detail=words)


def offer_packs(thing: Any, user: Any) -> Offer | None:
    """Offer the packs that were made of a dashboard."""
    if not isinstance(thing, Dashboard):
        return None
    words = "This dashboard as it was frozen for meetings."
    return Offer("Packs of it", f"{reverse('sharing:pack-list')}?dashboard={thing.slug}", detail=words)


def offer_link(thing: Any, user: Any) -> Offer | None:
    """Offer to share a dashboard with somebody who has no login."""
    is_on = isinstance(thing, Dashboard) and settings.PUBLIC_LINKS and not thing.is_archived
    if not is_on or not can(user, "links.create", thing):
        return None
    words = "A secret address that shows the stored numbers to whoever has it, until a day that you choose."
    return Offer("Public link", f"{reverse('sharing:link-new')}?dashboard={thing.slug}", detail=words)


registry.add(NavItem("Insights", "Packs", "sharing:pack-list", order=12, keys="g k", icon="lock", under="Dashboards"))
registry.add(OfferProvider("sharing.freeze", offer_freezing, order=20))
registry.add(OfferProvider("sharing.packs", offer_packs, order=21))
registry.add(OfferProvider("sharing.link", offer_link, order=22))
registry.add(SearchRows("Packs", find_packs, ("pk", "name", "dashboard_title", "frozen_at"), _show_pack, order=12))
registry.add(UsedBy("Pack", find_tiles, ("pack", "pack__name", "title"), show_tile))
registry.add(DemoSeed("pack", demo.seed_pack, order=60))
