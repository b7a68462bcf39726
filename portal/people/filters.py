"""How the lists of people are filtered; the same in the address and on screen."""

import django_filters

from portal.people.contracts import Role
from portal.people.list_filters import SearchBox
from portal.people.models import Product, Team, User, Visibility
from portal.shell.public import words_in


class UserListFilter(django_filters.FilterSet):
    """People by words, role, team and state."""

    q = SearchBox(label="Name or address")
    role = django_filters.ChoiceFilter(choices=Role.choices, empty_label="Any role")
    team = django_filters.ModelChoiceFilter(
        label="Team", field_name="teams", queryset=Team.objects.all(), to_field_name="slug", empty_label="Any team"
    )
    state = django_filters.ChoiceFilter(
        label="State", field_name="is_active", choices=[("True", "Active"), ("False", "No access")], empty_label="Any"
    )

    class Meta:
        model = User
        fields = ["q", "role", "team", "state"]

    def find(self, queryset, name, value):
        """Keep people whose name or address holds each word."""
        return queryset.filter(words_in(value, "name", "email"))


class TeamListFilter(django_filters.FilterSet):
    """Teams by words."""

    q = SearchBox(label="Name")

    class Meta:
        model = Team
        fields = ["q"]

    def find(self, queryset, name, value):
        """Keep teams whose name holds each word."""
        return queryset.filter(words_in(value, "name"))


class ProductListFilter(django_filters.FilterSet):
    """Products by words, team and visibility."""

    q = SearchBox(label="Name")
    team = django_filters.ModelChoiceFilter(
        label="Team", queryset=Team.objects.all(), to_field_name="slug", empty_label="Any team"
    )
    visibility = django_filters.ChoiceFilter(choices=Visibility.choices, empty_label="Any")

    class Meta:
        model = Product
        fields = ["q", "team", "visibility"]

    def find(self, queryset, name, value):
        """Keep products whose name holds each word."""
        return queryset.filter(words_in(value, "name"))
