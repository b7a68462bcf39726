"""How the trail is filtered."""

import django_filters
from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q

from portal.audit.models import AuditEntry
from portal.audit.queries import DOORS, list_verbs


class AuditFilter(django_filters.FilterSet):
    """Entries by who, what, where and when."""

    q = django_filters.CharFilter(
        label="Thing or request",
        method="find",
        widget=forms.TextInput(attrs={"type": "search", "data-list-search": "", "autocomplete": "off"}),
    )
    verb = django_filters.ChoiceFilter(label="What", choices=list_verbs, empty_label="Anything")
    actor = django_filters.CharFilter(label="Who", method="by_actor", widget=forms.TextInput(attrs={"type": "search"}))
    door = django_filters.ChoiceFilter(label="Where", choices=list(DOORS.items()), empty_label="Anywhere")
    since = django_filters.DateFilter(
        field_name="at", lookup_expr="date__gte", label="From", widget=forms.DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(
        field_name="at", lookup_expr="date__lte", label="To", widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = AuditEntry
        fields = ["q", "verb", "actor", "door", "since", "until"]

    def by_actor(self, queryset, name, value):
        """Keep what people did whose name or address holds the words."""
        people = get_user_model().objects.filter(Q(name__icontains=value) | Q(email__icontains=value))
        return queryset.filter(actor_id__in=people.values("pk"))

    def find(self, queryset, name, value):
        """Keep entries whose thing, its id or the request id holds the words."""
        return queryset.filter(Q(thing_label__icontains=value) | Q(thing_id=value) | Q(request_id=value))
