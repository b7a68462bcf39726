"""How opportunities are filtered: the same in the address of the list and over the API."""

from typing import Any

import django_filters
from django import forms

from portal.people.public import User
from roadmaps.planning.opportunities.models import Evidence, Opportunity

_SEARCH = {"type": "search", "placeholder": "Words of it", "data-keys": "/"}
OPEN = "unsolved"


class OpportunityFilter(django_filters.FilterSet):
    """Opportunities by words, product, team, state and owner."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="product__slug")
    team = django_filters.CharFilter(field_name="team__slug")

    class Meta:
        model = Opportunity
        fields = ["state", "owner"]

    def find(self, opportunities, name, value):
        """Keep those that hold each word."""
        return opportunities.matching(value)


class OpportunityListFilter(django_filters.FilterSet):
    """The same for the list's page, with choices in place of slugs and numbers."""

    q = django_filters.CharFilter(label="Search", method="find", widget=forms.TextInput(attrs=_SEARCH))
    product = django_filters.ChoiceFilter(field_name="product__slug", label="Product", empty_label="All products")
    state = django_filters.ChoiceFilter(
        choices=[(OPEN, "Neither solved nor dropped"), *Opportunity.State.choices],
        method="at",
        label="State",
        empty_label="Any state",
    )
    owner = django_filters.ChoiceFilter(field_name="owner", label="Owner", empty_label="Anybody")

    class Meta:
        model = Opportunity
        fields = ["q", "product", "state", "owner"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.filters["product"].extra["choices"] = [(one.slug, one.name) for one in user.visible_products]
        owners = User.objects.filter(pk__in=Opportunity.objects.visible_to(user).order_by().values("owner"))
        self.filters["owner"].extra["choices"] = [(one.pk, str(one)) for one in owners.order_by("name", "pk")]

    def find(self, opportunities, name, value):
        """Keep those that hold each word."""
        return opportunities.matching(value)

    def at(self, opportunities, name, value):
        """Keep those in a state, or all that could still be solved."""
        if value == OPEN:
            return opportunities.exclude(state__in=[Opportunity.State.SOLVED, Opportunity.State.DROPPED])
        return opportunities.filter(state=value)


class EvidenceFilter(django_filters.FilterSet):
    """Evidence by opportunity, kind and thing."""

    class Meta:
        model = Evidence
        fields = ["opportunity", "kind", "highlight", "feedback", "thing_id", "weight"]
