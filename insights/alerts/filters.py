"""How alerts and incidents are filtered: the same in the address of a list and over the API."""

import django_filters
from django import forms
from django.db.models import Q

from insights.alerts.models import Alert, Incident
from portal.people.public import Product

_SEARCH = {"type": "search", "placeholder": "Name, what it watches or product", "data-keys": "/"}


class AlertFilter(django_filters.FilterSet):
    """Alerts by words, product and what they watch."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="product__slug")

    class Meta:
        model = Alert
        fields = ["metric", "insight", "source"]

    def find(self, alerts, name, value):
        """Keep alerts whose name, subject or product holds each word."""
        for word in value.split():
            words = Q(name__icontains=word) | Q(subject_title__icontains=word) | Q(product__name__icontains=word)
            alerts = alerts.filter(words)
        return alerts


class AlertListFilter(AlertFilter):
    """The same for the list's page."""

    q = django_filters.CharFilter(label="Search", method="find", widget=forms.TextInput(attrs=_SEARCH))
    show = django_filters.ChoiceFilter(
        label="Show",
        choices=[
            ("open", "Fired, not resolved"),
            ("mine", "Mine"),
            ("failing", "Cannot be checked"),
            ("paused", "Paused"),
            ("archived", "Archived"),
        ],
        method="keep",
        empty_label="All",
    )
    product = django_filters.ModelChoiceFilter(
        queryset=Product.objects.all(), to_field_name="slug", empty_label="All products"
    )

    class Meta:
        model = Alert
        fields = ["q", "show", "product"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.filters["product"].queryset = Product.objects.visible_to(user)

    def keep(self, alerts, name, value):
        """Keep what fired, what is the reader's own, or what stands still."""
        wanted = {
            "open": Q(has_open=True),
            "mine": Q(owner=self.user),
            "failing": Q(failing_since__isnull=False),
            "paused": Q(paused_at__isnull=False),
            "archived": Q(archived_at__isnull=False),
        }
        return alerts.filter(wanted[value])

    def filter_queryset(self, queryset):
        """Leave out what was put away, unless it is asked for."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("show") == "archived" else found.live()


class IncidentFilter(django_filters.FilterSet):
    """Incidents by state, alert and product."""

    product = django_filters.CharFilter(field_name="alert__product__slug")

    class Meta:
        model = Incident
        fields = ["state", "alert"]


class IncidentListFilter(django_filters.FilterSet):
    """The same for the list's page."""

    q = django_filters.CharFilter(
        label="Search",
        method="find",
        widget=forms.TextInput(attrs={**_SEARCH, "placeholder": "Alert, sentence or note"}),
    )
    state = django_filters.ChoiceFilter(label="State", choices=Incident.State.choices, empty_label="All")
    product = django_filters.ModelChoiceFilter(
        field_name="alert__product",
        label="Product",
        queryset=Product.objects.all(),
        to_field_name="slug",
        empty_label="All products",
    )

    class Meta:
        model = Incident
        fields = ["q", "state", "product"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["product"].queryset = Product.objects.visible_to(user)

    def find(self, incidents, name, value):
        """Keep incidents whose alert, sentence or note holds each word."""
        for word in value.split():
            words = Q(alert__name__icontains=word) | Q(sentence__icontains=word) | Q(note__icontains=word)
            incidents = incidents.filter(words)
        return incidents
