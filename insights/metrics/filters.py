"""How metrics are filtered: the same in the address of the list and over the API."""

import django_filters
from django.db.models import Exists, OuterRef, Q

from insights.metrics.models import Metric, MetricVersion
from portal.people.list_filters import LiveListFilter, ProductChoice, SearchBox
from portal.people.public import User


class MetricFilter(django_filters.FilterSet):
    """Metrics by words, product, tag and whether they are certified."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="product__slug")
    tag = django_filters.CharFilter(label="Tag", method="with_tag")

    class Meta:
        model = Metric
        fields = ["is_certified", "owner", "visibility"]

    def find(self, metrics, name, value):
        """Keep metrics whose name, description, tags or product hold each word."""
        return metrics.matching(value)

    def with_tag(self, metrics, name, value):
        """Keep metrics with a tag."""
        return metrics.filter(tags__contains=[value.strip().lower()])


_STATES = [
    ("certified", "Certified"),
    ("draft", "Draft"),
    ("proposed", "Change proposed"),
    ("mine", "Mine"),
    ("starred", "Starred by me"),
    ("archived", "Archived"),
]


class MetricListFilter(LiveListFilter, MetricFilter):
    """The same for the list's page: choices in place of slugs, what is one's own, and what was put away."""

    q = SearchBox("Name, words or tag")
    product = ProductChoice()
    owner = django_filters.ModelChoiceFilter(queryset=User.objects.none(), empty_label="Anybody")
    show = django_filters.ChoiceFilter(label="Show", choices=_STATES, method="keep", empty_label="All")

    class Meta:
        model = Metric
        fields = ["q", "product", "owner", "tag", "show"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        owners = Metric.objects.visible_to(user).order_by().values("owner")
        self.filters["owner"].queryset = User.objects.filter(pk__in=owners)

    def keep(self, metrics, name, value):
        """Keep metrics in a state, or those that are one's own."""
        proposed = MetricVersion.objects.filter(metric=OuterRef("pk"), state=MetricVersion.State.PROPOSED)
        wanted = {
            "certified": Q(is_certified=True),
            "draft": Q(is_certified=False),
            "proposed": Q(Exists(proposed)),
            "mine": Q(owner=self.user),
            "starred": Q(is_starred=True),
            "archived": Q(archived_at__isnull=False),
        }
        return metrics.filter(wanted[value])
