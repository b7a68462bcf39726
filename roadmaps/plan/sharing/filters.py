"""How links to the roadmap are filtered: the same on their page and over the API."""

from typing import Any

import django_filters
from django.utils import timezone

from portal.people.list_filters import SearchBox
from portal.shell.public import words_in
from roadmaps.plan.sharing.models import Audience, RoadmapLink


class LinkFilter(django_filters.FilterSet):
    """Links by words, product, audience and state."""

    q = SearchBox("For whom, or heading")
    product = django_filters.CharFilter(field_name="product__slug", label="Product")
    audience = django_filters.ChoiceFilter(label="Audience", choices=Audience.choices, empty_label="All")
    state = django_filters.ChoiceFilter(
        label="State",
        choices=[("works", "Works"), ("revoked", "Revoked"), ("expired", "Expired")],
        method="keep",
        empty_label="All",
    )

    class Meta:
        model = RoadmapLink
        fields: list[str] = []

    def find(self, links: Any, name: str, value: str) -> Any:
        """Keep links whose name or heading holds each word."""
        return links.filter(words_in(value, "name", "heading"))

    def keep(self, links: Any, name: str, value: str) -> Any:
        """Keep links in one state."""
        now = timezone.now()
        if value == "revoked":
            return links.filter(revoked_at__isnull=False)
        return links.running(now) if value == "works" else links.filter(revoked_at=None, expires_at__lte=now)
