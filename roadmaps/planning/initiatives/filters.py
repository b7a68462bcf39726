"""How initiatives are filtered: the same in the address of the list and over the API."""

from typing import Any

import django_filters
from django import forms

from portal.people.public import Team, User
from roadmaps.goals.public import Objective
from roadmaps.planning.initiatives.models import Dependency, Horizon, Initiative, InitiativeLink, Stage
from roadmaps.planning.opportunities.public import visible_opportunities

_SEARCH = {"type": "search", "placeholder": "Words of it", "data-keys": "/"}
OPEN, NO_GOAL = "open", "none"
_MOST_GOALS = 300


class InitiativeFilter(django_filters.FilterSet):
    """Initiatives by words, product, team, stage, horizon, objective, opportunity, owner, and whether they wait."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="product__slug")
    team = django_filters.CharFilter(field_name="team__slug")
    is_open = django_filters.BooleanFilter(label="Neither done nor dropped", method="keep_open")
    is_blocked = django_filters.BooleanFilter(field_name="blocked_since", lookup_expr="isnull", exclude=True)
    opportunity = django_filters.NumberFilter(label="Opportunity", method="about")

    class Meta:
        model = Initiative
        fields = ["stage", "horizon", "objective", "owner", "reference"]

    def find(self, initiatives, name, value):
        """Keep those that hold each word."""
        return initiatives.matching(value)

    def keep_open(self, initiatives, name, value):
        """Keep those that are neither done nor dropped, or those that are."""
        return initiatives.open() if value else initiatives.exclude(pk__in=Initiative.objects.open().values("pk"))

    def about(self, initiatives, name, value):
        """Keep those that would solve an opportunity that the reader may see."""
        user = self.request.user if self.request is not None else None
        through = Initiative.opportunities.through.objects.filter(opportunity=value)
        seen = through.filter(opportunity__in=visible_opportunities(user)) if user is not None else through
        return initiatives.filter(pk__in=seen.values("initiative"))


class InitiativeListFilter(django_filters.FilterSet):
    """The same for the list's page, with choices in place of slugs and numbers."""

    q = django_filters.CharFilter(label="Search", method="find", widget=forms.TextInput(attrs=_SEARCH))
    product = django_filters.ChoiceFilter(field_name="product__slug", label="Product", empty_label="All products")
    stage = django_filters.ChoiceFilter(
        choices=[(OPEN, "Open: neither done nor dropped"), *Stage.choices],
        method="at",
        label="Stage",
        empty_label="Any stage",
    )
    horizon = django_filters.ChoiceFilter(choices=Horizon.choices, label="Horizon", empty_label="Any time")
    objective = django_filters.ChoiceFilter(label="Goal", method="serving", empty_label="Any goal")
    team = django_filters.ChoiceFilter(field_name="team__slug", label="Team", empty_label="All teams")
    owner = django_filters.ChoiceFilter(field_name="owner", label="Owner", empty_label="Anybody")

    class Meta:
        model = Initiative
        fields = ["q", "product", "stage", "horizon", "objective", "team", "owner"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        seen = Initiative.objects.visible_to(user).order_by()
        self.filters["product"].extra["choices"] = [(one.slug, one.name) for one in user.visible_products]
        teams = Team.objects.filter(pk__in=seen.values("team")).order_by("name").values_list("slug", "name")
        self.filters["team"].extra["choices"] = list(teams)
        owners = User.objects.filter(pk__in=seen.values("owner")).order_by("name", "pk")
        self.filters["owner"].extra["choices"] = [(one.pk, str(one)) for one in owners]
        goals = Objective.objects.visible_to(user).filter(pk__in=seen.values("objective"))
        named = goals.order_by("-cycle__starts_on", "title").values_list("pk", "title", "cycle__name")[:_MOST_GOALS]
        self.filters["objective"].extra["choices"] = [
            (NO_GOAL, "No goal"),
            *((pk, f"{title} ({cycle})") for pk, title, cycle in named),
        ]

    def find(self, initiatives, name, value):
        """Keep those that hold each word."""
        return initiatives.matching(value)

    def at(self, initiatives, name, value):
        """Keep those at a stage, or all that are open."""
        return initiatives.open() if value == OPEN else initiatives.filter(stage=value)

    def serving(self, initiatives, name, value):
        """Keep those that serve a goal, or none."""
        return initiatives.filter(objective=None if value == NO_GOAL else value)


class DependencyFilter(django_filters.FilterSet):
    """Dependencies by either end."""

    class Meta:
        model = Dependency
        fields = ["initiative", "needs"]


class InitiativeLinkFilter(django_filters.FilterSet):
    """Links by initiative and kind."""

    class Meta:
        model = InitiativeLink
        fields = ["initiative", "kind"]
