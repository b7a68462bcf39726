"""How features are filtered: the same in the address of the list and over the API."""

import django_filters
from django import forms

from insights.adoption.models import Feature
from portal.people.public import Product


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


class FeatureListFilter(FeatureFilter):
    """The same for the list's page, with choices in place of slugs."""

    q = django_filters.CharFilter(
        label="Search",
        method="find",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name or words", "data-keys": "/"}),
    )
    product = django_filters.ModelChoiceFilter(
        queryset=Product.objects.all(), to_field_name="slug", empty_label="All products"
    )
    core = django_filters.ChoiceFilter(
        field_name="is_core", label="Core", choices=[("True", "Core"), ("False", "Not core")], empty_label="All"
    )

    class Meta:
        model = Feature
        fields = ["q", "product", "core"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["product"].queryset = Product.objects.visible_to(user)
