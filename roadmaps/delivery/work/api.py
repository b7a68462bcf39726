"""The API of work: trackers, their statuses and rules, items with their history, and how a product's work flows."""

from dataclasses import asdict
from typing import Any

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.people.api_fields import ProductField, with_owner
from portal.people.public import Visibility, can_see, get_product
from portal.shell.api import ActionViewSet, CreateByAction, DeleteByAction, PortalRouter, ReadViewSet
from portal.shell.public import BadInput
from roadmaps.delivery.work import actions
from roadmaps.delivery.work.access import get_item, get_rule, get_tracker
from roadmaps.delivery.work.connection_api import ConnectionView
from roadmaps.delivery.work.filters import ItemFilter, StatusFilter, TrackerFilter
from roadmaps.delivery.work.models import Phase, PlacingRule, StatusChange, Tracker, TrackerStatus, WorkItem
from roadmaps.delivery.work.queries import items_of_product, local_today, read_flow
from roadmaps.planning.initiatives.public import Initiative

_MOST_WEEKS = 260


class TrackerOutput(serializers.ModelSerializer):
    """What the API says of a tracker."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Tracker
        fields = [
            *("id", "name", "product", "team", "kind", "counts_from_opening", "owner", "visibility", "version", "url"),
            *("created_at", "updated_at"),
        ]
        read_only_fields = fields


class TrackerChange(serializers.Serializer):
    """A change names the version that it was made from."""

    name = serializers.CharField(max_length=100)
    kind = serializers.ChoiceField(choices=Tracker.Kind.choices, required=False)
    counts_from_opening = serializers.BooleanField(required=False)
    owner = serializers.IntegerField(required=False, allow_null=True)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    version = serializers.IntegerField(min_value=1)


class TrackerInput(TrackerChange):
    """What the API takes to make a tracker."""

    product = ProductField()
    version = None


class Meanings(serializers.Serializer):
    """What statuses mean, by their names as sent; an empty meaning says that nobody knows."""

    statuses = serializers.DictField(child=serializers.ChoiceField(choices=[("", "Not said"), *Phase.choices]))


class TrackerViewSet(ActionViewSet):
    """Where items of work come from."""

    queryset = Tracker.objects.of_rows()
    output_serializer_class = TrackerOutput
    input_serializer_class = TrackerInput
    change_serializer_class = TrackerChange
    filterset_class = TrackerFilter
    ordering_fields = ["name", "created_at"]
    lookup_value_regex = r"\d{1,18}"
    revision_field = "version"
    door = get_tracker

    def do_create(self, values):
        """Make a tracker."""
        return actions.create_tracker(actor=self.request.user, **with_owner(values, values["product"].team_id))

    def do_change(self, thing, values):
        """Change a tracker."""
        return actions.update_tracker(thing, actor=self.request.user, **with_owner(values, thing.team_id))

    def do_delete(self, thing):
        """Delete a tracker with all of its items."""
        actions.delete_tracker(thing, actor=self.request.user)

    @extend_schema(operation_id="trackers_map", request=Meanings, responses=TrackerOutput)
    @action(detail=True, methods=["post"], url_path="statuses")
    def map_statuses(self, request, pk: str) -> Response:
        """Say what statuses mean; a worker works the items out anew."""
        tracker = self.get_thing(write=True)
        actions.map_statuses(tracker, self.get_input(Meanings)["statuses"], actor=request.user)
        return self.answer(self.get_thing())


class TrackerStatusOutput(serializers.ModelSerializer):
    """What the API says of a status."""

    class Meta:
        model = TrackerStatus
        fields = ["id", "tracker", "name", "category", "phase", "is_guessed"]
        read_only_fields = fields


class TrackerStatusViewSet(ReadViewSet):
    """Statuses as trackers send them, and what they mean."""

    queryset = TrackerStatus.objects.all()
    output_serializer_class = TrackerStatusOutput
    filterset_class = StatusFilter
    ordering_fields = ["name"]
    lookup_value_regex = r"\d{1,18}"


class PlacingRuleOutput(serializers.ModelSerializer):
    """What the API says of a rule."""

    initiative = serializers.SerializerMethodField()

    class Meta:
        model = PlacingRule
        fields = ["id", "tracker", "field", "value", "initiative", "created_at"]
        read_only_fields = fields

    def get_initiative(self, rule: PlacingRule) -> int | None:
        """Return the initiative, if the reader may see it."""
        return seen_initiative(self.context["request"].user, rule.initiative)


def seen_initiative(user: Any, initiative: Initiative | None) -> int | None:
    """Return an initiative's number, None where the reader may not see it."""
    return initiative.pk if initiative is not None and can_see(user, initiative) else None


