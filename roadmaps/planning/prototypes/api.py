"""Prototypes and their tests in the API: the actions and the doors of the pages."""

from dataclasses import asdict

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.contacts.public import LONGEST_ID
from portal.people.api_fields import ProductField, with_owner
from portal.people.public import Visibility, can_see
from portal.shell.api import ActionViewSet, PortalRouter, TellsUses
from portal.shell.public import BadInput
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.opportunities.public import Opportunity
from roadmaps.planning.prototypes import actions
from roadmaps.planning.prototypes.access import get_prototype, get_test
from roadmaps.planning.prototypes.filters import PrototypeFilter, PrototypeTestFilter
from roadmaps.planning.prototypes.models import Prototype, PrototypeTest, TaskOutcome
from roadmaps.planning.prototypes.reading import read_results
from roadmaps.planning.prototypes.testing import add_test, delete_test, update_test


class PrototypeOutput(serializers.ModelSerializer):
    """What the API says of a prototype; initiative and opportunity are left out where the reader may not see them."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    initiative = serializers.SerializerMethodField()
    opportunity = serializers.SerializerMethodField()
    tasks = serializers.SerializerMethodField()
    href = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Prototype
        fields = ["id", "product", "team", "title", "hypothesis", "fidelity", "url", "file_name", "initiative"]
        fields += ["opportunity", "tasks", "decision", "decided_why", "decided_at", "visibility", "owner", "version"]
        fields += ["href", "created_at", "updated_at"]
        read_only_fields = fields

    def _seen(self, thing) -> int | None:
        return thing.pk if thing is not None and can_see(self.context["request"].user, thing) else None

    def get_initiative(self, prototype: Prototype) -> int | None:
        """Return the initiative that it is for."""
        return self._seen(prototype.initiative)

    def get_opportunity(self, prototype: Prototype) -> int | None:
        """Return the opportunity that it is about."""
        return self._seen(prototype.opportunity)

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_tasks(self, prototype: Prototype) -> list[dict]:
        """Return what people are asked to do with it."""
        return [{"id": task.pk, "text": task.text} for task in prototype.tasks.all()]


class PrototypeChange(serializers.Serializer):
    """A change names the version that it was made from."""

    title = serializers.CharField(max_length=200)
    hypothesis = serializers.CharField(max_length=10_000)
    fidelity = serializers.ChoiceField(choices=Prototype.Fidelity.choices)
    url = serializers.URLField(max_length=1000, required=False, allow_blank=True)
    tasks = serializers.ListField(child=serializers.CharField(max_length=300), max_length=20, required=False)
    initiative = serializers.PrimaryKeyRelatedField(queryset=Initiative.objects.none(), required=False, allow_null=True)
    opportunity = serializers.PrimaryKeyRelatedField(
        queryset=Opportunity.objects.none(), required=False, allow_null=True
    )
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    owner = serializers.IntegerField(required=False, allow_null=True, help_text="Somebody of the product's team.")
    version = serializers.IntegerField(min_value=1)

    def get_fields(self):
        """Let initiatives and opportunities be named that the user may see."""
        fields, user = super().get_fields(), self.context["request"].user
        fields["initiative"].queryset = Initiative.objects.visible_to(user)
        fields["opportunity"].queryset = Opportunity.objects.visible_to(user)
        return fields


class PrototypeInput(PrototypeChange):
    """What the API takes to make a prototype."""

    product = ProductField()
    version = None


class PrototypeDecisionInput(serializers.Serializer):
    """What becomes of a prototype."""

    decision = serializers.ChoiceField(choices=Prototype.Decision.choices)
    why = serializers.CharField(max_length=4_000)
    version = serializers.IntegerField(min_value=1)


class PrototypeViewSet(TellsUses, ActionViewSet):
    """What was tried before it was built."""

    queryset = Prototype.objects.of_rows().prefetch_related("tasks")
    output_serializer_class = PrototypeOutput
    input_serializer_class = PrototypeInput
    change_serializer_class = PrototypeChange
    filterset_class = PrototypeFilter
    ordering_fields = ["created_at", "updated_at", "title"]
    lookup_value_regex = r"\d{1,18}"
    revision_field = "version"
    door = get_prototype

    def do_create(self, values):
        """Make one."""
        product = values.pop("product")
        return actions.create_prototype(product, actor=self.request.user, **with_owner(values, product.team_id))

    def do_change(self, thing, values):
        """Change it."""
        return actions.update_prototype(thing, actor=self.request.user, **with_owner(values, thing.team_id))

    def do_delete(self, thing):
        """Delete one that nobody tried."""
        actions.delete_prototype(thing, actor=self.request.user)

    @extend_schema(operation_id="prototypes_decide", request=PrototypeDecisionInput, responses=PrototypeOutput)
    @action(detail=True, methods=["post"])
    def decide(self, request, pk: str) -> Response:
        """Say what becomes of it, and why."""
        values = self.get_input(PrototypeDecisionInput)
        return self.answer(actions.decide(self.get_thing(write=True), actor=request.user, **values))

    @extend_schema(operation_id="prototypes_results", responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def results(self, request, pk: str) -> Response:
        """Return the success rate of each task and SUS, each with its 95 % interval."""
        found = read_results(self.get_thing())
        tasks = [
            {"task": one.task.pk, "text": one.task.text, "n": one.n, "done": one.n_done, "helped": one.n_helped}
            | {"failed": one.n_failed, "success": one.rate}
            for one in found.tasks
        ]
        return Response({"tests": found.n_tests, "tasks": tasks, "sus": asdict(found.sus)})


class PrototypeTestOutput(serializers.ModelSerializer):
    """What the API says of a test."""

    person = serializers.CharField(source="person.distinct_id", default=None)
    outcomes = serializers.SerializerMethodField()

    class Meta:
        model = PrototypeTest
        fields = ["id", "prototype", "person", "held_on", "outcomes", "sus", "notes", "version", "created_at"]
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_outcomes(self, test: PrototypeTest) -> dict[str, str]:
        """Return how each task went, by its number."""
        return {str(one.task_id): one.outcome for one in test.outcomes.all()}


class PrototypeTestChange(serializers.Serializer):
    """All that is noted of a test, as its form has it; a change names the version that it was made from."""

    person = serializers.CharField(max_length=LONGEST_ID, required=False, allow_blank=True)
    held_on = serializers.DateField()
    outcomes = serializers.DictField(
        child=serializers.ChoiceField(choices=TaskOutcome.Outcome.choices), help_text="By the task's number."
    )
    sus = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=5), max_length=10, required=False)
    notes = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1)

    def validate_outcomes(self, value):
        """Return the outcomes by number."""
        if wrong := [key for key in value if not (key.isascii() and key.isdecimal() and len(key) < 19)]:
            raise serializers.ValidationError(f"“{wrong[0][:40]}” is no task's number.")
        return {int(key): outcome for key, outcome in value.items()}


class PrototypeTestInput(PrototypeTestChange):
    """What the API takes to note a test."""

    prototype = serializers.IntegerField(min_value=1)
    version = None


class PrototypeTestViewSet(ActionViewSet):
    """Who did what with a prototype; for its team and ops."""

    queryset = PrototypeTest.objects.select_related("person", "prototype").prefetch_related("outcomes")
    output_serializer_class = PrototypeTestOutput
    input_serializer_class = PrototypeTestInput
    change_serializer_class = PrototypeTestChange
    filterset_class = PrototypeTestFilter
    ordering_fields = ["held_on", "created_at"]
    lookup_value_regex = r"\d{1,18}"
    revision_field = "version"
    door = get_test

    def do_create(self, values):
        """Note one."""
        prototype = get_prototype(self.request.user, values.pop("prototype"), write=True)
        return add_test(prototype, actor=self.request.user, **values)

    def do_change(self, thing, values):
        """Change what was noted: all of it."""
        if missing := [name for name in ("held_on", "outcomes") if name not in values]:
            raise BadInput(fields={name: ["A change says all that was noted."] for name in missing})
        return update_test(thing, actor=self.request.user, **values)

    def do_delete(self, thing):
        """Delete one."""
        delete_test(thing, actor=self.request.user)


router = PortalRouter()
router.register("prototypes", PrototypeViewSet, basename="prototype")
router.register("prototype-tests", PrototypeTestViewSet, basename="prototype-test")
urlpatterns = router.urls
