"""What the catalogue hangs into the shell: navigation, search, its schedule and its step of the night."""

from typing import Any

from django.db.models import Q
from django.urls import reverse

from insights.catalogue.models import CatalogueEvent, CatalogueProperty
from insights.catalogue.reading import catch_up
from portal.shell.public import NavItem, NightStep, Schedule, SearchHit, SearchProvider, registry


def _read(night: Any) -> None:
    n_sources = len(catch_up(is_full=False))
    night.progress(n_sources, n_sources, f"{n_sources or 'no'} source{'' if n_sources == 1 else 's'} had something new")


def find_events(user: Any, text: str, limit: int) -> list[SearchHit]:
    """Find event names by name or description, the most frequent first."""
    events = CatalogueEvent.objects.visible_to(user).select_related("product")
    found = events.filter(Q(name__icontains=text) | Q(description__icontains=text)).order_by("-n_events", "pk")
    return [
        SearchHit("Event", one.name, reverse("catalogue:event-page", args=[one.pk]), one.product.name)
        for one in found[:limit]
    ]


def _place_of(one: CatalogueProperty) -> str:
    return f"{one.product.name} · of {one.get_of_display().lower()}"


def find_properties(user: Any, text: str, limit: int) -> list[SearchHit]:
    """Find properties and traits by name or description."""
    properties = CatalogueProperty.objects.visible_to(user).select_related("product")
    found = properties.filter(Q(name__icontains=text) | Q(description__icontains=text)).order_by("-n_values", "pk")
    return [
        SearchHit("Property", one.name, reverse("catalogue:property-page", args=[one.pk]), _place_of(one))
        for one in found[:limit]
    ]


registry.add(
    NavItem(
        "Insights",
        "Catalogue",
        "catalogue:event-list",
        order=48,
        keys="g c",
        icon="catalogue",
        under="Data",
        also=("/insights/features/",),
    )
)
registry.add(SearchProvider("Events", find_events, order=40))
registry.add(SearchProvider("Properties", find_properties, order=41))
registry.add(
    Schedule(
        "Catch up with the catalogue",
        task="catalogue.catch_up",
        every_s=60,
        description="Lists event names and properties of what was stored since.",
    )
)
registry.add(NightStep("catalogue", "Bring the catalogue up to date", _read, order=40))