class PlacingRuleInput(serializers.Serializer):
    """What the API takes to make a rule."""

    tracker = serializers.IntegerField(min_value=1)
    field = serializers.ChoiceField(choices=PlacingRule.Field.choices)
    value = serializers.CharField(max_length=200)
    initiative = serializers.PrimaryKeyRelatedField(queryset=Initiative.objects.none())

    def get_fields(self):
        """Let initiatives be named that the user may see."""
        fields = super().get_fields()
        fields["initiative"].queryset = Initiative.objects.visible_to(self.context["request"].user)
        return fields


class PlacingRuleViewSet(CreateByAction, DeleteByAction, ReadViewSet):
    """Which items belong to which initiative."""

    queryset = PlacingRule.objects.select_related("initiative", "tracker")
    output_serializer_class = PlacingRuleOutput
    input_serializer_class = PlacingRuleInput
    filterset_fields = ["tracker"]
    ordering_fields = ["created_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_rule

    def do_create(self, values):
        """Make a rule."""
        tracker = get_tracker(self.request.user, values.pop("tracker"), write=True)
        return actions.add_rule(tracker, actor=self.request.user, **values)

    def do_delete(self, thing):
        """Take a rule away."""
        actions.remove_rule(thing, actor=self.request.user)


class WorkItemOutput(serializers.ModelSerializer):
    """What the API says of an item."""

    product = serializers.CharField(source="tracker.product.slug", read_only=True)
    initiative = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", read_only=True)
    tracker_url = serializers.CharField(source="link", read_only=True)

    class Meta:
        model = WorkItem
        fields = [
            *("id", "tracker", "product", "key", "title", "kind", "status", "phase", "estimate", "parent_key"),
            *("project", "milestone", "labels", "opened_at", "changed_at", "started_at", "finished_at", "dropped_at"),
            *("is_backwards", "initiative", "placed_by", "version", "url", "tracker_url"),
        ]
        read_only_fields = fields

    def get_initiative(self, item: WorkItem) -> int | None:
        """Return the initiative that it belongs to, if the reader may see it."""
        return seen_initiative(self.context["request"].user, item.initiative)


class StatusChangeOutput(serializers.ModelSerializer):
    """A change of an item's status."""

    class Meta:
        model = StatusChange
        fields = ["at", "from_status", "to_status", "was_seen"]
        read_only_fields = fields


class PlaceItemInput(serializers.Serializer):
    """Where items belong: an initiative, or null for what the rules say."""

    items = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=500)
    initiative = serializers.PrimaryKeyRelatedField(queryset=Initiative.objects.none(), allow_null=True)

    def get_fields(self):
        """Let initiatives be named that the user may see."""
        fields = super().get_fields()
        fields["initiative"].queryset = Initiative.objects.visible_to(self.context["request"].user)
        return fields


