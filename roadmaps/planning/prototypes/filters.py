"""How prototypes are filtered: the same in addresses and over the API."""

from typing import Any

import django_filters
from django import forms

from roadmaps.planning.prototypes.models import Prototype, PrototypeTest

_SEARCH = {"type": "search", "placeholder": "Words of it", "data-keys": "/"}
UNDECIDED = "none"


class PrototypeFilter(django_filters.FilterSet):
    """Prototypes by words, product, initiative, opportunity, fidelity and decision."""

    q = django_filters.CharFilter(method="find", label="Search", widget=forms.TextInput(attrs=_SEARCH))
    product = django_filters.CharFilter(field_name="product__slug")
    fidelity = django_filters.ChoiceFilter(
        choices=Prototype.Fidelity.choices, label="Fidelity", empty_label="Any fidelity"
    )
    decision = django_filters.ChoiceFilter(
        choices=[(UNDECIDED, "Not decided"), *Prototype.Decision.choices],
        method="of_decision",
        label="Decision",
        empty_label="Any decision",
    )

    class Meta:
        model = Prototype
        fields = ["initiative", "opportunity"]

    def find(self, prototypes, name, value):
        """Keep those that hold each word."""
        return prototypes.matching(value)

    def of_decision(self, prototypes, name, value):
        """Keep those of a decision, or those of none."""
        return prototypes.filter(decision="" if value == UNDECIDED else value)


class PrototypeListFilter(PrototypeFilter):
    """The same for the list's page, with the reader's products to choose from."""

    product = django_filters.ChoiceFilter(field_name="product__slug", label="Product", empty_label="All products")

    class Meta:
        model = Prototype
        fields = ["q", "product", "fidelity", "decision"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.filters["product"].extra["choices"] = [(product.slug, product.name) for product in user.visible_products]


class PrototypeTestFilter(django_filters.FilterSet):
    """Tests by prototype."""

    class Meta:
        model = PrototypeTest
        fields = ["prototype"]
