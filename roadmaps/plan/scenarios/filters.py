"""How scenarios are filtered: the same in addresses and over the API."""

from typing import Any

import django_filters
from django import forms

from roadmaps.plan.scenarios.models import Scenario

_SEARCH = {"type": "search", "placeholder": "Words of it", "data-keys": "/"}


class ScenarioFilter(django_filters.FilterSet):
    """Scenarios by words, product and state."""

    q = django_filters.CharFilter(method="find", label="Search", widget=forms.TextInput(attrs=_SEARCH))
    product = django_filters.CharFilter(field_name="product__slug")
    state = django_filters.ChoiceFilter(choices=Scenario.State.choices, label="State", empty_label="Any state")

    class Meta:
        model = Scenario
        fields = ["team"]

    def find(self, scenarios, name, value):
        """Keep those that hold each word."""
        return scenarios.matching(value)


class ScenarioListFilter(ScenarioFilter):
    """The same for the list's page, with the reader's products to choose from."""

    product = django_filters.ChoiceFilter(field_name="product__slug", label="Product", empty_label="All products")

    class Meta:
        model = Scenario
        fields = ["q", "product", "state"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.filters["product"].extra["choices"] = [(product.slug, product.name) for product in user.visible_products]
