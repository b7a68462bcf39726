"""How trackers and items are filtered: the same in the address of a list and over the API."""

from typing import Any

import django_filters

from portal.people.list_filters import ListFilter, ProductChoice, SearchBox
from roadmaps.delivery.work.models import Phase, Tracker, TrackerStatus, WorkItem

_PHASES = [*Phase.choices, ("unknown", "Not said")]


class ItemFilter(django_filters.FilterSet):
    """Items by words, tracker, product, initiative, phase, type, status and label."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="tracker__product__slug")
    phase = django_filters.ChoiceFilter(choices=_PHASES, method="at")
    label = django_filters.CharFilter(field_name="labels", lookup_expr="contains", method="with_label")
    is_placed = django_filters.BooleanFilter(field_name="initiative", lookup_expr="isnull", exclude=True)

    class Meta:
        model = WorkItem
        fields = ["tracker", "initiative", "kind", "status", "parent_key"]

    def find(self, items, name, value):
        """Keep those whose key or title holds each word."""
        return items.matching(value)

    def at(self, items, name, value):
        """Keep those of a phase; "unknown" are those whose status nobody has said the meaning of."""
        return items.filter(phase="" if value == "unknown" else value)

    def with_label(self, items, name, value):
        """Keep those that have a label."""
        return items.filter(labels__contains=[value])


class ItemListFilter(ListFilter):
    """The same for the list's page, with choices in place of slugs and numbers."""

    q = SearchBox("Key or words of the title")
    product = ProductChoice(field_name="tracker__product")
    tracker = django_filters.ModelChoiceFilter(
        queryset=Tracker.objects.all(), label="Tracker", empty_label="All trackers"
    )
    phase = django_filters.ChoiceFilter(choices=_PHASES, method="at", label="Stands", empty_label="Anywhere")
    placed = django_filters.ChoiceFilter(
        choices=[("yes", "In an initiative"), ("no", "In none")], method="by_place", label="Belongs", empty_label="Any"
    )
    initiative = django_filters.NumberFilter(label="Initiative's number")

    class Meta:
        model = WorkItem
        fields = ["q", "product", "tracker", "phase", "placed", "initiative"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, user=user, **kwargs)
        self.filters["tracker"].queryset = Tracker.objects.visible_to(user).order_by("name")
        if "initiative" not in self.data:
            del self.filters["initiative"]

    def find(self, items, name, value):
        """Keep those whose key or title holds each word."""
        return items.matching(value)

    def at(self, items, name, value):
        """Keep those of a phase."""
        return items.filter(phase="" if value == "unknown" else value)

    def by_place(self, items, name, value):
        """Keep those that belong to an initiative, or to none."""
        return items.filter(initiative__isnull=value == "no")


class TrackerFilter(django_filters.FilterSet):
    """Trackers by words, product and kind."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="product__slug")

    class Meta:
        model = Tracker
        fields = ["kind"]

    def find(self, trackers, name, value):
        """Keep those whose name or product holds each word."""
        return trackers.matching(value)


class TrackerListFilter(ListFilter):
    """The same for the list's page."""

    q = SearchBox("Name of a tracker")
    product = ProductChoice()

    class Meta:
        model = Tracker
        fields = ["q", "product"]

    def find(self, trackers, name, value):
        """Keep those whose name or product holds each word."""
        return trackers.matching(value)


class StatusFilter(django_filters.FilterSet):
    """Statuses by tracker and meaning."""

    class Meta:
        model = TrackerStatus
        fields = ["tracker", "phase", "is_guessed"]
