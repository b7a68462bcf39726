"""How dashboards are filtered: the same in the address of the list and over the API."""

import django_filters
from django.db.models import Q

from insights.dashboards.models import Dashboard
from portal.people.list_filters import LiveListFilter, ProductChoice, SearchBox
from portal.shell.public import words_in


class DashboardFilter(django_filters.FilterSet):
    """Dashboards by words, product and visibility."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="product__slug")

    class Meta:
        model = Dashboard
        fields = ["visibility"]

    def find(self, boards, name, value):
        """Keep dashboards whose title, purpose or product holds each word."""
        return boards.filter(words_in(value, "title", "purpose", "product__name"))


class DashboardListFilter(LiveListFilter, DashboardFilter):
    """The same for the list's page: choices in place of slugs, what is one's own, and what was put away."""

    q = SearchBox("Title, purpose or product")
    show = django_filters.ChoiceFilter(
        label="Show",
        choices=[("starred", "Starred"), ("recent", "Recently viewed"), ("mine", "Mine"), ("archived", "Archived")],
        method="keep",
        empty_label="All",
    )
    product = ProductChoice()

    class Meta:
        model = Dashboard
        fields = ["q", "show", "product"]

    def keep(self, boards, name, value):
        """Keep what the reader starred, saw or owns, or what was archived."""
        wanted = {
            "starred": Q(is_starred=True),
            "recent": Q(viewed_at__isnull=False),
            "mine": Q(owner=self.user),
            "archived": Q(archived_at__isnull=False),
        }
        return boards.filter(wanted[value])
