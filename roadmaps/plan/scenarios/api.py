"""Scenarios in the API: listed, compared, their changes, committed; over the pages' own actions."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.people.public import Product, Team
from portal.shell.api import ChangeByAction, CreateByAction, PortalRouter, ReadViewSet
from portal.shell.public import BadInput
from roadmaps.goals.public import Objective
from roadmaps.plan.board.page import parse
from roadmaps.plan.scenarios import actions
from roadmaps.plan.scenarios.access import get_item, get_rival, get_scenario
from roadmaps.plan.scenarios.committing import LONGEST_WHY, commit_scenario, read_diff
from roadmaps.plan.scenarios.contracts import MOST_STRETCHES, Plan, Slot
from roadmaps.plan.scenarios.filters import ScenarioFilter
from roadmaps.plan.scenarios.forms import SPANS, models_that_count
from roadmaps.plan.scenarios.models import Scenario, ScenarioStretch, Sharing
from roadmaps.plan.scenarios.reading import read_comparison
from roadmaps.plan.scenarios.showing import goals_named, show_outcome
from roadmaps.plan.scenarios.trying import FIELDS, read_tried
from roadmaps.planning.initiatives.public import Horizon, Stage
from roadmaps.planning.scoring.public import ScoringModel


class ScenarioOutput(serializers.ModelSerializer):
    """What the API says of a scenario."""

    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    model = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Scenario
        fields = [
            *("id", "name", "note", "team", "product", "owner", "sharing", "model", "asked", "state"),
            *("closed_at", "closed_by", "closed_why", "version", "url", "created_at", "updated_at"),
        ]
        read_only_fields = fields


class ScenarioInput(serializers.Serializer):
    """A scenario to make: of a product or of a team's products, with the capacity that there is today."""

    name = serializers.CharField(max_length=120)
    team = serializers.SlugRelatedField(slug_field="slug", queryset=Team.objects.all(), required=False)
    product = serializers.SlugRelatedField(slug_field="slug", queryset=Product.objects.none(), required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    sharing = serializers.ChoiceField(choices=Sharing.choices, required=False)
    model = serializers.SlugRelatedField(slug_field="slug", queryset=ScoringModel.objects.none(), required=False)
    months = serializers.FloatField(min_value=0)
    span = serializers.ChoiceField(choices=SPANS, required=False)
    n_stretches = serializers.IntegerField(min_value=1, max_value=MOST_STRETCHES, required=False)
    asked = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=200), default=dict)

    def get_fields(self):
        """Let products be named that the user may see, and models that make a number."""
        fields = super().get_fields()
        fields["product"].queryset = Product.objects.visible_to(self.context["request"].user).select_related("team")
        fields["model"].queryset = ScoringModel.objects.live().exclude(current=None).select_related("current")
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take the product's team where none is named, and the first model."""
        product = attrs.get("product")
        if "team" not in attrs and product is None:
            raise serializers.ValidationError({"team": ["Name a team or a product."]})
        attrs.setdefault("team", product.team if product else None)
        models = [] if "model" in attrs else models_that_count()
        if "model" not in attrs and not models:
            raise serializers.ValidationError({"model": ["No scoring model that makes a number is in use."]})
        return {**({"model": models[0]} if models else {}), **attrs}


class ScenarioChangeInput(serializers.Serializer):
    """What may be changed of a scenario as a whole; it names the version that it was seen in."""

    name = serializers.CharField(max_length=120)
    note = serializers.CharField(allow_blank=True, max_length=20_000)
    sharing = serializers.ChoiceField(choices=Sharing.choices)
    model = serializers.SlugRelatedField(slug_field="slug", queryset=ScoringModel.objects.live())
    version = serializers.IntegerField(min_value=1)


class CapacityOutput(serializers.ModelSerializer):
    """Some days with their person-months, today and in the scenario."""

    class Meta:
        model = ScenarioStretch
        fields = ["id", "name", "starts_on", "ends_on", "months_today", "months"]
        read_only_fields = fields


class StretchInput(serializers.Serializer):
    """The person-months of a stretch."""

    id = serializers.IntegerField(min_value=1)
    months_today = serializers.FloatField(min_value=0)
    months = serializers.FloatField(min_value=0)


class CapacityInput(serializers.Serializer):
    """The person-months of stretches; it names the scenario's version."""

    stretches = StretchInput(many=True)
    version = serializers.IntegerField(min_value=1)


