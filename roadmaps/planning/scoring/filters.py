"""How scores and rounds are filtered: the same in the address of a list and over the API."""

from typing import Any

import django_filters
from django import forms

from roadmaps.planning.scoring.models import Round, Score, ScoringModel

_SEARCH = {"type": "search", "placeholder": "Words of it", "data-keys": "/"}


class RoundListFilter(django_filters.FilterSet):
    """Rounds by words, product and state."""

    q = django_filters.CharFilter(label="Search", method="find", widget=forms.TextInput(attrs=_SEARCH))
    product = django_filters.ChoiceFilter(field_name="product__slug", label="Product", empty_label="All products")
    state = django_filters.ChoiceFilter(choices=Round.State.choices, label="State", empty_label="Any state")

    class Meta:
        model = Round
        fields = ["q", "product", "state"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.filters["product"].extra["choices"] = [(one.slug, one.name) for one in user.visible_products]

    def find(self, rounds, name, value):
        """Keep those whose title holds each word."""
        return rounds.matching(value)


class RoundFilter(django_filters.FilterSet):
    """Rounds over the API."""

    product = django_filters.CharFilter(field_name="product__slug")
    model = django_filters.CharFilter(field_name="model__slug")

    class Meta:
        model = Round
        fields = ["state", "owner"]


class ScoreFilter(django_filters.FilterSet):
    """Scores over the API: by initiative, model, product, how they are known, and whether a number of them moved."""

    product = django_filters.CharFilter(field_name="initiative__product__slug")
    model = django_filters.ModelChoiceFilter(queryset=ScoringModel.objects.all(), to_field_name="slug", label="Model")

    class Meta:
        model = Score
        fields = ["initiative", "weakest", "is_capped", "has_moved"]
