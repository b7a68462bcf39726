"""How releases are filtered: the same in the address of the list and over the API."""

import django_filters

from portal.people.list_filters import ListFilter, ProductChoice, SearchBox
from roadmaps.planning.releases.models import Release


class ReleaseFilter(django_filters.FilterSet):
    """Releases by words, product, state, and an initiative in them."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="product__slug")
    initiative = django_filters.NumberFilter(field_name="initiatives", label="Initiative in it")

    class Meta:
        model = Release
        fields = ["state", "owner"]

    def find(self, releases, name, value):
        """Keep those that hold each word."""
        return releases.matching(value)


class ReleaseListFilter(ListFilter):
    """The same for the list's page."""

    q = SearchBox("Words of it")
    product = ProductChoice()
    state = django_filters.ChoiceFilter(choices=Release.State.choices, label="State", empty_label="Any")

    class Meta:
        model = Release
        fields = ["q", "product", "state"]

    def find(self, releases, name, value):
        """Keep those that hold each word."""
        return releases.matching(value)
