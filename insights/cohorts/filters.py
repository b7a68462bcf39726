"""How cohorts are filtered: the same in the address of the list and over the API."""

import django_filters
from django import forms

from insights.cohorts.models import Cohort
from portal.people.public import Product


class CohortFilter(django_filters.FilterSet):
    """Cohorts by words, product, kind and unit."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="products__slug", distinct=True)
    kind = django_filters.ChoiceFilter(label="Kind", choices=Cohort.Kind.choices, empty_label="All kinds")
    unit = django_filters.ChoiceFilter(label="Of", choices=Cohort.Unit.choices, empty_label="Persons and accounts")

    class Meta:
        model = Cohort
        fields: list[str] = []

    def find(self, cohorts, name, value):
        """Keep cohorts whose name or description holds the text."""
        return cohorts.matching(value)


class CohortListFilter(CohortFilter):
    """The same for the list's page, with choices in place of slugs; archived ones only where asked for."""

    q = django_filters.CharFilter(
        label="Search",
        method="find",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name or words", "data-keys": "/"}),
    )
    product = django_filters.ModelChoiceFilter(
        field_name="products", queryset=Product.objects.all(), to_field_name="slug", empty_label="All products"
    )
    show = django_filters.ChoiceFilter(
        label="Show",
        choices=[("mine", "Mine"), ("archived", "Archived"), ("passing", "Made in passing")],
        method="keep",
        empty_label="All in use",
    )

    class Meta:
        model = Cohort
        fields = ["q", "product", "kind", "unit", "show"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.filters["product"].queryset = Product.objects.visible_to(user)

    def filter_queryset(self, queryset):
        """Leave out what is archived or was made in passing, unless asked for."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("show") in ("archived", "passing") else found.live()

    def keep(self, cohorts, name, value):
        """Keep the reader's own, those that were put away, or those made in passing."""
        if value == "mine":
            return cohorts.filter(owner=self.user)
        if value == "passing":
            return cohorts.filter(kept_until__isnull=False, archived_at=None)
        return cohorts.filter(archived_at__isnull=False)
