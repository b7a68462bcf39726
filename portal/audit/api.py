"""The audit trail over the API, for admins."""

import django_filters
from rest_framework import serializers

from portal.audit.models import AuditEntry
from portal.shell.api import PortalRouter, ReadViewSet


class AuditEntryOutput(serializers.ModelSerializer):
    """One entry: who did what to which thing, when and from where."""

    class Meta:
        model = AuditEntry
        fields = [
            "id", "at", "actor_id", "actor_label", "verb", "thing_type", "thing_id", "thing_label", "changes", "note",
            "door", "address", "request_id",
        ]  # fmt: skip


class AuditEntryFilter(django_filters.FilterSet):
    """How entries are filtered."""

    since = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")

    class Meta:
        model = AuditEntry
        fields = ["actor_id", "verb", "thing_type", "thing_id", "door", "request_id"]


class AuditEntryViewSet(ReadViewSet):
    """The audit trail, newest first; admins read it, nobody writes it."""

    queryset = AuditEntry.objects.all()
    output_serializer_class = AuditEntryOutput
    filterset_class = AuditEntryFilter


router = PortalRouter()
router.register("audit-entries", AuditEntryViewSet, basename="audit-entry")
urlpatterns = router.urls
