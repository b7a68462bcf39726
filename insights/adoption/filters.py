"""How features are filtered: the same in the address of the list and over the API."""

import django_filters

from insights.adoption.models import Feature
from portal.people.list_filters import ListFilter, ProductChoice, SearchBox


class FeatureFilter(django_filters.FilterSet):
    """Features by words, product and whether they are core."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="product__slug")
    core = django_filters.BooleanFilter(field_name="is_core", label="Core")

    class Meta:
        model = Feature
        fields: list[str] = []

    def find(self, features, name, value):
        """Keep features whose name or description holds the text."""
        return features.matching(value)


class FeatureListFilter(ListFilter, FeatureFilter):
    """The same for the list's page, with choices in place of slugs."""

    q = SearchBox("Name or words")
    product = ProductChoice()
    core = django_filters.ChoiceFilter(
        field_name="is_core", label="Core", choices=[("True", "Core"), ("False", "Not core")], empty_label="All"
    )

    class Meta:
        model = Feature
        fields = ["q", "product", "core"]
