"""How dashboards are filtered: the same in the address of the list and over the API."""

import django_filters
from django import forms
from django.db.models import Q

from insights.dashboards.models import Dashboard
from portal.people.public import Product


class DashboardFilter(django_filters.FilterSet):
    """Dashboards by words, product and visibility."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="product__slug")

    class Meta:
        model = Dashboard
        fields = ["visibility"]

    def find(self, boards, name, value):
        """Keep dashboards whose title, purpose or product holds each word."""
        for word in value.split():
            words = Q(title__icontains=word) | Q(purpose__icontains=word) | Q(product__name__icontains=word)
            boards = boards.filter(words)
        return boards


class DashboardListFilter(DashboardFilter):
    """The same for the list's page: choices in place of slugs, what is one's own, and what was put away."""

    q = django_filters.CharFilter(
        label="Search",
        method="find",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Title, purpose or product", "data-keys": "/"}),
    )
    show = django_filters.ChoiceFilter(
        label="Show",
        choices=[("starred", "Starred"), ("recent", "Recently viewed"), ("mine", "Mine"), ("archived", "Archived")],
        method="keep",
        empty_label="All",
    )
    product = django_filters.ModelChoiceFilter(
        queryset=Product.objects.all(), to_field_name="slug", empty_label="All products"
    )

    class Meta:
        model = Dashboard
        fields = ["q", "show", "product"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.filters["product"].queryset = Product.objects.visible_to(user)

    def keep(self, boards, name, value):
        """Keep what the reader starred, saw or owns, or what was archived."""
        wanted = {
            "starred": Q(is_starred=True),
            "recent": Q(viewed_at__isnull=False),
            "mine": Q(owner=self.user),
            "archived": Q(archived_at__isnull=False),
        }
        return boards.filter(wanted[value])

    def filter_queryset(self, queryset):
        """Leave out what is archived, unless it is asked for."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("show") == "archived" else found.live()
