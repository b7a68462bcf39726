"""How cohorts are filtered: the same in the address of the list and over the API."""

import django_filters

from insights.cohorts.models import Cohort
from portal.people.list_filters import LiveListFilter, ProductChoice, SearchBox


class CohortFilter(django_filters.FilterSet):
    """Cohorts by words, product, kind and unit."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="products__slug", distinct=True)
    kind = django_filters.ChoiceFilter(label="Kind", choices=Cohort.Kind.choices, empty_label="All kinds")
    unit = django_filters.ChoiceFilter(label="Of", choices=Cohort.Unit.choices, empty_label="Either")

    class Meta:
        model = Cohort
        fields: list[str] = []

    def find(self, cohorts, name, value):
        """Keep cohorts whose name or description holds the text."""
        return cohorts.matching(value)


class CohortListFilter(LiveListFilter, CohortFilter):
    """The same for the list's page, with choices in place of slugs; archived ones only where asked for."""

    put_away = ("archived", "passing")
    q = SearchBox("Name or words")
    product = ProductChoice(field_name="products")
    show = django_filters.ChoiceFilter(
        label="Show",
        choices=[("mine", "Mine"), ("archived", "Archived"), ("passing", "Made in passing")],
        method="keep",
        empty_label="All in use",
    )

    class Meta:
        model = Cohort
        fields = ["q", "product", "kind", "unit", "show"]

    def keep(self, cohorts, name, value):
        """Keep the reader's own, those that were put away, or those made in passing."""
        if value == "mine":
            return cohorts.filter(owner=self.user)
        if value == "passing":
            return cohorts.filter(kept_until__isnull=False, archived_at=None)
        return cohorts.filter(archived_at__isnull=False)
