"""How forecasts are filtered: the same in the address of a list and over the API."""

import django_filters
from django.db.models import F, Q

from portal.people.list_filters import ListFilter, ProductChoice, SearchBox
from portal.shell.public import words_in
from roadmaps.delivery.forecasts.models import Forecast

_LOOKS = [
    ("kept", "Will be kept (85 %)"),
    ("open", "May be kept"),
    ("missed", "Will be missed"),
    ("none", "No promise"),
]


class ForecastFilter(django_filters.FilterSet):
    """Forecasts by product, initiative, release, and whether they are the newest."""

    product = django_filters.CharFilter(field_name="product__slug")

    class Meta:
        model = Forecast
        fields = ["initiative", "release", "is_newest", "made_on"]


class ForecastListFilter(ListFilter):
    """The newest forecasts, for the list's page."""

    q = SearchBox("Words of an initiative or release")
    product = ProductChoice()
    kind = django_filters.ChoiceFilter(
        choices=[("initiative", "Initiatives"), ("release", "Releases")],
        method="of_kind",
        label="What",
        empty_label="All",
    )
    looks = django_filters.ChoiceFilter(choices=_LOOKS, method="by_promise", label="Promise", empty_label="Any")

    class Meta:
        model = Forecast
        fields = ["q", "product", "kind", "looks"]

    def find(self, forecasts, name, value):
        """Keep those whose initiative or release holds each word."""
        return forecasts.filter(words_in(value, "initiative__title", "release__name"))

    def of_kind(self, forecasts, name, value):
        """Keep those of initiatives, or of releases."""
        return forecasts.filter(**{f"{value}__isnull": False})

    def by_promise(self, forecasts, name, value):
        """Keep those whose promise looks so."""
        if value == "none":
            return forecasts.filter(promised_on=None)
        said = forecasts.filter(why_none="", promised_on__isnull=False)
        kept, later = Q(promised_on__gte=F("p85"), p85__isnull=False), Q(promised_on__gte=F("p50"), p50__isnull=False)
        return said.filter({"kept": kept, "open": later & ~kept, "missed": ~later}[value])
