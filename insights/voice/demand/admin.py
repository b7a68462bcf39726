"""Areas of themes in the admin, to look at."""

from django.contrib import admin

from insights.voice.demand.models import ThemeArea
from portal.audit.public import ReadOnlyAdmin


@admin.register(ThemeArea)
class ThemeAreaAdmin(ReadOnlyAdmin):
    """Which part of the product themes are about; said on their pages."""

    list_display = ["theme", "feature", "events", "updated_at"]
    list_filter = ["theme__product"]
    list_select_related = ["theme", "feature"]
    search_fields = ["theme__name", "feature__name"]
