"""Say and do in the API: the areas of themes, and what the page of a theme says of those who ask."""

from dataclasses import asdict

from django.urls import path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from insights.adoption.public import Feature
from insights.voice.demand.access import get_area
from insights.voice.demand.actions import MOST_EVENTS, clear_area, set_area
from insights.voice.demand.filters import ThemeAreaFilter
from insights.voice.demand.models import ThemeArea
from insights.voice.demand.reading import (
    BASES,
    GROUPINGS,
    UNITS,
    area_of,
    read_loudest,
    read_say_and_do,
    read_weighted,
    voices_of,
)
from insights.voice.themes.public import Theme, get_theme
from portal.people.public import can_see
from portal.shell.api import ActionViewSet, PortalRouter
from portal.shell.public import BadInput, NotFound


class ThemeAreaOutput(serializers.ModelSerializer):
    """What the API says of the area of a theme."""

    name = serializers.CharField(read_only=True)

    class Meta:
        model = ThemeArea
        fields = ["id", "theme", "name", "feature", "events", "version", "updated_at"]
        read_only_fields = fields


class ThemeAreaChange(serializers.Serializer):
    """A feature, or event specs; one of the two. A change names the version that it was made from."""

    feature = serializers.PrimaryKeyRelatedField(queryset=Feature.objects.none(), required=False, allow_null=True)
    events = serializers.ListField(
        child=serializers.JSONField(), required=False, max_length=MOST_EVENTS, help_text="Event specs of questions."
    )
    version = serializers.IntegerField(min_value=1)

    def get_fields(self):
        """Let a feature be named that the user may see."""
        fields = super().get_fields()
        fields["feature"].queryset = Feature.objects.visible_to(self.context["request"].user)
        return fields


class ThemeAreaInput(ThemeAreaChange):
    """What the API takes to say what a theme is about."""

    theme = serializers.PrimaryKeyRelatedField(queryset=Theme.objects.none())
    version = None

    def get_fields(self):
        """Let a theme be named that the user may see."""
        fields = super().get_fields()
        themes = Theme.objects.visible_to(self.context["request"].user)
        fields["theme"].queryset = themes.select_related("product", "team")
        return fields


class ThemeAreaViewSet(ActionViewSet):
    """Which part of the product themes are about."""

    queryset = ThemeArea.objects.dressed()
    output_serializer_class = ThemeAreaOutput
    input_serializer_class = ThemeAreaInput
    change_serializer_class = ThemeAreaChange
    filterset_class = ThemeAreaFilter
    ordering_fields = ["updated_at"]
    revision_field = "version"
    lookup_value_regex = r"\d{1,18}"
    door = get_area

    def do_create(self, values):
        """Say what a theme is about."""
        return set_area(values.pop("theme"), actor=self.request.user, **values)

    def do_change(self, thing, values):
        """Say that it is about something else."""
        return set_area(thing.theme, actor=self.request.user, **values)

    def do_delete(self, thing):
        """Take it back."""
        clear_area(thing, actor=self.request.user)


def _theme(user, pk):
    """Return a theme of a product that the user may see."""
    theme = get_theme(user, pk)
    if not can_see(user, theme.product):
        raise NotFound()
    return theme


def _asked(request, name, known, start):
    """Return an option of the address, or say which there are."""
    value = request.GET.get(name, "") or start
    if value and value not in known:
        raise BadInput(fields={name: [f"Use one of: {', '.join(known)}."]})
    return value


class SayAndDoView(APIView):
    """Whether those who ask for a theme use that part of the product."""

    @extend_schema(
        operation_id="themes_say_and_do_retrieve",
        parameters=[OpenApiParameter("unit", str, enum=list(UNITS))],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request, pk: int) -> Response:
        """Return what the page of the theme says; `doing` is null where no area is named."""
        theme = _theme(request.user, pk)
        unit = _asked(request, "unit", UNITS, "person")
        doing = None
        if area := area_of(theme):
            doing = asdict(read_say_and_do(area, voices_of(theme), request.user, unit=unit, now=timezone.now()))
        return Response({"area": ThemeAreaOutput(area).data if area else None, "doing": doing})


class LoudestView(APIView):
    """How much of the demand for a theme comes from the five loudest accounts."""

    @extend_schema(operation_id="themes_loudest_retrieve", responses=OpenApiTypes.OBJECT)
    def get(self, request, pk: int) -> Response:
        """Return their share of the pieces; who they are, for the product's team and ops alone."""
        theme = _theme(request.user, pk)
        found, accounts, n_nameless = read_loudest(theme, voices_of(theme), request.user)
        named = [{"n_pieces": one.n_pieces, "account": one.account.id if one.account else None} for one in accounts]
        sums = {"n_pieces": found.n_pieces, "n_accounts": found.n_accounts, "n_nameless": n_nameless}
        return Response({"share": found.share, "share_of_accounts": found.share_of_accounts, **sums, "loudest": named})


class WeightedDemandView(APIView):
    """What all accounts would say to a theme, weighted by segment."""

    @extend_schema(
        operation_id="themes_weighted_demand_retrieve",
        parameters=[
            OpenApiParameter("by", str, enum=list(GROUPINGS), description="What segments are; else the best known."),
            OpenApiParameter("base", str, enum=list(BASES), description="Which accounts all are."),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request, pk: int) -> Response:
        """Return the segments and the estimate, null where fewer than five accounts speak."""
        theme = _theme(request.user, pk)
        by, base = _asked(request, "by", GROUPINGS, ""), _asked(request, "base", BASES, "all")
        found = read_weighted(theme, voices_of(theme), today=timezone.localdate(), by=by, base=base)
        return Response({**asdict(found), "unheard": [row.name for row in found.unheard]})


router = PortalRouter()
router.register("theme-areas", ThemeAreaViewSet, basename="theme-area")
urlpatterns = [
    path("themes/<int:pk>/say-and-do/", SayAndDoView.as_view(), name="theme-say-and-do"),
    path("themes/<int:pk>/loudest/", LoudestView.as_view(), name="theme-loudest"),
    path("themes/<int:pk>/weighted-demand/", WeightedDemandView.as_view(), name="theme-weighted-demand"),
    *router.urls,
]
