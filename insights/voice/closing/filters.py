"""How statuses and tellings are filtered: the same in the address of the list and over the API."""

from typing import Any

import django_filters
from django import forms

from insights.voice.closing.models import Status, StatusChange, Telling

_SEARCH = {"type": "search", "placeholder": "Words of it", "data-keys": "/"}


class StatusFilter(django_filters.FilterSet):
    """Statuses by thing, product, and whether they hold now."""

    product = django_filters.CharFilter(field_name="product__slug")

    class Meta:
        model = StatusChange
        fields = ["kind", "thing_id", "status", "is_current", "is_told"]


class StatusListFilter(django_filters.FilterSet):
    """The statuses that hold now, for the list's page."""

    q = django_filters.CharFilter(
        field_name="title", lookup_expr="icontains", label="Search", widget=forms.TextInput(attrs=_SEARCH)
    )
    product = django_filters.ChoiceFilter(field_name="product__slug", label="Product", empty_label="All products")
    status = django_filters.ChoiceFilter(choices=Status.choices, label="Status", empty_label="Any status")
    waiting = django_filters.ChoiceFilter(
        choices=[("yes", "Some not told yet"), ("no", "Nobody waits")],
        method="of_waiting",
        label="Told",
        empty_label="All",
    )

    class Meta:
        model = StatusChange
        fields = ["q", "product", "status", "waiting"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.filters["product"].extra["choices"] = [(product.slug, product.name) for product in user.visible_products]

    def of_waiting(self, changes, name, value):
        """Keep those of which somebody waits to hear, or those of which nobody does."""
        return changes.filter(n_waiting__gt=0) if value == "yes" else changes.filter(n_waiting=0)


class TellingFilter(django_filters.FilterSet):
    """Tellings by status change, thing, state and way."""

    kind = django_filters.CharFilter(field_name="change__kind")
    thing_id = django_filters.NumberFilter(field_name="change__thing_id")
    product = django_filters.CharFilter(field_name="change__product__slug")
    person = django_filters.NumberFilter(method="of_person", label="Number of the person")

    class Meta:
        model = Telling
        fields = ["change", "state", "way", "told_by"]

    def of_person(self, tellings, name, value):
        """Keep those of a person, by whichever of their ids."""
        return tellings.of_person(int(value))