class ScenarioItemOutput(serializers.Serializer):
    """An initiative as it is in a scenario; `version` is the item's, for its next change."""

    id = serializers.IntegerField(source="item.pk")
    initiative = serializers.IntegerField(source="initiative.pk")
    title = serializers.CharField(source="initiative.title")
    is_in = serializers.BooleanField(source="item.is_in")
    counts = serializers.BooleanField()
    horizon = serializers.ChoiceField(choices=Horizon.choices, source="values.horizon")
    stage = serializers.ChoiceField(choices=Stage.choices, source="values.stage")
    effort_months = serializers.FloatField(source="values.effort_months", allow_null=True)
    starts_on = serializers.DateField(source="values.starts_on", allow_null=True)
    ends_on = serializers.DateField(source="values.ends_on", allow_null=True)
    goal = serializers.SerializerMethodField()
    version = serializers.IntegerField(source="item.version")

    def get_goal(self, tried: Any) -> int | None:
        """Return the number of its goal where the reader may see it."""
        number = tried.values["objective_id"]
        return number if number in self.context["goals"] else None


class ItemInput(serializers.Serializer):
    """What is tried with an initiative; `place` puts it there among those that count. It names the item's version."""

    item = serializers.IntegerField(min_value=1)
    version = serializers.IntegerField(min_value=1)
    place = serializers.IntegerField(min_value=1, required=False)
    is_in = serializers.BooleanField(required=False)
    horizon = serializers.ChoiceField(choices=Horizon.choices, required=False)
    stage = serializers.ChoiceField(choices=Stage.choices, required=False)
    effort_months = serializers.FloatField(required=False, allow_null=True)
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)
    goal = serializers.PrimaryKeyRelatedField(
        source="objective", queryset=Objective.objects.none(), required=False, allow_null=True
    )

    def get_fields(self):
        """Let goals be named that the user may see."""
        fields = super().get_fields()
        fields["goal"].queryset = Objective.objects.visible_to(self.context["request"].user)
        return fields


class AppliedInput(serializers.Serializer):
    """Which fields of an item are written, and the version of its initiative that was reviewed."""

    item = serializers.IntegerField(min_value=1)
    fields_ = serializers.ListField(child=serializers.ChoiceField(choices=FIELDS), source="chosen")
    seen = serializers.IntegerField(min_value=1)

    def get_fields(self):
        """Call the list "fields", which a serializer has a use of its own for."""
        fields = super().get_fields()
        return {("fields" if name == "fields_" else name): one for name, one in fields.items()}


class CommitInput(serializers.Serializer):
    """What of a scenario is written to the roadmap, and why; it names the scenario's version."""

    apply = AppliedInput(many=True)
    why = serializers.CharField(max_length=LONGEST_WHY)
    version = serializers.IntegerField(min_value=1)


class WhyInput(serializers.Serializer):
    """Why a scenario is thrown away."""

    why = serializers.CharField(required=False, allow_blank=True, max_length=300)


