"""Alignment pulses in the API: the actions and the door of the pages. Answers have no resource: they are nobody's."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.people.api_fields import ProductField, with_owner
from portal.people.public import Visibility
from portal.shell.api import ActionViewSet, PortalRouter
from portal.shell.public import Conflict
from roadmaps.goals.public import Objective
from roadmaps.pulses import actions, asking
from roadmaps.pulses.access import get_pulse
from roadmaps.pulses.filters import PulseFilter
from roadmaps.pulses.models import Pulse, PulseFunction, PulseGoal


class PulseGoalOutput(serializers.ModelSerializer):
    """A goal that is ranked, in the words in which it is asked about."""

    class Meta:
        model = PulseGoal
        fields = ["place", "title"]
        read_only_fields = fields


class PulseFunctionOutput(serializers.ModelSerializer):
    """How many of a function were asked, and how many of them answered."""

    class Meta:
        model = PulseFunction
        fields = ["name", "n_asked", "n_answered"]
        read_only_fields = fields


class PulseOutput(serializers.ModelSerializer):
    """What the API says of a pulse."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    goals = PulseGoalOutput(many=True, read_only=True)
    functions = PulseFunctionOutput(many=True, read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Pulse
        fields = ["id", "product", "team", "name", "sender", "goals", "functions", "closes_on", "state", "opened_at"]
        fields += ["closed_at", "reminded_at", "visibility", "owner", "version", "url", "created_at", "updated_at"]
        read_only_fields = fields


class PulseChange(serializers.Serializer):
    """A change names the version that it was made from."""

    name = serializers.CharField(max_length=120)
    goals = serializers.PrimaryKeyRelatedField(
        queryset=Objective.objects.none(), many=True, help_text="Objectives to be ranked, 2 to 7."
    )
    closes_on = serializers.DateField()
    sender = serializers.CharField(max_length=120, required=False, allow_blank=True)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    owner = serializers.IntegerField(required=False, allow_null=True, help_text="Somebody of the product's team.")
    version = serializers.IntegerField(min_value=1)

    def get_fields(self):
        """Let objectives be named that the user may see."""
        fields, user = super().get_fields(), self.context["request"].user
        fields["goals"].child_relation.queryset = Objective.objects.visible_to(user)
        return fields


class PulseInput(PulseChange):
    """What the API takes to make a draft."""

    product = ProductField()
    version = None


class AskFunctionInput(serializers.Serializer):
    """People of a function."""

    name = serializers.CharField(max_length=60)
    addresses = serializers.ListField(child=serializers.EmailField(max_length=254), max_length=actions.MOST_PEOPLE)


class PulseViewSet(ActionViewSet):
    """What the functions around a product think of its goals, without names."""

    queryset = Pulse.objects.dressed().prefetch_related("goals", "functions")
    output_serializer_class = PulseOutput
    input_serializer_class = PulseInput
    change_serializer_class = PulseChange
    filterset_class = PulseFilter
    ordering_fields = ["created_at", "closes_on", "name"]
    lookup_value_regex = r"\d{1,18}"
    revision_field = "version"
    door = get_pulse

    def do_create(self, values):
        """Make a draft."""
        product = values.pop("product")
        return actions.create_pulse(product, actor=self.request.user, **with_owner(values, product.team_id))

    def do_change(self, thing, values):
        """Change it."""
        return actions.update_pulse(thing, actor=self.request.user, **with_owner(values, thing.team_id))

    def do_delete(self, thing):
        """Delete a draft."""
        actions.delete_pulse(thing, actor=self.request.user)

    @extend_schema(operation_id="pulses_ask", request=AskFunctionInput, responses=PulseOutput)
    @action(detail=True, methods=["post"])
    def ask(self, request, pk: str) -> Response:
        """Put people of a function on the list; in an open pulse they are asked at once."""
        actions.ask_function(self.get_thing(write=True), actor=request.user, **self.get_input(AskFunctionInput))
        return self.answer(self.get_thing())

    @extend_schema(operation_id="pulses_open", request=None, responses=PulseOutput)
    @action(detail=True, methods=["post"], url_path="open", url_name="open")
    def open_it(self, request, pk: str) -> Response:
        """Ask everybody on the list."""
        return self.answer(actions.open_pulse(self.get_thing(write=True), actor=request.user))

    @extend_schema(operation_id="pulses_close", request=None, responses=PulseOutput)
    @action(detail=True, methods=["post"])
    def close(self, request, pk: str) -> Response:
        """Take no more answers, for good, and work the numbers out."""
        return self.answer(actions.close_pulse(self.get_thing(write=True), actor=request.user))

    @extend_schema(operation_id="pulses_remind", request=None, responses=PulseOutput)
    @action(detail=True, methods=["post"])
    def remind(self, request, pk: str) -> Response:
        """Remind everybody, once."""
        asking.remind(self.get_thing(write=True), actor=request.user)
        return self.answer(self.get_thing())

    @extend_schema(operation_id="pulses_results", responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def results(self, request, pk: str) -> Response:
        """Return the numbers of a closed pulse: agreement, ratings, and where functions are apart."""
        pulse = self.get_thing()
        if pulse.state != Pulse.State.CLOSED:
            raise Conflict("Its numbers are worked out once it is closed.")
        return Response(pulse.results)


router = PortalRouter()
router.register("pulses", PulseViewSet, basename="pulse")
urlpatterns = router.urls
