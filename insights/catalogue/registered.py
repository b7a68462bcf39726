"""What the catalogue hangs into the shell: navigation, search, its schedule and its step of the night."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from insights.catalogue.models import CatalogueEvent, CatalogueProperty
from insights.catalogue.reading import catch_up
from portal.shell.public import NavItem, NightStep, Schedule, SearchHit, SearchRows, registry


def _read(night: Any) -> None:
    n_sources = len(catch_up(is_full=False))
    night.progress(n_sources, n_sources, f"{n_sources or 'no'} source{'' if n_sources == 1 else 's'} had something new")


def _holding(text: str) -> Q:
    return Q(name__icontains=text) | Q(description__icontains=text)


def find_events(user: Any, text: str) -> QuerySet:
    """Find event names by name or description, the most frequent first."""
    return CatalogueEvent.objects.visible_to(user).filter(_holding(text)).order_by("-n_events", "pk")


def _show_event(values: dict[str, Any]) -> SearchHit:
    address = reverse("catalogue:event-page", args=[values["pk"]])
    return SearchHit("Event", values["name"], address, values["product__name"])


def _find_properties(user: Any, text: str) -> QuerySet:
    return CatalogueProperty.objects.visible_to(user).filter(_holding(text)).order_by("-n_values", "pk")


def _show_property(values: dict[str, Any]) -> SearchHit:
    address = reverse("catalogue:property-page", args=[values["pk"]])
    of = CatalogueProperty.Of(values["of"]).label.lower()
    return SearchHit("Property", values["name"], address, f"{values['product__name']} · of {of}")


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
registry.add(SearchRows("Events", find_events, ("pk", "name", "product__name"), _show_event, order=40))
registry.add(
    SearchRows("Properties", _find_properties, ("pk", "name", "of", "product__name"), _show_property, order=41)
)
registry.add(
    Schedule(
        "Catch up with the catalogue",
        task="catalogue.catch_up",
        every_s=60,
        description="Lists event names and properties of what was stored since.",
    )
)
registry.add(NightStep("catalogue", "Bring the catalogue up to date", _read, order=40))
