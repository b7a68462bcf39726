"""How insights are filtered: the same in the address of the list and over the API."""

import django_filters

from insights.explore.models import Insight
from insights.questions.public import QUESTION_KINDS
from portal.people.list_filters import ListFilter, ProductChoice, SearchBox


class InsightFilter(django_filters.FilterSet):
    """Insights by words, product, kind and tag."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="product__slug")
    kind = django_filters.CharFilter(field_name="question__kind")
    tag = django_filters.CharFilter(label="Tag", method="with_tag")

    class Meta:
        model = Insight
        fields: list[str] = []

    def find(self, insights, name, value):
        """Keep insights whose title, description or tags hold the text."""
        return insights.matching(value)

    def with_tag(self, insights, name, value):
        """Keep insights with a tag."""
        return insights.filter(tags__contains=[value.strip().lower()])


class InsightListFilter(ListFilter, InsightFilter):
    """The same for the list's page, with choices in place of slugs, and what is one's own."""

    q = SearchBox("Title, words or tag")
    product = ProductChoice()
    kind = django_filters.ChoiceFilter(label="Kind", field_name="question__kind", choices=(), empty_label="All kinds")
    show = django_filters.ChoiceFilter(
        label="Show", choices=[("starred", "Starred by me"), ("mine", "Mine")], method="keep", empty_label="All"
    )

    class Meta:
        model = Insight
        fields = ["q", "product", "kind", "tag", "show"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = [(name, kind.title) for name, kind in QUESTION_KINDS.items()]

    def keep(self, insights, name, value):
        """Keep what the reader starred, or what is theirs."""
        return insights.filter(is_starred=True) if value == "starred" else insights.filter(owner=self.user)
