"""How packs and public links are filtered: the same on their pages and over the API."""

import django_filters
from django import forms
from django.utils import timezone

from insights.sharing.models import Pack, PublicLink
from portal.people.list_filters import SearchBox
from portal.shell.public import words_in


class PackFilter(django_filters.FilterSet):
    """Packs by words, product and dashboard."""

    q = SearchBox("Name, note or dashboard")
    product = django_filters.CharFilter(field_name="product__slug", label="Product")
    dashboard = django_filters.CharFilter(field_name="dashboard__slug", widget=forms.HiddenInput)

    class Meta:
        model = Pack
        fields: list[str] = []

    def find(self, packs, name, value):
        """Keep packs whose name, note or dashboard holds each word."""
        return packs.filter(words_in(value, "name", "note", "dashboard_title"))


class LinkFilter(django_filters.FilterSet):
    """Public links by words, dashboard and state."""

    q = SearchBox("For whom, or dashboard")
    dashboard = django_filters.CharFilter(field_name="dashboard__slug", widget=forms.HiddenInput)
    state = django_filters.ChoiceFilter(
        label="State",
        choices=[("works", "Works"), ("revoked", "Revoked"), ("expired", "Expired")],
        method="keep",
        empty_label="All",
    )

    class Meta:
        model = PublicLink
        fields: list[str] = []

    def find(self, links, name, value):
        """Keep links whose name or dashboard holds each word."""
        return links.filter(words_in(value, "name", "dashboard__title"))

    def keep(self, links, name, value):
        """Keep links in one state."""
        now = timezone.now()
        if value == "revoked":
            return links.filter(revoked_at__isnull=False)
        return links.running(now) if value == "works" else links.filter(revoked_at=None, expires_at__lte=now)
