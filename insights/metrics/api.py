"""Metrics, their versions and proposals in the API: the same actions and the same door as the pages."""

from dataclasses import asdict
from typing import Any

import django_filters
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.explore.public import product_of
from insights.metrics import actions
from insights.metrics.access import get_metric, get_version
from insights.metrics.actions.versions import needs_proposal
from insights.metrics.contracts import INTERVALS
from insights.metrics.filters import MetricFilter
from insights.metrics.forming import read_definition
from insights.metrics.metric_page import say_definition
from insights.metrics.models import Metric, MetricVersion, Restatement
from insights.metrics.queries import may_read_numbers, read_values
from insights.metrics.refreshing import request_values
from insights.metrics.uses import list_uses
from portal.people.public import Visibility
from portal.shell.api import ActionViewSet, CreateByAction, PortalRouter, ReadViewSet
from portal.shell.public import BadInput, NotAllowed

_PERSONAL = "This metric reads personal data, which is for the product's team and for ops."
_RANGE = [OpenApiParameter(name, OpenApiTypes.DATE) for name in ("from", "to")]


class VersionOutput(serializers.ModelSerializer):
    """A version of a metric's definition; `question` has no dates."""

    in_words = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = MetricVersion
        fields = [
            "id", "metric", "number", "state", "question", "in_words", "column", "unit", "direction", "reason", "base",
            "author", "created_at", "decided_by", "decided_at", "decision", "url",
        ]  # fmt: skip

    def get_in_words(self, version) -> str:
        """Return what it asks in a sentence."""
        return say_definition(version)


class MetricOutput(serializers.ModelSerializer):
    """A metric with the version that is in force."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    current = VersionOutput(read_only=True)
    is_starred = serializers.BooleanField(read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Metric
        fields = [
            "id", "name", "description", "product", "team", "owner", "visibility", "tags", "is_certified",
            "certified_at", "certified_by", "rule", "current", "revision", "is_starred", "archived_at", "url",
            "created_at", "updated_at",
        ]  # fmt: skip


class DefinitionInput(serializers.Serializer):
    """What the API takes of a definition: a question as everywhere, and how one number a period comes of it."""

    question = serializers.DictField()
    interval = serializers.ChoiceField([(one, one) for one in INTERVALS], required=False)
    column = serializers.IntegerField(min_value=1, max_value=61, required=False)
    unit = serializers.CharField(max_length=40, required=False, allow_blank=True)
    direction = serializers.ChoiceField(MetricVersion.Direction.choices, required=False)


class MetricInput(DefinitionInput):
    """What the API takes to make a metric."""

    name = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    tags = serializers.ListField(child=serializers.CharField(max_length=40), required=False)
    visibility = serializers.ChoiceField(Visibility.choices, required=False)


class MetricChange(serializers.Serializer):
    """A change of a metric's words; it names the revision that it was made from."""

    name = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=5000, allow_blank=True)
    tags = serializers.ListField(child=serializers.CharField(max_length=40))
    visibility = serializers.ChoiceField(Visibility.choices)
    revision = serializers.IntegerField(min_value=1)


class PartInput(serializers.Serializer):
    """A part of a metric: its id, and -1 where a sum takes it away."""

    metric = serializers.IntegerField()
    sign = serializers.ChoiceField([(1, 1), (-1, -1)], default=1)


class PartsInput(serializers.Serializer):
    """What a metric is put together from."""

    rule = serializers.ChoiceField(Metric.Rule.choices, allow_blank=True)
    parts = PartInput(many=True)


class ProposalInput(DefinitionInput):
    """A proposed change: of which metric, to what, and why."""

    metric = serializers.IntegerField()
    reason = serializers.CharField(max_length=1000)


class DecisionInput(serializers.Serializer):
    """Words with a decision."""

    decision = serializers.CharField(max_length=1000, required=False, allow_blank=True)


def define(values: dict[str, Any], *, actor: Any, product: Any = None) -> tuple[Any, Any]:
    """Return the definition that sent values make, and its product; takes them out of `values`."""
    question = values.pop("question")
    given = {name: values.pop(name) for name in ("interval", "column", "unit", "direction") if name in values}
    if product is None:
        slugs = {name: [str(one) for one in question.get(name) or []] for name in ("products", "sources")}
        product = product_of(type("Scope", (), slugs), actor)
    return read_definition(question, product=product, actor=actor, now=timezone.now(), **given), product


