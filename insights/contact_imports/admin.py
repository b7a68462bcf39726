"""Rows of imports in the admin, to look at."""

from django.contrib import admin

from insights.contact_imports.models import ImportedRow
from portal.audit.public import ReadOnlyAdmin


@admin.register(ImportedRow)
class ImportedRowAdmin(ReadOnlyAdmin):
    """Which import wrote down what."""

    list_display = ["id", "batch", "person", "account", "was_new"]
    list_filter = ["was_new", "batch__kind"]
    list_select_related = ["batch", "person", "account"]
    search_fields = ["person__distinct_id", "account__account_id"]
