"""The API of key results: where they stand and are going, their check-ins and typed values."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.metrics.public import Metric
from portal.shell.api import ActionViewSet
from roadmaps.goals import actions
from roadmaps.goals.access import get_key_result
from roadmaps.goals.filters import KeyResultFilter
from roadmaps.goals.models import CheckIn, KeyResult, Objective, TypedValue
from roadmaps.goals.reading import standings


class OutlookOutput(serializers.Serializer):
    """A forecast for the end of the cycle with its 80 % interval; `why_none` says why there is none."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    chance = serializers.FloatField(allow_null=True)
    n_points = serializers.IntegerField()
    n_ahead = serializers.IntegerField()
    why_none = serializers.CharField()


class KeyResultOutput(serializers.ModelSerializer):
    """What the API says of a key result; numbers of a metric that is not shared with the reader are null."""

    value = serializers.FloatField(source="standing.value", allow_null=True, read_only=True)
    value_on = serializers.DateField(source="standing.on", allow_null=True, read_only=True)
    progress = serializers.FloatField(source="standing.progress", allow_null=True, read_only=True)
    is_reached = serializers.BooleanField(source="standing.is_reached", read_only=True)
    is_hidden = serializers.BooleanField(source="standing.is_hidden", read_only=True)
    outlook = OutlookOutput(read_only=True, allow_null=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = KeyResult
        fields = [
            *("id", "objective", "title", "owner", "metric", "unit", "aim", "baseline", "target", "position"),
            *("value", "value_on", "progress", "is_reached", "is_hidden", "outlook", "outlook_at", "final_value"),
            *("version", "url", "created_at", "updated_at"),
        ]
        read_only_fields = fields

    def to_representation(self, instance: KeyResult) -> dict[str, Any]:
        """Leave the numbers out that are not for the reader."""
        said = super().to_representation(instance)
        if instance.standing.is_hidden:
            said |= dict.fromkeys(("metric", "baseline", "target", "outlook", "outlook_at", "final_value"))
        return {**said, "outlook": said["outlook"] or None}


class KeyResultChange(serializers.Serializer):
    """A change names the version that it was made from. Rates are 0 to 1."""

    title = serializers.CharField(max_length=200)
    metric = serializers.PrimaryKeyRelatedField(queryset=Metric.objects.none(), required=False, allow_null=True)
    unit = serializers.CharField(required=False, allow_blank=True, max_length=40)
    aim = serializers.ChoiceField(choices=KeyResult.Aim.choices, required=False)
    baseline = serializers.FloatField(required=False, allow_null=True)
    target = serializers.FloatField()
    version = serializers.IntegerField(min_value=1)

    def get_fields(self):
        """Let metrics be named that the user may see."""
        fields, user = super().get_fields(), self.context["request"].user
        metrics = Metric.objects.visible_to(user).live()
        fields["metric"].queryset = metrics.select_related("current__series", "product")
        return fields


class KeyResultInput(KeyResultChange):
    """What the API takes to add a key result to an objective."""

    objective = serializers.PrimaryKeyRelatedField(queryset=Objective.objects.none())
    version = None

    def get_fields(self):
        """Let objectives be named that the user may see."""
        fields = super().get_fields()
        fields["objective"].queryset = Objective.objects.visible_to(self.context["request"].user).of_rows()
        return fields


class CheckInOutput(serializers.ModelSerializer):
    """What was said of a key result on a day."""

    class Meta:
        model = CheckIn
        fields = ["id", "why", "confidence", "value", "value_on", "chance", "by", "created_at"]
        read_only_fields = fields


class CheckInInput(serializers.Serializer):
    """Why it stands where it stands, and how sure one is of the target, 1 to 5."""

    why = serializers.CharField(max_length=4_000)
    confidence = serializers.ChoiceField(choices=CheckIn.Confidence.choices)


class TypedValueOutput(serializers.ModelSerializer):
    """A value that somebody typed."""

    class Meta:
        model = TypedValue
        fields = ["id", "on", "value", "reason", "typed_by", "created_at"]
        read_only_fields = fields


class TypedValueInput(serializers.Serializer):
    """A value, the day that it is of, and where it comes from."""

    value = serializers.FloatField()
    on = serializers.DateField(required=False)
    reason = serializers.CharField(max_length=500)


class KeyResultViewSet(ActionViewSet):
    """The numbers that say whether an objective is reached."""

    queryset = KeyResult.objects.of_rows()
    output_serializer_class = KeyResultOutput
    input_serializer_class = KeyResultInput
    change_serializer_class = KeyResultChange
    filterset_class = KeyResultFilter
    ordering_fields = ["created_at", "updated_at", "position"]
    lookup_value_regex = r"\d{1,18}"
    revision_field = "version"
    door = get_key_result

    def get_serializer(self, *args, **kwargs):
        """Give what is read its standing: one read for all of a page."""
        if args and kwargs.get("data") is None:
            rows = args[0] if kwargs.get("many") else [args[0]]
            for key_result, standing in standings(rows, self.request.user):
                key_result.standing = standing
        return super().get_serializer(*args, **kwargs)

    def do_create(self, values):
        """Add a key result."""
        added = actions.add_key_result(values.pop("objective"), actor=self.request.user, **values)
        return get_key_result(self.request.user, added.pk)

    def do_change(self, thing, values):
        """Change a key result."""
        actions.update_key_result(thing, actor=self.request.user, **values)
        return self.get_thing()

    def do_delete(self, thing):
        """Delete a key result of which nobody said anything yet."""
        actions.delete_key_result(thing, actor=self.request.user)

    @extend_schema(operation_id="key_results_check_ins", responses=CheckInOutput(many=True))
    @action(detail=True, methods=["get"], url_path="check-ins")
    def check_ins(self, request, pk: str) -> Response:
        """Return what was said of it, newest first; numbers that are not for the reader are null."""
        key_result = self.get_thing()
        rows = list(key_result.check_ins.all()[:500])
        ((_, standing),) = standings([key_result], request.user)
        for one in rows if standing.is_hidden else []:
            one.value = one.chance = None
        return Response(CheckInOutput(rows, many=True).data)

    @extend_schema(operation_id="key_results_check_in", request=CheckInInput, responses={201: CheckInOutput})
    @action(detail=True, methods=["post"], url_path="check-in")
    def check_in(self, request, pk: str) -> Response:
        """Say why it stands where it stands, and how sure one is."""
        key_result = self.get_thing(write=True)
        said = actions.check_in(key_result, actor=request.user, **self.get_input(CheckInInput))
        return Response(CheckInOutput(said).data, status=status.HTTP_201_CREATED)

    @extend_schema(operation_id="key_results_type_value", request=TypedValueInput, responses={201: TypedValueOutput})
    @action(detail=True, methods=["post"], url_path="values")
    def type_value(self, request, pk: str) -> Response:
        """Type a value of one that no metric measures."""
        key_result, values = self.get_thing(write=True), self.get_input(TypedValueInput)
        typed = actions.type_value(key_result, actor=request.user, **{"on": timezone.localdate(), **values})
        return Response(TypedValueOutput(typed).data, status=status.HTTP_201_CREATED)
