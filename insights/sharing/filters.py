"""How packs and public links are filtered: the same on their pages and over the API."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone

from insights.sharing.models import Pack, PublicLink


def _search(words: str) -> forms.TextInput:
    return forms.TextInput(attrs={"type": "search", "data-keys": "/", "placeholder": words})


class PackFilter(django_filters.FilterSet):
    """Packs by words, product and dashboard."""

    q = django_filters.CharFilter(label="Search", method="find", widget=_search("Name, note or dashboard"))
    product = django_filters.CharFilter(field_name="product__slug", label="Product")
    dashboard = django_filters.CharFilter(field_name="dashboard__slug", widget=forms.HiddenInput)

    class Meta:
        model = Pack
        fields: list[str] = []

    def find(self, packs, name, value):
        """Keep packs whose name, note or dashboard holds each word."""
        for word in value.split():
            packs = packs.filter(Q(name__icontains=word) | Q(note__icontains=word) | Q(dashboard_title__icontains=word))
        return packs


class LinkFilter(django_filters.FilterSet):
    """Public links by words, dashboard and state."""

    q = django_filters.CharFilter(label="Search", method="find", widget=_search("For whom, or dashboard"))
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
        for word in value.split():
            links = links.filter(Q(name__icontains=word) | Q(dashboard__title__icontains=word))
        return links

    def keep(self, links, name, value):
        """Keep links in one state."""
        now = timezone.now()
        if value == "revoked":
            return links.filter(revoked_at__isnull=False)
        return links.running(now) if value == "works" else links.filter(revoked_at=None, expires_at__lte=now)
