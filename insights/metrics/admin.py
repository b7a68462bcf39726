"""Metrics in the admin, for operators: certified there too; what they ask is changed on their pages alone."""

from django.contrib import admin, messages

from insights.metrics.actions import certify_metric, uncertify_metric
from insights.metrics.models import Metric, MetricSeries, MetricVersion, Restatement
from portal.audit.public import AuditedAdmin, ReadOnly, ReadOnlyAdmin
from portal.shell.public import BadInput


class VersionInline(ReadOnly, admin.TabularInline):
    """The versions of a metric's definition, to look at."""

    model = MetricVersion
    fk_name = "metric"
    fields = ["number", "state", "reason", "author", "created_at", "decided_by", "decision"]
    readonly_fields = fields  # the time of making is in no form
    extra = 0


@admin.register(Metric)
class MetricAdmin(AuditedAdmin):
    """Named numbers; a definition is changed by proposal, on the metric's page."""

    list_display = ["name", "product", "owner", "is_certified", "since", "visibility", "updated_at"]
    list_filter = ["is_certified", "product", "visibility", "rule"]
    list_select_related = ["product", "owner", "team"]
    search_fields = ["name", "description", "tags"]
    readonly_fields = [
        "product", "team", "current", "is_certified", "certified_at", "certified_by", "rule", "revision",
        "archived_at", "created_at", "updated_at",
    ]  # fmt: skip
    inlines = [VersionInline]
    actions = ["certify", "make_draft"]
    view_on_site = True

    @admin.display(description="certified since", ordering="certified_at")
    def since(self, metric):
        """Return when it was certified."""
        return metric.certified_at

    def has_add_permission(self, request) -> bool:
        """Metrics are made from a question, where it is checked."""
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        """Metrics are archived on their pages: what uses them keeps its past."""
        return False

    @admin.action(description="Certify the chosen metrics")
    def certify(self, request, queryset):
        """Certify metrics, and say of which that cannot be said yet."""
        for metric in queryset:
            try:
                certify_metric(metric, actor=request.user)
            except BadInput as error:
                said = " ".join(sentence for found in error.fields.values() for sentence in found)
                self.message_user(request, f"{metric}: {said}", messages.WARNING)

    @admin.action(description="Make the chosen metrics drafts again")
    def make_draft(self, request, queryset):
        """Take the certificate back."""
        for metric in queryset:
            uncertify_metric(metric, actor=request.user)


@admin.register(MetricSeries)
class MetricSeriesAdmin(ReadOnlyAdmin):
    """How fresh the stored values of each version are, and what failed."""

    list_display = ["version", "metric", "state", "computed_at", "data_until", "duration_ms", "failure"]
    list_filter = ["state"]
    list_select_related = ["version__metric"]
    search_fields = ["version__metric__name", "failure"]

    @admin.display(description="metric")
    def metric(self, series):
        """Return whose values they are."""
        return series.version.metric


@admin.register(Restatement)
class RestatementAdmin(ReadOnlyAdmin):
    """Values of the past that came out differently later."""

    list_display = ["metric", "starts_on", "before", "after", "found_at", "why"]
    list_select_related = ["version__metric"]
    search_fields = ["version__metric__name", "why"]
    list_filter = ["found_at"]

    @admin.display(description="metric")
    def metric(self, restatement):
        """Return whose value it is."""
        return restatement.version.metric
