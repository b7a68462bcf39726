"""How goals are filtered over the API."""

import django_filters

from roadmaps.goals.models import KeyResult, Objective


class ObjectiveFilter(django_filters.FilterSet):
    """Objectives by words, cycle, product, team, state and what they serve."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="product__slug")
    team = django_filters.CharFilter(field_name="team__slug")

    class Meta:
        model = Objective
        fields = ["cycle", "parent", "state", "owner"]

    def find(self, objectives, name, value):
        """Keep those whose title, reason, product or team hold each word."""
        return objectives.matching(value)


class KeyResultFilter(django_filters.FilterSet):
    """Key results by objective, cycle, metric and owner."""

    cycle = django_filters.NumberFilter(field_name="objective__cycle_id")

    class Meta:
        model = KeyResult
        fields = ["objective", "metric", "owner"]
