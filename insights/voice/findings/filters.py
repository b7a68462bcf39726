"""How findings and their evidence are filtered: the same in the address of the list and over the API."""

from typing import Any

import django_filters
from django import forms
from django.utils import timezone

from insights.voice.findings.models import Evidence, Finding
from portal.people.public import User

_SEARCH = {"type": "search", "placeholder": "Words of it", "data-keys": "/"}


class FindingFilter(django_filters.FilterSet):
    """Findings by words, product, where they stand today, method, confidence and owner."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="product__slug")
    standing = django_filters.ChoiceFilter(choices=Finding.Standing.choices, method="at", label="Stands today")

    class Meta:
        model = Finding
        fields = ["owner", "method", "confidence"]

    def find(self, findings, name, value):
        """Keep those that hold each word."""
        return findings.matching(value)

    def at(self, findings, name, value):
        """Keep those that stand so today."""
        return findings.standing(value, timezone.localdate())


class FindingListFilter(FindingFilter):
    """The same for the list's page, with choices in place of slugs and numbers."""

    q = django_filters.CharFilter(label="Search", method="find", widget=forms.TextInput(attrs=_SEARCH))
    product = django_filters.ChoiceFilter(field_name="product__slug", label="Product", empty_label="All products")
    standing = django_filters.ChoiceFilter(
        choices=Finding.Standing.choices, method="at", label="Standing", empty_label="Any"
    )
    method = django_filters.ChoiceFilter(choices=Finding.Method.choices, label="Method", empty_label="Any method")
    owner = django_filters.ChoiceFilter(field_name="owner", label="Owner", empty_label="Anybody")

    class Meta:
        model = Finding
        fields = ["q", "product", "standing", "method", "owner"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.filters["product"].extra["choices"] = [(product.slug, product.name) for product in user.visible_products]
        owners = User.objects.filter(pk__in=Finding.objects.visible_to(user).values("owner"))
        self.filters["owner"].extra["choices"] = [(one.pk, str(one)) for one in owners.order_by("name", "pk")]


class EvidenceFilter(django_filters.FilterSet):
    """Evidence by finding, side, kind and thing."""

    class Meta:
        model = Evidence
        fields = ["finding", "side", "kind", "highlight", "thing_id"]