class WorkItemViewSet(ReadViewSet):
    """Items of work, as trackers tell of them."""

    queryset = WorkItem.objects.of_rows()
    output_serializer_class = WorkItemOutput
    filterset_class = ItemFilter
    ordering_fields = ["changed_at", "started_at", "finished_at", "key"]
    lookup_value_regex = r"\d{1,18}"
    door = get_item

    @extend_schema(responses=StatusChangeOutput(many=True))
    @action(detail=True, methods=["get"], filterset_class=None, pagination_class=None)
    def changes(self, request, pk: str) -> Response:
        """Return the history of an item's status, the oldest change first."""
        return Response(StatusChangeOutput(self.get_thing().changes.all(), many=True).data)

    @extend_schema(operation_id="work_items_place", request=PlaceItemInput, responses={204: None})
    @action(detail=False, methods=["post"])
    def place(self, request) -> Response:
        """Put items into an initiative by hand, or give them back to the rules: all of them or none."""
        values = self.get_input(PlaceItemInput)
        wanted = set(values["items"])
        items = list(WorkItem.objects.visible_to(request.user).of_rows().filter(pk__in=wanted))
        if len(items) != len(wanted):
            missing = min(wanted - {item.pk for item in items})
            raise BadInput(fields={"items": [f"There is no item {missing}."]})
        actions.place_items(items, values["initiative"], actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class FlowOutput(serializers.Serializer):
    """How work flows: whole weeks, cycle times in days, what is in work and what is larger than usual."""

    weeks = serializers.ListField(child=serializers.DictField(), help_text="starts_on and n_done, the oldest first.")
    per_week = serializers.FloatField(allow_null=True)
    cycle_times = serializers.DictField(help_text="n, p50, p85, p95 by nearest rank, in days.")
    n_without_start = serializers.IntegerField(help_text="Finished, and nothing says when work began; left out above.")
    n_backwards = serializers.IntegerField(help_text="Finished before they began, as the tracker tells it.")
    n_in_work = serializers.IntegerField()
    n_old = serializers.IntegerField(help_text="In work for longer than 85 % of the finished items took.")
    n_left = serializers.IntegerField()
    size_limit = serializers.FloatField(allow_null=True, help_text="85 % of the finished items were not larger.")
    n_large = serializers.IntegerField()
    n_unmapped = serializers.IntegerField(help_text="Items of a status of which nobody has said what it means.")


class FlowView(APIView):
    """How a product's work flows."""

    @extend_schema(
        operation_id="flow",
        tags=["work-items"],
        parameters=[
            OpenApiParameter("product", OpenApiTypes.STR, required=True, description="Slug of a product."),
            OpenApiParameter("tracker", OpenApiTypes.INT),
            OpenApiParameter("kind", OpenApiTypes.STR, description="Type of the items."),
            OpenApiParameter("weeks", OpenApiTypes.INT, description="Whole weeks to look back; 26."),
        ],
        responses=FlowOutput,
    )
    def get(self, request) -> Response:
        """Return throughput, cycle times, work in progress and right-sizing."""
        asked = request.query_params
        items = items_of_product(request.user, get_product(request.user, asked.get("product", "")))
        if text := asked.get("tracker"):
            if not text.isdecimal() or len(text) > 18:
                raise BadInput(fields={"tracker": ["Name a tracker by its number."]})
            items = items.filter(tracker=get_tracker(request.user, int(text)))
        if kind := asked.get("kind"):
            items = items.filter(kind=kind)
        weeks = asked.get("weeks", "26")
        if not weeks.isdecimal() or not 1 <= int(weeks[:6]) <= _MOST_WEEKS:
            raise BadInput(fields={"weeks": [f"Look back 1 to {_MOST_WEEKS} weeks."]})
        flow = read_flow(items, today=local_today(), n_weeks=int(weeks))
        names = (
            "n_without_start",
            "n_backwards",
            "n_in_work",
            "n_old",
            "n_left",
            "size_limit",
            "n_large",
            "n_unmapped",
        )
        found = {name: getattr(flow, name) for name in names}
        drawn = {"weeks": [asdict(week) for week in flow.weeks], "cycle_times": asdict(flow.times)}
        return Response({**drawn, "per_week": flow.per_week, **found})


router = PortalRouter()
router.register("trackers", TrackerViewSet, basename="tracker")
router.register("tracker-statuses", TrackerStatusViewSet, basename="tracker-status")
router.register("placing-rules", PlacingRuleViewSet, basename="placing-rule")
router.register("work-items", WorkItemViewSet, basename="work-item")
urlpatterns = [
    path("flow/", FlowView.as_view(), name="flow"),
    path("trackers/<int:pk>/connection/", ConnectionView.as_view(), name="tracker-connection"),
    *router.urls,
]
