"""How the lists of people are filtered; the same in the address and on screen."""

import django_filters
from django import forms
from django.db.models import Q

from portal.people.contracts import Role
from portal.people.models import Product, Team, User, Visibility

SEARCH = forms.TextInput(attrs={"type": "search", "data-list-search": "", "autocomplete": "off"})


class UserListFilter(django_filters.FilterSet):
    """People by words, role, team and state."""

    q = django_filters.CharFilter(label="Name or address", method="find", widget=SEARCH)
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
        for word in value.split():
            queryset = queryset.filter(Q(name__icontains=word) | Q(email__icontains=word))
        return queryset


class TeamListFilter(django_filters.FilterSet):
    """Teams by words."""

    q = django_filters.CharFilter(label="Name", field_name="name", lookup_expr="icontains", widget=SEARCH)

    class Meta:
        model = Team
        fields = ["q"]


class ProductListFilter(django_filters.FilterSet):
    """Products by words, team and visibility."""

    q = django_filters.CharFilter(label="Name", field_name="name", lookup_expr="icontains", widget=SEARCH)
    team = django_filters.ModelChoiceFilter(
        label="Team", queryset=Team.objects.all(), to_field_name="slug", empty_label="Any team"
    )
    visibility = django_filters.ChoiceFilter(choices=Visibility.choices, empty_label="Any")

    class Meta:
        model = Product
        fields = ["q", "team", "visibility"]
