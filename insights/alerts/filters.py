"""How alerts and incidents are filtered: the same in the address of a list and over the API."""

import django_filters
from django.db.models import Q

from insights.alerts.models import Alert, Incident
from portal.people.list_filters import ListFilter, LiveListFilter, ProductChoice, SearchBox
from portal.shell.public import words_in


class AlertFilter(django_filters.FilterSet):
    """Alerts by words, product and what they watch."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="product__slug")

    class Meta:
        model = Alert
        fields = ["metric", "insight", "source"]

    def find(self, alerts, name, value):
        """Keep alerts whose name, subject or product holds each word."""
        return alerts.matching(value)


class AlertListFilter(LiveListFilter, AlertFilter):
    """The same for the list's page."""

    q = SearchBox("Name, what it watches or product")
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
    product = ProductChoice()

    class Meta:
        model = Alert
        fields = ["q", "show", "product"]

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


class IncidentFilter(django_filters.FilterSet):
    """Incidents by state, alert and product."""

    product = django_filters.CharFilter(field_name="alert__product__slug")

    class Meta:
        model = Incident
        fields = ["state", "alert"]


class IncidentListFilter(ListFilter):
    """The same for the list's page."""

    q = SearchBox("Alert, sentence or note")
    state = django_filters.ChoiceFilter(label="State", choices=Incident.State.choices, empty_label="All")
    product = ProductChoice(field_name="alert__product")

    class Meta:
        model = Incident
        fields = ["q", "state", "product"]

    def find(self, incidents, name, value):
        """Keep incidents whose alert, sentence or note holds each word."""
        return incidents.filter(words_in(value, "alert__name", "sentence", "note"))