class ScenarioViewSet(CreateByAction, ChangeByAction, ReadViewSet):
    """Copies of the roadmap in which order, capacity and scope are tried."""

    queryset = Scenario.objects.of_rows()
    output_serializer_class = ScenarioOutput
    input_serializer_class = ScenarioInput
    change_serializer_class = ScenarioChangeInput
    filterset_class = ScenarioFilter
    ordering_fields = ["name", "created_at"]
    revision_field = "version"
    lookup_value_regex = r"\d{1,18}"
    door = get_scenario

    def do_create(self, values):
        """Copy the roadmap."""
        state = parse(values.pop("asked"), timezone.localdate())
        return actions.create_scenario(actor=self.request.user, state=state, **values)

    def do_change(self, thing, values):
        """Change what it is called, who opens it, what counts as value."""
        return actions.change_scenario(thing, actor=self.request.user, **values)

    @extend_schema(
        methods=["GET"], operation_id="scenarios_items", responses=ScenarioItemOutput(many=True), filters=False
    )
    @extend_schema(
        methods=["POST"], operation_id="scenarios_try", request=ItemInput, responses=ScenarioItemOutput(many=True)
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def items(self, request, pk: str) -> Response:
        """Return its initiatives in their order; POST tries something with one of them."""
        scenario = self.get_thing(write=request.method == "POST")
        if request.method == "POST":
            values = self.get_input(ItemInput)
            item = get_item(request.user, scenario, values.pop("item"))
            version, place = values.pop("version"), values.pop("place", None)
            actions.change_item(item, actor=request.user, version=version, changes=values, place=place)
        found = read_tried(scenario, request.user)
        goals = goals_named([one.values["objective_id"] for one in found], request.user)
        return Response(
            ScenarioItemOutput(found, many=True, context={**self.get_serializer_context(), "goals": goals}).data
        )

    @extend_schema(
        methods=["GET"], operation_id="scenarios_capacity", responses=CapacityOutput(many=True), filters=False
    )
    @extend_schema(
        methods=["POST"],
        operation_id="scenarios_capacity_set",
        request=CapacityInput,
        responses=CapacityOutput(many=True),
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def capacity(self, request, pk: str) -> Response:
        """Return its capacity; POST sets it."""
        scenario = self.get_thing(write=request.method == "POST")
        if request.method == "POST":
            values = self.get_input(CapacityInput)
            months = {one["id"]: (one["months_today"], one["months"]) for one in values["stretches"]}
            actions.set_capacity(scenario, actor=request.user, version=values["version"], months=months)
        return Response(CapacityOutput(scenario.stretches.all(), many=True).data)

    @extend_schema(
        operation_id="scenarios_compare",
        parameters=[OpenApiParameter("with", int, description="Another open scenario of its team; else today.")],
        responses=OpenApiTypes.OBJECT,
    )
    @action(detail=True, methods=["get"])
    def compare(self, request, pk: str) -> Response:
        """Return it beside the roadmap of today or another scenario: value, what fits and when, promises, goals."""
        scenario, asked = self.get_thing(), request.query_params.get("with", "")
        if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 19):
            raise BadInput(fields={"with": ["Give the number of a scenario."]})
        other = get_rival(request.user, scenario, int(asked)) if asked else None
        compared = read_comparison(scenario, request.user, other=other)
        found = compared.found
        goals = [
            {"goal": one.goal, "n_before": one.n_before, "n_after": one.n_after, "kind": one.kind}
            for one in found.goals
            if one.goal in compared.goals
        ]
        return Response(
            {
                "with": other.pk if other else None,
                "before": _plan(found.before),
                "after": _plan(found.after),
                "comes_in": found.comes_in,
                "falls_out": found.falls_out,
                "broken_before": sorted(found.broken_before),
                "broken_after": sorted(found.broken_after),
                "goals": goals,
                "n_new": compared.n_new,
            }
        )

    @extend_schema(operation_id="scenarios_changes", responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def changes(self, request, pk: str) -> Response:
        """Return what it would change, field by field; once it is committed, what became of that."""
        scenario = self.get_thing()
        if not scenario.is_open:
            told = [vars(one) for one in show_outcome(scenario, request.user)]
            return Response({"state": scenario.state, "version": scenario.version, "became": told})
        diffs = read_diff(scenario, request.user)
        lines = [line for diff in diffs for line in diff.lines if line.field == "objective_id"]
        goals = goals_named([value for one in lines for value in (one.then, one.today, one.wanted)], request.user)

        def said(field: str, value: Any) -> Any:
            return value if field != "objective_id" or value in goals else None

        told = [
            {
                "item": diff.item.pk,
                "initiative": diff.initiative.pk,
                "title": diff.initiative.title,
                "seen": diff.initiative.version,
                "has_moved": diff.has_moved,
                "may_edit": diff.may_edit,
                "fields": [
                    {
                        "field": one.field,
                        "then": said(one.field, one.then),
                        "today": said(one.field, one.today),
                        "wanted": said(one.field, one.wanted),
                    }
                    for one in diff.lines
                ],
            }
            for diff in diffs
        ]
        return Response({"state": scenario.state, "version": scenario.version, "changes": told})

    @extend_schema(operation_id="scenarios_commit", request=CommitInput, responses=ScenarioOutput)
    @action(detail=True, methods=["post"])
    def commit(self, request, pk: str) -> Response:
        """Write the chosen changes to the roadmap, all or none, once."""
        scenario, values = self.get_thing(write=True), self.get_input(CommitInput)
        commit_scenario(
            scenario,
            actor=request.user,
            version=values["version"],
            chosen={one["item"]: one["chosen"] for one in values["apply"]},
            seen={one["item"]: one["seen"] for one in values["apply"]},
            why=values["why"],
        )
        return self.answer(self.get_thing())

    @extend_schema(operation_id="scenarios_throw_away", request=WhyInput, responses=ScenarioOutput)
    @action(detail=True, methods=["post"], url_path="throw-away")
    def throw_away(self, request, pk: str) -> Response:
        """Close it without committing; it stays to be read."""
        scenario = self.get_thing(write=True)
        actions.throw_away(scenario, actor=request.user, **self.get_input(WhyInput))
        return self.answer(self.get_thing())


def _plan(plan: Plan) -> dict[str, Any]:
    names = ("value", "n_fit", "n_unscored", "n_without_effort", "effort_in", "capacity")
    return {**{name: getattr(plan, name) for name in names}, "slots": [_slot(one) for one in plan.slots.values()]}


def _slot(slot: Slot) -> dict[str, Any]:
    names = ("place", "effort_so_far", "fits", "begins", "ends", "breaks", "is_early")
    said = {"initiative": slot.work.key, "effort": slot.work.effort, "value": slot.work.value, "p85": slot.work.p85}
    return {**said, **{name: getattr(slot, name) for name in names}}


router = PortalRouter()
router.register("scenarios", ScenarioViewSet, basename="scenario")
urlpatterns = router.urls
