"""Dashboards in the admin, for operators; what people arrange is arranged on the pages."""

from functools import partialmethod

from django.contrib import admin

from insights.dashboards import actions
from insights.dashboards.forms import DashboardForm, QuestionTileForm, TextTileForm
from insights.dashboards.models import Annotation, Dashboard, Tile, TileAnswer
from insights.explore.contracts import CHART_TYPES
from portal.audit.public import ActionAdmin, ReadOnlyAdmin


class ChartFilter(admin.SimpleListFilter):
    """Tiles by how they are drawn."""

    title = parameter_name = "chart"

    def lookups(self, request, model_admin):
        """Return the charts that there are."""
        return list(CHART_TYPES.items())

    def queryset(self, request, queryset):
        """Keep the tiles of one chart."""
        return queryset.filter(chart=self.value()) if self.value() else queryset


@admin.register(Dashboard)
class DashboardAdmin(ActionAdmin):
    """Dashboards of all teams, changed by the form and the action of their own page."""

    list_display = ["title", "product", "team", "owner", "visibility", "updated_at", "is_archived"]
    list_filter = ["product", "team", "visibility", ("archived_at", admin.EmptyFieldListFilter)]
    list_select_related = ["product", "team", "owner"]
    search_fields = ["title", "purpose", "slug"]
    readonly_fields = ["slug", "team", "layout_revision", "changed_by", "archived_at", "created_at", "updated_at"]
    actions = ["archive"]
    form = DashboardForm

    def get_fields(self, request, obj=None):
        """Return what the page's own form asks, the filters only where there are some, and what is known."""
        asked = [*DashboardForm.Meta.fields, *(["own_filters"] if obj and obj.filters else []), "revision"]
        return asked + self.readonly_fields

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the page's form, for the one who asks."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"__init__": partialmethod(form.__init__, user=request.user)})

    @staticmethod
    def change_by(dashboard, *, actor, **values):
        """Change a dashboard; the filters that stay are named by their places."""
        if (places := values.pop("own_filters", None)) is not None:
            values["filters"] = [dashboard.filters[int(place)] for place in places]
        actions.update_dashboard(dashboard, actor=actor, **values)

    @admin.display(boolean=True, description="archived")
    def is_archived(self, dashboard):
        """Say whether it was put away."""
        return dashboard.is_archived

    @admin.action(description="Archive the chosen dashboards")
    def archive(self, request, queryset):
        """Put dashboards away."""
        n_archived = sum(actions.archive_dashboard(dashboard, actor=request.user) for dashboard in queryset)
        self.message_user(request, f"{n_archived} archived.")


@admin.register(Tile)
class TileAdmin(ActionAdmin):
    """Tiles of all dashboards; added, placed and deleted on the page, where that can be undone."""

    list_display = ["__str__", "dashboard", "kind", "chart", "updated_at", "deleted_at"]
    list_filter = ["kind", ChartFilter, "dashboard__product", ("deleted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["dashboard", "insight"]
    search_fields = ["title", "dashboard__title", "text"]
    readonly_fields = ["dashboard", "kind", "insight", "question", "x", "y", "w", "h", "created_at", "updated_at"]
    readonly_fields += ["deleted_at"]
    change_by = staticmethod(actions.update_tile)

    @staticmethod
    def _form_of(tile):
        return TextTileForm if tile and tile.kind == Tile.Kind.TEXT else QuestionTileForm

    def get_fields(self, request, obj=None):
        """Return what the page's own form asks of this kind of tile, and what is known."""
        return [*self._form_of(obj).Meta.fields, "revision", *self.readonly_fields]

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the page's form."""
        return super().get_form(request, obj, change=change, **{**kwargs, "form": self._form_of(obj)})

    def has_change_permission(self, request, obj=None):
        """Let what was deleted be read."""
        return (obj is None or obj.deleted_at is None) and super().has_change_permission(request, obj)


@admin.register(TileAnswer)
class TileAnswerAdmin(ReadOnlyAdmin):
    """Stored answers, for reading: what failed, what is slow, what waits."""

    list_display = ["__str__", "kind", "state", "computed_at", "data_until", "duration_ms", "failure", "used_at"]
    list_filter = ["state", "computed_at"]
    search_fields = ["key", "failure"]
    ordering = ["-duration_ms"]

    @admin.display(description="kind of question")
    def kind(self, answer):
        """Return the kind of its question."""
        return answer.question.get("kind", "")


@admin.register(Annotation)
class AnnotationAdmin(ActionAdmin):
    """Annotations of dashboards and products."""

    list_display = ["text", "starts_on", "ends_on", "product", "dashboard", "author"]
    list_filter = ["product"]
    list_select_related = ["product", "dashboard", "author"]
    search_fields = ["text"]
    date_hierarchy = "starts_on"
    fields = ["text", "starts_on", "ends_on", "product", "dashboard"]
    create_by = staticmethod(actions.create_annotation)
    change_by = staticmethod(actions.update_annotation)
    delete_by = staticmethod(actions.delete_annotation)
