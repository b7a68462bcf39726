"""What other rooms may use of the catalogue."""

from insights.catalogue.actions import describe_by_seed
from insights.catalogue.contracts import EventNameInfo, PropertyInfo
from insights.catalogue.models import CatalogueEvent, CatalogueProperty
from insights.catalogue.personal import personal_properties
from insights.catalogue.queries import (
    list_event_names,
    list_properties,
    list_property_values,
    sources_of_products,
)
from insights.catalogue.reading import announce_commit, catch_up, read_source
from insights.catalogue.sparkline import sparkline_points

__all__ = [
    "CatalogueEvent",
    "CatalogueProperty",
    "EventNameInfo",
    "PropertyInfo",
    "announce_commit",
    "catch_up",
    "describe_by_seed",
    "list_event_names",
    "list_properties",
    "list_property_values",
    "personal_properties",
    "read_source",
    "sources_of_products",
    "sparkline_points",
]