def tell_values(request: Any, version: MetricVersion) -> Response:
    """Answer with a version's stored values, of the periods that begin between `from` and `to`."""
    if not may_read_numbers(request.user, [version])[version.pk]:
        raise NotAllowed(_PERSONAL)
    days = {"since": _day(request, "from"), "until": _day(request, "to")}
    values = read_values([version], now=timezone.now(), **days)[version.pk]
    change = values.change
    return Response(
        {
            "metric": values.metric_id,
            "version": values.number,
            "unit": values.unit,
            "direction": values.direction,
            "interval": values.interval,
            "is_rate": values.is_rate,
            "timezone": values.timezone,
            "values": [vars(point) for point in values.points],
            "change": change and {**vars(change), "tone": change.tone(values.direction)},
            "freshness": vars(values.freshness),
        }
    )


def _day(request: Any, name: str) -> Any:
    text = request.query_params.get(name, "")
    field = serializers.DateField()
    try:
        return field.to_internal_value(text) if text else None
    except serializers.ValidationError as error:
        raise BadInput(fields={name: ["This must be a day such as 2024-01-31."]}) from error


class MetricViewSet(ActionViewSet):
    """Metrics; their numbers are at `values`. Deleting one archives it; its values stay."""

    queryset = Metric.objects.with_values()
    output_serializer_class = MetricOutput
    input_serializer_class = MetricInput
    change_serializer_class = MetricChange
    filterset_class = MetricFilter
    ordering_fields = ["name", "created_at", "updated_at"]
    lookup_value_regex = r"\d+"
    revision_field = "revision"
    door = get_metric

    def get_queryset(self):
        """Say of each whether the user starred it; the archived ones are left out of lists."""
        return super().get_queryset().with_stars(self.request.user).live()

    def do_create(self, values):
        """Make a draft metric."""
        definition, product = define(values, actor=self.request.user)
        metric = actions.create_metric(definition, product=product, actor=self.request.user, **values)
        return get_metric(self.request.user, metric.pk)

    def do_change(self, thing, values):
        """Change a metric's words, if nobody else did since `revision`."""
        actions.update_metric(thing, actor=self.request.user, **values)
        return self.get_thing()

    def do_delete(self, thing):
        """Put a metric away."""
        actions.archive_metric(thing, actor=self.request.user)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk: str) -> Response:
        """Bring an archived metric back."""
        actions.restore_metric(self.get_thing(write=True), actor=request.user)
        return self.answer(self.get_thing())

    @extend_schema(parameters=_RANGE, responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def values(self, request, pk: str) -> Response:
        """Return the stored values with freshness, partial periods, restatements and the newest change."""
        return tell_values(request, self.get_thing().current)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def restatements(self, request, pk: str) -> Response:
        """Return the values of periods that were over and came out differently later, newest first."""
        version = self.get_thing().current
        if not may_read_numbers(request.user, [version])[version.pk]:
            raise NotAllowed(_PERSONAL)
        names = ("starts_on", "before", "after", "found_at", "why")
        return Response({"restatements": list(Restatement.objects.filter(version=version)[:200].values(*names))})

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def uses(self, request, pk: str) -> Response:
        """Return who uses the metric, and how many more that are not shared with the reader."""
        uses = list_uses(self.get_thing(), request.user)
        return Response({"uses": [asdict(hit) for hit in uses.hits], "n_hidden": uses.n_hidden})

    @extend_schema(request=None, responses=MetricOutput)
    @action(detail=True, methods=["put", "delete"])
    def star(self, request, pk: str) -> Response:
        """Put or remove one's own star."""
        actions.star_metric(self.get_thing(), actor=request.user, is_starred=request.method == "PUT")
        return self.answer(self.get_thing())

    @extend_schema(request=None, responses=MetricOutput)
    @action(detail=True, methods=["put", "delete"])
    def certificate(self, request, pk: str) -> Response:
        """Certify the metric, or make it a draft again; for ops."""
        act = actions.certify_metric if request.method == "PUT" else actions.uncertify_metric
        act(self.get_thing(), actor=request.user)
        return self.answer(self.get_thing())

    @extend_schema(request=None, responses=MetricOutput)
    @action(detail=True, methods=["post"])
    def refresh(self, request, pk: str) -> Response:
        """Have the values computed again."""
        metric = self.get_thing()
        request_values([metric.current], timezone.now())
        return self.answer(metric, 202)

    @extend_schema(request=PartsInput, responses=MetricOutput)
    @action(detail=True, methods=["put"])
    def parts(self, request, pk: str) -> Response:
        """Say which metrics add or multiply up to this one."""
        sent = self.get_input(PartsInput)
        parts = [(get_metric(request.user, one["metric"]), one["sign"]) for one in sent["parts"]]
        actions.set_parts(self.get_thing(write=True), actor=request.user, rule=sent["rule"], parts=parts)
        return self.answer(self.get_thing())


class VersionFilter(django_filters.FilterSet):
    """By metric and state."""

    class Meta:
        model = MetricVersion
        fields = ["metric", "state"]


class MetricVersionViewSet(ReadViewSet):
    """Versions of definitions, past ones too; each is askable at `values`."""

    queryset = MetricVersion.objects.select_related("metric")
    output_serializer_class = VersionOutput
    filterset_class = VersionFilter
    ordering_fields = ["created_at"]
    lookup_value_regex = r"\d+"
    door = get_version

    @extend_schema(parameters=_RANGE, responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def values(self, request, pk: str) -> Response:
        """Return the version's stored values."""
        return tell_values(request, self.get_thing())

    @extend_schema(request=None, responses=VersionOutput)
    @action(detail=True, methods=["post"])
    def refresh(self, request, pk: str) -> Response:
        """Have the version's values computed again; those of past versions are renewed only when somebody asks."""
        version = self.get_thing()
        request_values([version], timezone.now())
        return self.answer(version, 202)


class MetricProposalViewSet(CreateByAction, ReadViewSet):
    """Proposed changes of definitions, decided or not."""

    queryset = MetricVersion.objects.exclude(base=None).select_related("metric")
    output_serializer_class = VersionOutput
    input_serializer_class = ProposalInput
    filterset_class = VersionFilter
    ordering_fields = ["created_at"]
    lookup_value_regex = r"\d+"
    door = get_version

    def do_create(self, values):
        """Propose a change; a draft that nothing uses gets it at once, from its own team."""
        metric = get_metric(self.request.user, values.pop("metric"))
        definition, _ = define(values, actor=self.request.user, product=metric.product)
        is_own = self.request.user.is_ops or metric.team_id in self.request.user.team_ids
        change = actions.propose_version if needs_proposal(metric) or not is_own else actions.redefine_metric
        return change(metric, definition, actor=self.request.user, reason=values["reason"])

    @extend_schema(request=DecisionInput, responses=VersionOutput)
    @action(detail=True, methods=["post"])
    def approve(self, request, pk: str) -> Response:
        """Put a proposal in force."""
        words = self.get_input(DecisionInput).get("decision", "")
        return self.answer(actions.approve_version(self.get_thing(), actor=request.user, decision=words))

    @extend_schema(request=DecisionInput, responses=VersionOutput)
    @action(detail=True, methods=["post"])
    def decline(self, request, pk: str) -> Response:
        """Decline a proposal, with words."""
        words = self.get_input(DecisionInput).get("decision", "")
        return self.answer(actions.decline_version(self.get_thing(), actor=request.user, decision=words))

    @extend_schema(request=None, responses=VersionOutput)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk: str) -> Response:
        """Take one's own proposal back."""
        return self.answer(actions.withdraw_version(self.get_thing(), actor=request.user))


router = PortalRouter()
router.register("metrics", MetricViewSet, basename="metric")
router.register("metric-versions", MetricVersionViewSet, basename="metric-version")
router.register("metric-proposals", MetricProposalViewSet, basename="metric-proposal")
urlpatterns = router.urls
