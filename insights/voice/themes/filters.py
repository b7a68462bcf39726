"""How themes and links to them are filtered over the API."""

import django_filters
from django.db.models import Q

from insights.voice.themes.models import Importance, Theme, ThemeLink


class ThemeFilter(django_filters.FilterSet):
    """Themes by words, product, place and whether they were merged."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="product__slug")
    is_merged = django_filters.BooleanFilter(field_name="merged_into", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Theme
        fields = ["parent"]

    def find(self, themes, name, value):
        """Keep those whose name or description holds each word."""
        return themes.matching(value)


class ThemeLinkFilter(django_filters.FilterSet):
    """Links by theme, piece of feedback, product and importance."""

    feedback = django_filters.NumberFilter(method="of_feedback")
    conversation = django_filters.NumberFilter(field_name="highlight__conversation_id")
    product = django_filters.CharFilter(field_name="theme__product__slug")
    importance = django_filters.ChoiceFilter(choices=Importance.choices)

    class Meta:
        model = ThemeLink
        fields = ["theme", "highlight"]

    def of_feedback(self, links, name, value):
        """Keep those of a piece of feedback or of highlights in it."""
        return links.filter(Q(feedback=value) | Q(highlight__feedback=value))
