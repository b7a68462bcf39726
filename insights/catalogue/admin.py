"""The catalogue in the admin; saves go through the pages' actions."""

from django.contrib import admin

from insights.catalogue.actions import describe_event, describe_property
from insights.catalogue.models import CatalogueEvent, CatalogueProperty
from portal.audit.public import AuditedAdmin

_SEEN = ["first_seen_at", "last_seen_at", "found_at"]


class _EntryAdmin(AuditedAdmin):
    list_select_related = ["product", "owner"]
    search_fields = ["name", "description"]
    date_hierarchy = "last_seen_at"

    def has_add_permission(self, request):
        """Names come from events alone."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Names go with their events; until then they are retired."""
        return False


@admin.register(CatalogueEvent)
class CatalogueEventAdmin(_EntryAdmin):
    """Event names."""

    list_display = ["name", "product", "status", "n_events", "first_seen_at", "last_seen_at", "owner"]
    list_filter = ["status", "product"]
    fields = ["product", "name", "description", "owner", "status", "n_events", *_SEEN]
    readonly_fields = ["product", "name", "n_events", *_SEEN]

    def save_model(self, request, obj, form, change):
        """Describe by the action."""
        describe_event(obj, actor=request.user, **{name: form.cleaned_data[name] for name in form.changed_data})


@admin.register(CatalogueProperty)
class CataloguePropertyAdmin(_EntryAdmin):
    """Properties and traits."""

    list_display = ["name", "of", "product", "status", "is_personal", "n_values", "last_seen_at", "owner"]
    list_filter = ["of", "status", "is_personal", "product"]
    fields = ["product", "of", "name", "description", "owner", "status", "is_personal", "n_values", *_SEEN]
    readonly_fields = ["product", "of", "name", "n_values", *_SEEN]

    def save_model(self, request, obj, form, change):
        """Describe by the action."""
        describe_property(obj, actor=request.user, **{name: form.cleaned_data[name] for name in form.changed_data})
