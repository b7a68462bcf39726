"""Dashboards in the API."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.dashboards import actions, refreshing
from insights.dashboards.access import get_dashboard
from insights.dashboards.actions.starters import make_starter
from insights.dashboards.answers import own_scope
from insights.dashboards.filters import DashboardFilter
from insights.dashboards.layout import Box
from insights.dashboards.models import Dashboard
from insights.dashboards.scope_form import clean_filters, clean_range_text
from portal.people.api_fields import ProductField
from portal.people.public import User, Visibility
from portal.shell.api import ActionViewSet


def _checked(clean: Callable[[Any], Any], value: Any) -> Any:
    """Return what a form's check makes of a value, its faults as the API tells them."""
    try:
        return clean(value)
    except ValidationError as error:
        raise serializers.ValidationError(error.messages) from None


class DashboardOutput(serializers.ModelSerializer):
    """A dashboard as the API shows it."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    is_archived = serializers.BooleanField(read_only=True)
    is_starred = serializers.BooleanField(read_only=True, help_text="By the reader.")
    is_home = serializers.BooleanField(read_only=True, help_text="Whether it is on the reader's Home.")
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Dashboard
        fields = [
            "slug", "title", "purpose", "product", "team", "owner", "visibility", "date_from", "date_to", "filters",
            "is_archived", "is_starred", "is_home", "revision", "layout_revision", "created_at", "updated_at", "url",
        ]  # fmt: skip


class DashboardInput(serializers.Serializer):
    """What may be sent about a dashboard; `revision` is the one that the change was made on."""

    title = serializers.CharField(max_length=120)
    purpose = serializers.CharField(max_length=300, allow_blank=True, required=False)
    product = ProductField()
    owner = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True), required=False)
    visibility = serializers.ChoiceField(Visibility.choices, required=False)
    date_from = serializers.CharField(allow_blank=True, required=False)
    date_to = serializers.DateField(required=False, allow_null=True)
    filters = serializers.ListField(child=serializers.DictField(), required=False)
    revision = serializers.IntegerField(required=False)

    def validate_filters(self, filters):
        """Refuse what no question could hold."""
        return _checked(clean_filters, filters)

    def validate_date_from(self, text):
        """Refuse what is neither a date nor a range such as -30d."""
        return _checked(clean_range_text, text)

    def validate_date_to(self, day):
        """Return the day as a question writes it."""
        return day.isoformat() if day else ""


class PlaceInput(serializers.Serializer):
    """Where a tile is to be."""

    id = serializers.IntegerField()
    x = serializers.IntegerField(min_value=0, max_value=11)
    y = serializers.IntegerField(min_value=0, max_value=1000)
    w = serializers.IntegerField(min_value=1, max_value=12)
    h = serializers.IntegerField(min_value=1, max_value=12)


class LayoutInput(serializers.Serializer):
    """Places of tiles, made on a layout's revision."""

    revision = serializers.IntegerField()
    tiles = PlaceInput(many=True)


class StarterInput(serializers.Serializer):
    """What a starter dashboard is made of: one of a product, a source, or an empty dashboard to fill; all slugs."""

    product = serializers.SlugField(required=False)
    source = serializers.SlugField(required=False)
    dashboard = serializers.SlugField(required=False)


class DashboardViewSet(ActionViewSet):
    """Dashboards; deleting one archives it."""

    queryset = Dashboard.objects.select_related("product", "team")
    output_serializer_class = DashboardOutput
    input_serializer_class = DashboardInput
    filterset_class = DashboardFilter
    ordering_fields = ["title", "created_at", "updated_at"]
    lookup_field = "slug"
    door = get_dashboard

    def get_queryset(self):
        """Leave out what is archived; say of each whether the reader starred it or has it on Home."""
        return super().get_queryset().live().with_marks(self.request.user)

    def do_create(self, values):
        """Make a dashboard."""
        values.pop("revision", None)
        return self._read_again(actions.create_dashboard(actor=self.request.user, **values))

    def _read_again(self, dashboard: Dashboard) -> Dashboard:
        """Return a dashboard as its own page would, with the reader's marks."""
        return get_dashboard(self.request.user, dashboard.slug)

    def do_change(self, thing, values):
        """Change a dashboard, if nobody else did since `revision`."""
        revision = values.pop("revision", thing.revision)
        return self._read_again(actions.update_dashboard(thing, actor=self.request.user, revision=revision, **values))

    def do_delete(self, thing):
        """Archive a dashboard."""
        actions.archive_dashboard(thing, actor=self.request.user)

    @extend_schema(request=None, responses=DashboardOutput)
    @action(detail=True, methods=["post"])
    def restore(self, request, slug) -> Response:
        """Bring an archived dashboard back."""
        dashboard = self.get_thing(write=True)
        actions.restore_dashboard(dashboard, actor=request.user)
        return self.answer(self._read_again(dashboard))

    @extend_schema(request=None, responses=DashboardOutput)
    @action(detail=True, methods=["put", "delete"])
    def star(self, request, slug) -> Response:
        """Put or remove one's own star."""
        actions.set_star(self.get_thing(), actor=request.user, is_starred=request.method == "PUT")
        return self.answer(self.get_thing())

    @extend_schema(request=None, responses=DashboardOutput)
    @action(detail=True, methods=["put", "delete"])
    def home(self, request, slug) -> Response:
        """Show it on one's own Home, or take it off."""
        act = actions.set_home if request.method == "PUT" else actions.clear_home
        act(self.get_thing(), actor=request.user)
        return self.answer(self.get_thing())

    @extend_schema(request=StarterInput, responses={201: DashboardOutput})
    @action(detail=False, methods=["post"])
    def starter(self, request) -> Response:
        """Make a dashboard of what a product or a source sends, or fill an empty one."""
        made = make_starter(request.user, **self.get_input(StarterInput))
        return self.answer(self._read_again(made), 201)

    @extend_schema(request=LayoutInput, responses=DashboardOutput)
    @action(detail=True, methods=["post"])
    def layout(self, request, slug) -> Response:
        """Arrange the tiles, if nobody else did since `revision` (the dashboard's `layout_revision`)."""
        dashboard = self.get_thing(write=True)
        sent = self.get_input(LayoutInput)
        places = [Box(**place) for place in sent["tiles"]]
        saved = actions.arrange_tiles(dashboard, actor=request.user, revision=sent["revision"], places=places)
        return self.answer(self._read_again(saved))

    @extend_schema(request=None, responses=inline_serializer("Refreshing", {"n_asked": serializers.IntegerField()}))
    @action(detail=True, methods=["post"])
    def refresh(self, request, slug) -> Response:
        """Have all tiles computed again, in the background."""
        dashboard = self.get_thing()
        n_asked = refreshing.refresh_now(dashboard, own_scope(dashboard), actor=request.user)
        return Response({"n_asked": n_asked}, status=202)
