"""How the log of what was sent is filtered: the same in its page, its CSV and the API."""

import django_filters

from portal.messages.models import Delivery


class DeliveryFilter(django_filters.FilterSet):
    """Deliveries by kind and state."""

    kind = django_filters.ChoiceFilter(choices=Delivery.Kind.choices, empty_label="Any kind")
    state = django_filters.ChoiceFilter(choices=Delivery.State.choices, empty_label="Any result")

    class Meta:
        model = Delivery
        fields = ["kind", "state"]


COLUMNS = {
    "when": lambda one: one.finished_at or one.created_at,
    "about": lambda one: one.subject,
    "kind": lambda one: one.get_kind_display(),
    "to": lambda one: one.place,
    "state": lambda one: one.get_state_display(),
    "result": lambda one: one.result,
    "tries": lambda one: one.n_attempts,
}
SORTS = {"when": "created_at", "about": "subject", "state": "state"}
