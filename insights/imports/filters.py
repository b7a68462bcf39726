"""How lists of imports and of their problems are filtered."""

import django_filters
from django import forms

from insights.imports.kinds import all_kinds
from insights.imports.models import Import, ImportProblem
from portal.people.list_filters import ListFilter, ProductChoice, SearchBox
from portal.shell.public import words_in

_BECAME = [("left", "Left out"), ("taken", "Taken without the value")]


class ImportListFilter(ListFilter):
    """Imports by file, kind, product and state."""

    q = SearchBox()
    kind = django_filters.ChoiceFilter(choices=[], empty_label="All", label="What")
    product = ProductChoice()
    state = django_filters.ChoiceFilter(choices=Import.State.choices, empty_label="All")

    class Meta:
        model = Import
        fields = ["q", "kind", "product", "state"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = [(kind.name, kind.title.capitalize()) for kind in all_kinds()]

    def find(self, imports, name, value):
        """Keep imports whose file's name holds each word."""
        return imports.filter(words_in(value, "file_name"))


class ProblemFilter(django_filters.FilterSet):
    """Problems by what became of the row, and by their reason from a link."""

    became = django_filters.ChoiceFilter(
        choices=_BECAME, method="of_fate", empty_label="All", label="What became of it"
    )
    reason = django_filters.CharFilter(widget=forms.HiddenInput)

    class Meta:
        model = ImportProblem
        fields: list[str] = []

    def of_fate(self, problems, name, value):
        """Keep refused rows, or values that were left out."""
        return problems.filter(is_refused=value == "left")
