"""How the lists of the catalogue are filtered; the same in the address, on screen and in the API."""

from datetime import timedelta

import django_filters
from django.db.models import Exists, OuterRef
from django.utils import timezone

from insights.catalogue.models import CatalogueEvent, CatalogueProperty, EventDay, PropertyUse, Status
from insights.events.public import Source
from portal.people.list_filters import SearchBox
from portal.people.public import Product


def _products(request):
    return Product.objects.visible_to(request.user) if request else Product.objects.none()


def _sources(request):
    return Source.objects.visible_to(request.user) if request else Source.objects.none()


class EntryFilter(django_filters.FilterSet):
    """What both lists share."""

    q = SearchBox(label="Name or description")
    product = django_filters.ModelChoiceFilter(queryset=_products, to_field_name="slug", empty_label="Any product")
    source = django_filters.ModelChoiceFilter(
        label="Source", queryset=_sources, to_field_name="slug", empty_label="Any source", method="of_source"
    )
    status = django_filters.ChoiceFilter(choices=Status.choices, empty_label="Any status")

    def find(self, queryset, name, value: str):
        """Keep entries whose name or description holds the words."""
        return queryset.filter(name__icontains=value) | queryset.filter(description__icontains=value)


class EventFilter(EntryFilter):
    """Events by words, product, source, status, and what changed lately."""

    seen = django_filters.ChoiceFilter(
        label="Seen", choices=[("new", "New in 14 days"), ("quiet", "Quiet for 14 days")], empty_label="Any time",
        method="by_seen",
    )  # fmt: skip

    class Meta:
        model = CatalogueEvent
        fields = ["q", "product", "source", "status", "seen"]

    def of_source(self, queryset, name, value: str):
        """Keep events that came from a source."""
        return queryset.filter(Exists(EventDay.objects.filter(event=OuterRef("pk"), source=value)))

    def by_seen(self, queryset, name, value: str):
        """Keep events that are new, or that went quiet while others of their sources came."""
        if value == "new":
            return queryset.filter(found_at__gte=timezone.now() - timedelta(days=14))
        return queryset.with_quiet().filter(is_quiet=True)


class PropertyFilter(EntryFilter):
    """Properties by words, product, source, status and what they are of."""

    of = django_filters.ChoiceFilter(label="Of", choices=CatalogueProperty.Of.choices, empty_label="Anything")

    class Meta:
        model = CatalogueProperty
        fields = ["q", "product", "source", "status", "of"]

    def of_source(self, queryset, name, value: str):
        """Keep properties that came from a source."""
        return queryset.filter(Exists(PropertyUse.objects.filter(property=OuterRef("pk"), source=value)))
