"""How the portfolio, bets and reviews are filtered: the same in the address of a list and over the API."""

from typing import Any

import django_filters

from portal.people.list_filters import ListFilter, SearchBox
from portal.people.public import Team
from roadmaps.outcomes.models import Bet, OutcomeReview
from roadmaps.outcomes.portfolio import SHOW, keep
from roadmaps.planning.initiatives.public import Initiative


class _TeamListFilter(ListFilter):
    """A list's filters with one of the reader's products and one of the teams, checked against the menus."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, user=user, **kwargs)
        self.filters["product"].extra["choices"] = [(one.slug, one.name) for one in user.visible_products]
        self.filters["team"].extra["choices"] = list(Team.objects.order_by("name").values_list("slug", "name"))


class PortfolioFilter(_TeamListFilter):
    """Initiatives that were begun, by words, product, team, and what became of their bets."""

    q = SearchBox("Words of its title")
    product = django_filters.ChoiceFilter(field_name="product__slug", label="Product", empty_label="All products")
    team = django_filters.ChoiceFilter(field_name="team__slug", label="Team", empty_label="All teams")
    show = django_filters.ChoiceFilter(choices=list(SHOW.items()), method="keep", label="Bets", empty_label="All")

    class Meta:
        model = Initiative
        fields = ["q", "product", "team", "show"]

    def find(self, initiatives, name, value):
        """Keep those whose words hold each word."""
        return initiatives.matching(value)

    def keep(self, initiatives, name, value):
        """Keep those whose bets or review stand so."""
        return keep(initiatives, value)


class ReviewListFilter(_TeamListFilter):
    """Reviews by words, product, team and decision."""

    q = SearchBox("Words of a lesson")
    product = django_filters.ChoiceFilter(
        field_name="initiative__product__slug", label="Product", empty_label="All products"
    )
    team = django_filters.ChoiceFilter(field_name="initiative__team__slug", label="Team", empty_label="All teams")
    decision = django_filters.ChoiceFilter(choices=OutcomeReview.Decision.choices, label="Decided", empty_label="All")

    class Meta:
        model = OutcomeReview
        fields = ["q", "product", "team", "decision"]

    def find(self, reviews, name, value):
        """Keep those whose words hold each word."""
        return reviews.matching(value)


class BetFilter(django_filters.FilterSet):
    """Bets by words, initiative, metric, product, team, verdict and whether they are locked."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="initiative__product__slug")
    team = django_filters.CharFilter(field_name="initiative__team__slug")
    is_locked = django_filters.BooleanFilter(field_name="locked_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Bet
        fields = ["initiative", "metric", "verdict", "days"]

    def find(self, bets: Any, name: str, value: str) -> Any:
        """Keep those whose words hold each word."""
        return bets.matching(value)


class ReviewFilter(django_filters.FilterSet):
    """Reviews over the API."""

    q = django_filters.CharFilter(label="Search", method="find")

    class Meta:
        model = OutcomeReview
        fields = ["initiative", "decision"]

    def find(self, reviews: Any, name: str, value: str) -> Any:
        """Keep those whose words hold each word."""
        return reviews.matching(value)
