"""Initiatives, what they need and where more is written, in the API: the same actions and door as the pages."""

import datetime as dt

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.people.api_fields import ProductField, with_owner
from portal.people.public import Visibility, can_see
from portal.shell.api import ActionViewSet, CreateByAction, DeleteByAction, PortalRouter, ReadViewSet
from portal.shell.public import BadInput
from roadmaps.goals.public import Objective
from roadmaps.planning.initiatives import actions
from roadmaps.planning.initiatives.access import get_dependency, get_initiative, get_link
from roadmaps.planning.initiatives.dependencies import add_dependency, add_link, remove_dependency, remove_link
from roadmaps.planning.initiatives.filters import DependencyFilter, InitiativeFilter, InitiativeLinkFilter
from roadmaps.planning.initiatives.history import initiatives_on
from roadmaps.planning.initiatives.models import (
    Dependency,
    Horizon,
    Initiative,
    InitiativeLink,
    InitiativeVersion,
    Stage,
)
from roadmaps.planning.opportunities.public import Opportunity


class InitiativeOutput(serializers.ModelSerializer):
    """What the API says of an initiative; goals and opportunities that the reader may not see are left out."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    objective = serializers.SerializerMethodField()
    opportunities = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Initiative
        fields = [
            *("id", "title", "summary", "reference", "stage", "sent_stage", "horizon", "product", "team", "objective"),
            *("opportunities", "effort_months", "effort_low", "effort_high", "starts_on", "ends_on", "promised_on"),
            *("position", "blocked_since", "blocked_why", "owner", "visibility", "version", "url"),
            *("created_at", "updated_at"),
        ]
        read_only_fields = fields

    def get_objective(self, initiative) -> int | None:
        """Return the goal that it serves, if the reader may see that."""
        goal = initiative.objective
        return goal.pk if goal is not None and can_see(self.context["request"].user, goal) else None

    def get_opportunities(self, initiative) -> list[int]:
        """Return the opportunities that it would solve and that the reader may see."""
        user = self.context["request"].user
        return sorted(one.pk for one in initiative.opportunities.all() if can_see(user, one))


class InitiativeChange(serializers.Serializer):
    """A change names the version that it was made from; `why` is kept with how it was."""

    title = serializers.CharField(max_length=200)
    summary = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    reference = serializers.CharField(required=False, allow_blank=True, max_length=60)
    stage = serializers.ChoiceField(choices=Stage.choices, required=False)
    horizon = serializers.ChoiceField(choices=Horizon.choices, required=False)
    objective = serializers.PrimaryKeyRelatedField(queryset=Objective.objects.none(), required=False, allow_null=True)
    opportunities = serializers.PrimaryKeyRelatedField(queryset=Opportunity.objects.none(), required=False, many=True)
    effort_months = serializers.FloatField(required=False, allow_null=True, min_value=0)
    effort_low = serializers.FloatField(required=False, allow_null=True, min_value=0)
    effort_high = serializers.FloatField(required=False, allow_null=True, min_value=0)
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)
    promised_on = serializers.DateField(required=False, allow_null=True)
    position = serializers.IntegerField(required=False, min_value=-(2**62) + 1, max_value=2**62 - 1)
    blocked_since = serializers.DateField(required=False, allow_null=True)
    blocked_why = serializers.CharField(required=False, allow_blank=True, max_length=300)
    owner = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**31 - 1)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    why = serializers.CharField(required=False, allow_blank=True, max_length=actions.LONGEST_WHY)
    version = serializers.IntegerField(min_value=1)

    def get_fields(self):
        """Let goals and opportunities be named that the user may see."""
        fields, user = super().get_fields(), self.context["request"].user
        fields["objective"].queryset = Objective.objects.visible_to(user)
        fields["opportunities"].child_relation.queryset = Opportunity.objects.visible_to(user)
        return fields


class InitiativeInput(InitiativeChange):
    """What the API takes to add an initiative."""

    product = ProductField()
    version = None


class BulkInput(serializers.Serializer):
    """What several initiatives shall have: all of them are changed, or none."""

    initiatives = serializers.PrimaryKeyRelatedField(queryset=Initiative.objects.none(), many=True, allow_empty=False)
    stage = serializers.ChoiceField(choices=Stage.choices, required=False)
    horizon = serializers.ChoiceField(choices=Horizon.choices, required=False)
    objective = serializers.PrimaryKeyRelatedField(queryset=Objective.objects.none(), required=False, allow_null=True)
    why = serializers.CharField(required=False, allow_blank=True, max_length=actions.LONGEST_WHY)

    def get_fields(self):
        """Let initiatives and goals be named that the user may see."""
        fields, user = super().get_fields(), self.context["request"].user
        fields["initiatives"].child_relation.queryset = Initiative.objects.visible_to(user)
        fields["objective"].queryset = Objective.objects.visible_to(user)
        return fields


class BulkOutput(serializers.Serializer):
    """How many were named."""

    n_changed = serializers.IntegerField()


class InitiativeVersionOutput(serializers.ModelSerializer):
    """An initiative as it was from one moment to another; `initiative` is null once it was deleted."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    objective = serializers.SerializerMethodField()

    class Meta:
        model = InitiativeVersion
        fields = [
            *("number", "initiative", "valid_from", "valid_to", "title", "stage", "sent_stage", "horizon"),
            *("objective", "team", "product", "owner", "visibility", "starts_on", "ends_on", "promised_on"),
            *("position", "effort_months", "by", "why"),
        ]
        read_only_fields = fields

    def get_objective(self, version) -> int | None:
        """Return the goal that it served then, if the reader may see that."""
        goal = version.objective
        return goal.pk if goal is not None and can_see(self.context["request"].user, goal) else None


