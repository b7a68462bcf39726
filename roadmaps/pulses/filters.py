"""How pulses are filtered: the same in addresses and over the API."""

from typing import Any

import django_filters
from django import forms

from roadmaps.pulses.models import Pulse


class PulseFilter(django_filters.FilterSet):
    """Pulses by words, product and state."""

    q = django_filters.CharFilter(
        method="find",
        label="Search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Words of it", "data-keys": "/"}),
    )
    product = django_filters.CharFilter(field_name="product__slug")
    state = django_filters.ChoiceFilter(choices=Pulse.State.choices, label="State", empty_label="All states")

    class Meta:
        model = Pulse
        fields = ["q", "product", "state"]

    def find(self, pulses, name, value):
        """Keep those whose name or product holds each word."""
        return pulses.matching(value)


class PulseListFilter(PulseFilter):
    """The same for the list's page, with the reader's products to choose from."""

    product = django_filters.ChoiceFilter(field_name="product__slug", label="Product", empty_label="All products")

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.filters["product"].extra["choices"] = [(product.slug, product.name) for product in user.visible_products]
