"""What the Prioritise page is asked by its address: the model, whose initiatives, and how much fits."""

from typing import Any

import django_filters
from django import forms

from portal.people.public import Team
from roadmaps.planning.initiatives.public import Initiative, Stage
from roadmaps.planning.priorities.contracts import MOST_CAPACITY
from roadmaps.planning.scoring.public import RANKED_STAGES, ScoringModel

_SEARCH = {"type": "search", "placeholder": "Words of it", "data-keys": "/"}
_STAGES = [(one.value, one.label) for one in Stage if one in RANKED_STAGES]


class PriorityFilter(django_filters.FilterSet):
    """Initiatives to decide about, by words, product, team and stage; the model and the capacity change no rows."""

    q = django_filters.CharFilter(label="Search", method="find", widget=forms.TextInput(attrs=_SEARCH))
    model = django_filters.ChoiceFilter(label="Scored by", method="keep", empty_label=None)
    product = django_filters.ChoiceFilter(field_name="product__slug", label="Product", empty_label="All products")
    team = django_filters.ChoiceFilter(field_name="team__slug", label="Team", empty_label="All teams")
    stage = django_filters.ChoiceFilter(choices=_STAGES, label="Stage", empty_label="All to decide")
    capacity = django_filters.NumberFilter(
        label="Capacity, person-months",
        method="keep",
        min_value=0,
        max_value=MOST_CAPACITY,
        widget=forms.NumberInput(attrs={"min": 0, "step": "any"}),
    )

    class Meta:
        model = Initiative
        fields = ["q", "model", "product", "team", "stage", "capacity"]

    def __init__(self, *args: Any, user: Any, models: list[ScoringModel], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.filters["model"].extra["choices"] = [(one.slug, one.name) for one in models]
        self.filters["product"].extra["choices"] = [(one.slug, one.name) for one in user.visible_products]
        self.filters["team"].extra["choices"] = list(Team.objects.order_by("name").values_list("slug", "name"))

    def find(self, initiatives, name, value):
        """Keep those that hold each word."""
        return initiatives.matching(value)

    def keep(self, initiatives, name, value):
        """Keep all: it is about the order, not about who is in it."""
        return initiatives
