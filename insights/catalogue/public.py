"""What other rooms may use of the catalogue."""

from insights.catalogue.contracts import EventNameInfo, PropertyInfo
from insights.catalogue.queries import (
    list_event_names,
    list_properties,
    list_property_values,
    sources_of_products,
)

__all__ = [
    "EventNameInfo",
    "PropertyInfo",
    "list_event_names",
    "list_properties",
    "list_property_values",
    "sources_of_products",
]
