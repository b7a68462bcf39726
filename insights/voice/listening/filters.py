"""How calls and reasons are filtered: the same in the address of the list and over the API."""

from typing import Any

import django_filters

from insights.voice.listening.models import Call, CallReason, CallSuggestion
from portal.people.list_filters import ListFilter, ProductChoice


class CallFilter(django_filters.FilterSet):
    """Calls by product, state, caller and day."""

    product = django_filters.CharFilter(field_name="product__slug")
    since = django_filters.DateFilter(field_name="planned_on", lookup_expr="gte")
    until = django_filters.DateFilter(field_name="planned_on", lookup_expr="lte")

    class Meta:
        model = Call
        fields = ["state", "caller"]


class CallListFilter(ListFilter):
    """The same for the list's page."""

    product = ProductChoice()
    state = django_filters.ChoiceFilter(choices=Call.State.choices, empty_label="All states")
    whose = django_filters.ChoiceFilter(
        method="of_whom", label="Whose", choices=[("mine", "My calls")], empty_label="All calls"
    )

    class Meta:
        model = Call
        fields = ["whose", "state", "product"]

    def of_whom(self, calls: Any, name: str, value: str) -> Any:
        """Keep the reader's own."""
        return calls.filter(caller=self.user)


class CallSuggestionFilter(django_filters.FilterSet):
    """Suggestions by product and segment."""

    product = django_filters.CharFilter(field_name="product__slug")

    class Meta:
        model = CallSuggestion
        fields = ["segment"]


class CallReasonFilter(django_filters.FilterSet):
    """Reasons by product and kind."""

    product = django_filters.CharFilter(field_name="product__slug")

    class Meta:
        model = CallReason
        fields = ["why"]
