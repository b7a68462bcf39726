"""How highlights are filtered: the same in the address of the list and over the API."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q

from insights.voice.highlights.models import Highlight


class HighlightFilter(django_filters.FilterSet):
    """Highlights by words, product and the piece of feedback that they quote."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(method="of_product")
    feedback = django_filters.NumberFilter(field_name="feedback_id", label="Number of the feedback")
    conversation = django_filters.NumberFilter(field_name="conversation_id", label="Number of the conversation")
    is_lost = django_filters.BooleanFilter(field_name="start", lookup_expr="isnull", label="Words gone from the text")

    class Meta:
        model = Highlight
        fields: list[str] = []

    @property
    def reader(self) -> Any:
        """Return who asks."""
        return self.request.user

    def find(self, highlights, name, value):
        """Keep those whose quote or note holds the words."""
        return highlights.matching(value, self.reader)

    def of_product(self, highlights, name, value):
        """Keep those of texts about a product."""
        return highlights.filter(Q(feedback__product__slug=value) | Q(conversation__product__slug=value))


class HighlightListFilter(HighlightFilter):
    """The same for the list's page."""

    q = django_filters.CharFilter(
        label="Search",
        method="find",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Words of it", "data-keys": "/"}),
    )
    product = django_filters.ChoiceFilter(method="of_product", label="Product", empty_label="All products")
    feedback = None
    conversation = None
    is_lost = django_filters.ChoiceFilter(
        field_name="start",
        lookup_expr="isnull",
        label="Place",
        choices=[("False", "In the text"), ("True", "Words gone from the text")],
        empty_label="All",
        method="of_place",
    )

    class Meta:
        model = Highlight
        fields = ["q", "product", "is_lost"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.filters["product"].extra["choices"] = [(product.slug, product.name) for product in user.visible_products]

    @property
    def reader(self) -> Any:
        """Return who reads the page."""
        return self.user

    def of_place(self, highlights, name, value):
        """Keep those whose words are in the text, or those whose are not."""
        return highlights.filter(start__isnull=value == "True")
