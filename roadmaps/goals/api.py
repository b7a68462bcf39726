"""The API of goals: cycles, objectives, visions and strategies; key results have a module of their own."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.people.api_fields import ProductField
from portal.people.public import Team, Visibility, can_see
from portal.shell.api import ActionViewSet, PortalRouter, ReadViewSet
from roadmaps.goals import actions
from roadmaps.goals.access import get_cycle, get_objective
from roadmaps.goals.filters import ObjectiveFilter
from roadmaps.goals.key_result_api import KeyResultViewSet
from roadmaps.goals.models import Cycle, Objective, Statement


class CycleOutput(serializers.ModelSerializer):
    """What the API says of a cycle."""

    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Cycle
        fields = ["id", "name", "starts_on", "ends_on", "version", "url", "created_at", "updated_at"]
        read_only_fields = fields


class CycleInput(serializers.Serializer):
    """What the API takes to add a cycle."""

    name = serializers.CharField(max_length=60)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class CycleChange(CycleInput):
    """A change names the version that it was made from."""

    version = serializers.IntegerField(min_value=1)


class CycleViewSet(ActionViewSet):
    """The stretches of time for which the company sets goals."""

    queryset = Cycle.objects.all()
    output_serializer_class = CycleOutput
    input_serializer_class = CycleInput
    change_serializer_class = CycleChange
    ordering_fields = ["starts_on", "name"]
    lookup_value_regex = r"\d{1,18}"
    revision_field = "version"
    door = get_cycle

    def do_create(self, values):
        """Add a cycle."""
        return actions.create_cycle(actor=self.request.user, **values)

    def do_change(self, thing, values):
        """Change a cycle."""
        return actions.update_cycle(thing, actor=self.request.user, **values)

    def do_delete(self, thing):
        """Delete a cycle that holds no objective."""
        actions.delete_cycle(thing, actor=self.request.user)


class ObjectiveOutput(serializers.ModelSerializer):
    """What the API says of an objective; `parent` is left out where the reader may not see it."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    parent = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Objective
        fields = [
            *("id", "title", "why", "cycle", "product", "team", "parent", "owner", "visibility", "state"),
            *("closing_note", "closed_at", "version", "url", "created_at", "updated_at"),
        ]
        read_only_fields = fields

    def get_parent(self, objective: Objective) -> int | None:
        """Return the objective that it serves, if the reader may see that."""
        parent = objective.parent
        return parent.pk if parent is not None and can_see(self.context["request"].user, parent) else None


class ObjectiveChange(serializers.Serializer):
    """A change names the version that it was made from."""

    title = serializers.CharField(max_length=200)
    why = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    cycle = serializers.PrimaryKeyRelatedField(queryset=Cycle.objects.all())
    parent = serializers.PrimaryKeyRelatedField(queryset=Objective.objects.none(), required=False, allow_null=True)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    version = serializers.IntegerField(min_value=1)

    def get_fields(self):
        """Let objectives be named that the user may see."""
        fields, user = super().get_fields(), self.context["request"].user
        fields["parent"].queryset = Objective.objects.visible_to(user).select_related("cycle")
        return fields


class ObjectiveInput(ObjectiveChange):
    """What the API takes to set an objective: of a product, or of a team for the whole company."""

    product = ProductField(required=False, allow_null=True)
    team = serializers.SlugRelatedField(
        slug_field="slug", queryset=Team.objects.none(), required=False, allow_null=True
    )
    version = None

    def get_fields(self):
        """Let teams be named that the user may see."""
        fields = super().get_fields()
        fields["team"].queryset = Team.objects.visible_to(self.context["request"].user)
        return fields


class ClosingInput(serializers.Serializer):
    """What came of an objective."""

    note = serializers.CharField(max_length=10_000)
    is_dropped = serializers.BooleanField(default=False)


class ObjectiveViewSet(ActionViewSet):
    """What teams want to be true at the end of a cycle."""

    queryset = Objective.objects.of_rows()
    output_serializer_class = ObjectiveOutput
    input_serializer_class = ObjectiveInput
    change_serializer_class = ObjectiveChange
    filterset_class = ObjectiveFilter
    ordering_fields = ["title", "created_at", "updated_at"]
    lookup_value_regex = r"\d{1,18}"
    revision_field = "version"
    door = get_objective

    def do_create(self, values):
        """Set an objective."""
        return actions.create_objective(actor=self.request.user, **values)

    def do_change(self, thing, values):
        """Change an objective."""
        return actions.update_objective(thing, actor=self.request.user, **values)

    def do_delete(self, thing):
        """Delete an objective on which nothing hangs."""
        actions.delete_objective(thing, actor=self.request.user)

    @extend_schema(operation_id="objectives_close", request=ClosingInput, responses=ObjectiveOutput)
    @action(detail=True, methods=["post"])
    def close(self, request, pk: str) -> Response:
        """Close it with what came of it; `reopen` takes it back."""
        objective = self.get_thing(write=True)
        actions.close_objective(objective, actor=request.user, **self.get_input(ClosingInput))
        return self.answer(self.get_thing())

    @extend_schema(operation_id="objectives_reopen", request=None, responses=ObjectiveOutput)
    @action(detail=True, methods=["post"])
    def reopen(self, request, pk: str) -> Response:
        """Open it again."""
        actions.reopen_objective(self.get_thing(write=True), actor=request.user)
        return self.answer(self.get_thing())


class StatementOutput(serializers.ModelSerializer):
    """What the API says of a vision or a strategy: its newest version."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    text = serializers.CharField(source="current.text", read_only=True)
    number = serializers.IntegerField(source="current.number", read_only=True)
    note = serializers.CharField(source="current.note", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Statement
        fields = ["id", "product", "kind", "number", "text", "note", "owner", "visibility", "url", "updated_at"]
        read_only_fields = fields


class StatementInput(serializers.Serializer):
    """The next version of a vision or a strategy; `seen` is the number of the one that it was made from, 0 for none."""

    product = ProductField()
    kind = serializers.ChoiceField(choices=Statement.Kind.choices)
    text = serializers.CharField(max_length=actions.LONGEST_TEXT)
    note = serializers.CharField(required=False, allow_blank=True, max_length=300)
    visibility = serializers.ChoiceField(choices=Visibility.choices, default=Visibility.COMPANY)
    seen = serializers.IntegerField(min_value=0, default=0)


class StatementViewSet(ReadViewSet):
    """Visions and strategies of products."""

    queryset = Statement.objects.select_related("product", "current")
    output_serializer_class = StatementOutput
    input_serializer_class = StatementInput
    filterset_fields = ["kind", "product__slug"]
    ordering_fields = ["updated_at"]
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(request=StatementInput, responses={201: StatementOutput})
    def create(self, request, *args, **kwargs) -> Response:
        """Write the next version."""
        values = self.get_input()
        before = (
            Statement.objects.filter(product=values["product"], kind=values["kind"]).select_related("owner").first()
        )
        owner = before.owner if before else None
        written = actions.write_statement(
            values.pop("product"), values.pop("kind"), actor=request.user, owner=owner, **values
        )
        return self.answer(written, status.HTTP_201_CREATED)


router = PortalRouter()
router.register("cycles", CycleViewSet, basename="cycle")
router.register("objectives", ObjectiveViewSet, basename="objective")
router.register("key-results", KeyResultViewSet, basename="key-result")
router.register("statements", StatementViewSet, basename="statement")
urlpatterns = router.urls
