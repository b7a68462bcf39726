"""How the lists of sources and of quarantined rows are filtered."""

import django_filters
from django import forms

from insights.events.public import QuarantinedRow, Source
from portal.people.list_filters import ListFilter, ProductChoice, SearchBox
from portal.shell.public import words_in


class SourceFilter(ListFilter):
    """How sources are filtered."""

    q = SearchBox()
    product = ProductChoice()
    kind = django_filters.ChoiceFilter(choices=Source.Kind.choices, empty_label="All")
    state = django_filters.ChoiceFilter(choices=Source.State.choices, empty_label="All")

    class Meta:
        model = Source
        fields = ["q", "product", "kind", "state"]

    def find(self, sources, name, value):
        """Keep sources whose name holds each word."""
        return sources.filter(words_in(value, "name"))


class RowFilter(ListFilter):
    """How quarantined rows are filtered."""

    q = SearchBox(label="Search the text")
    source = django_filters.ModelChoiceFilter(queryset=Source.objects.all(), to_field_name="slug", empty_label="All")
    reason_code = django_filters.CharFilter(widget=forms.HiddenInput)  # these two come from links
    batch = django_filters.NumberFilter(widget=forms.HiddenInput)
    state = django_filters.ChoiceFilter(choices=QuarantinedRow.State.choices, empty_label="All", initial="open")

    class Meta:
        model = QuarantinedRow
        fields = ["q", "source", "reason_code", "batch", "state"]

    def __init__(self, data=None, *args, user, **kwargs):
        data = data.copy() if data is not None else {}
        data.setdefault("state", "open")
        super().__init__(data, *args, user=user, **kwargs)
        self.filters["source"].queryset = Source.objects.visible_to(user)

    def find(self, rows, name, value):
        """Keep rows whose text holds each word."""
        return rows.filter(words_in(value, "raw"))
