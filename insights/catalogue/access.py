"""The door to catalogue entries."""

from typing import Any

from insights.catalogue.models import CatalogueEvent, CatalogueProperty
from portal.people.public import Role, allow, get_visible

EDIT = "catalogue.edit"
allow(EDIT, Role.PRODUCT_MANAGER)


def get_event(user: Any, event_id: int, write: bool = False) -> CatalogueEvent:
    """Return an event of the catalogue."""
    events = CatalogueEvent.objects.with_quiet().select_related("product__team", "owner")
    return get_visible(events, user, EDIT if write else "", pk=event_id)


def get_property(user: Any, property_id: int, write: bool = False) -> CatalogueProperty:
    """Return a property of the catalogue."""
    properties = CatalogueProperty.objects.select_related("product__team", "owner")
    return get_visible(properties, user, EDIT if write else "", pk=property_id)