_DAY = OpenApiParameter("on", dt.date, required=True, description="The day, such as 2026-01-31.")


class InitiativeViewSet(ActionViewSet):
    """What teams would do about opportunities: stage, goal, dates, effort, and how each was on any past day."""

    queryset = Initiative.objects.of_rows().prefetch_related("opportunities")
    output_serializer_class = InitiativeOutput
    input_serializer_class = InitiativeInput
    change_serializer_class = InitiativeChange
    filterset_class = InitiativeFilter
    ordering_fields = ["position", "title", "starts_on", "ends_on", "created_at", "updated_at"]
    lookup_value_regex = r"\d{1,18}"
    revision_field = "version"
    door = get_initiative

    def do_create(self, values):
        """Add an initiative, as the last one of its product."""
        product = values.pop("product")
        return actions.create_initiative(product, actor=self.request.user, **with_owner(values, product.team_id))

    def do_change(self, thing, values):
        """Change an initiative."""
        version, why = values.pop("version"), values.pop("why", "")
        changes = with_owner(values, thing.team_id)
        actions.change_initiative(thing, actor=self.request.user, changes=changes, why=why, version=version)
        return self.get_thing()

    def do_delete(self, thing):
        """Delete an initiative; how it was stays in the roadmaps of past days."""
        actions.delete_initiative(thing, actor=self.request.user)

    @extend_schema(operation_id="initiatives_bulk", request=BulkInput, responses=BulkOutput)
    @action(detail=False, methods=["post"])
    def bulk(self, request) -> Response:
        """Change several initiatives in the same way: all of them or none."""
        values = self.get_input(BulkInput)
        rows, why = values.pop("initiatives"), values.pop("why", "")
        changed = actions.change_initiatives(rows, actor=request.user, changes=values, why=why)
        return Response(BulkOutput({"n_changed": len(changed)}).data)

    @extend_schema(operation_id="initiatives_as_of", parameters=[_DAY], responses=InitiativeVersionOutput(many=True))
    @action(detail=False, methods=["get"], url_path="as-of", filterset_class=None)
    def as_of(self, request) -> Response:
        """Return all initiatives as they were at the end of a day."""
        try:
            day = dt.date.fromisoformat(request.query_params.get("on", ""))
        except ValueError as fault:
            raise BadInput(fields={"on": ["Give a day, such as 2026-01-31."]}) from fault
        rows = initiatives_on(day, request.user).of_rows().order_by("product", "position", "number")
        page = self.paginator.paginate_queryset(rows, request, view=self)
        output = InitiativeVersionOutput(page, many=True, context=self.get_serializer_context())
        return self.paginator.get_paginated_response(output.data)

    @extend_schema(operation_id="initiatives_versions", responses=InitiativeVersionOutput(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def versions(self, request, pk: str) -> Response:
        """Return how it came to be as it is, the newest version first."""
        rows = self.get_thing().versions.visible_to(request.user).of_rows().order_by("-valid_from")[:500]
        return Response(InitiativeVersionOutput(rows, many=True, context=self.get_serializer_context()).data)


class DependencyOutput(serializers.ModelSerializer):
    """Says that an initiative waits for another one."""

    class Meta:
        model = Dependency
        fields = ["id", "initiative", "needs", "note", "created_at"]
        read_only_fields = fields


class DependencyInput(serializers.Serializer):
    """An initiative and what it waits for."""

    initiative = serializers.PrimaryKeyRelatedField(queryset=Initiative.objects.none())
    needs = serializers.PrimaryKeyRelatedField(queryset=Initiative.objects.none())
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)

    def get_fields(self):
        """Let initiatives be named that the user may see."""
        fields, user = super().get_fields(), self.context["request"].user
        fields["initiative"].queryset = fields["needs"].queryset = Initiative.objects.visible_to(user)
        return fields


class DependencyViewSet(CreateByAction, DeleteByAction, ReadViewSet):
    """What initiatives need of each other; they never make a circle."""

    queryset = Dependency.objects.select_related("initiative", "needs")
    output_serializer_class = DependencyOutput
    input_serializer_class = DependencyInput
    filterset_class = DependencyFilter
    ordering_fields = ["created_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_dependency

    def create(self, request, *args, **kwargs) -> Response:
        """Say what an initiative waits for: 201 where it is new, 200 where it was there before."""
        values = self.get_input()
        made, is_new = add_dependency(
            values["initiative"], values["needs"], actor=request.user, note=values.get("note", "")
        )
        return self.answer(made, status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    def do_delete(self, thing):
        """Say that it waits no more."""
        remove_dependency(thing, actor=self.request.user)


class InitiativeLinkOutput(serializers.ModelSerializer):
    """Where more of an initiative is written."""

    class Meta:
        model = InitiativeLink
        fields = ["id", "initiative", "kind", "url", "title", "created_at"]
        read_only_fields = fields


class InitiativeLinkInput(serializers.Serializer):
    """An address at which more of an initiative is written."""

    initiative = serializers.PrimaryKeyRelatedField(queryset=Initiative.objects.none())
    kind = serializers.ChoiceField(choices=InitiativeLink.Kind.choices, default=InitiativeLink.Kind.DOCUMENT)
    url = serializers.URLField(max_length=1000)
    title = serializers.CharField(required=False, allow_blank=True, max_length=200)

    def get_fields(self):
        """Let initiatives be named that the user may see."""
        fields, user = super().get_fields(), self.context["request"].user
        fields["initiative"].queryset = Initiative.objects.visible_to(user)
        return fields


class InitiativeLinkViewSet(CreateByAction, DeleteByAction, ReadViewSet):
    """Links of initiatives to trackers, documents and designs."""

    queryset = InitiativeLink.objects.select_related("initiative")
    output_serializer_class = InitiativeLinkOutput
    input_serializer_class = InitiativeLinkInput
    filterset_class = InitiativeLinkFilter
    ordering_fields = ["created_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_link

    def do_create(self, values):
        """Add a link; the same address again is called what was said last."""
        return add_link(values.pop("initiative"), actor=self.request.user, **values)

    def do_delete(self, thing):
        """Take a link away."""
        remove_link(thing, actor=self.request.user)


router = PortalRouter()
router.register("initiatives", InitiativeViewSet, basename="initiative")
router.register("initiative-dependencies", DependencyViewSet, basename="initiative-dependency")
router.register("initiative-links", InitiativeLinkViewSet, basename="initiative-link")
urlpatterns = router.urls
