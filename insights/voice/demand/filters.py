"""How areas of themes are filtered over the API."""

import django_filters

from insights.voice.demand.models import ThemeArea


class ThemeAreaFilter(django_filters.FilterSet):
    """Areas by product, theme and feature."""

    product = django_filters.CharFilter(field_name="theme__product__slug")

    class Meta:
        model = ThemeArea
        fields = ["theme", "feature"]
