"""Tiles and their stored answers in the API."""

from typing import Any

import django_filters
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.dashboards import actions
from insights.dashboards.access import get_dashboard, get_tile
from insights.dashboards.answers import own_scope, stored_answers, tile_questions
from insights.dashboards.layout import DIRECTIONS
from insights.dashboards.models import Tile
from insights.dashboards.queries import visible_slugs
from insights.dashboards.scope import answer_key
from insights.events.public import Source
from insights.explore.public import get_insight
from insights.metrics.public import get_metric
from insights.questions.public import reads_personal, say_question
from portal.people.public import Product, can_see
from portal.shell.api import ActionViewSet
from portal.shell.public import BadInput, NotFound

_OF_AN_ANSWER = [
    "state", "question", "answer", "computed_at", "data_until", "duration_ms", "failure", "failed_at",
]  # fmt: skip


class TileOutput(serializers.ModelSerializer):
    """A tile as the API shows it; `question` is what it asks before the dashboard's dates and filters."""

    dashboard = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    question = serializers.SerializerMethodField()
    in_words = serializers.SerializerMethodField()

    def get_question(self, tile) -> dict[str, Any] | None:
        """Return the question; none where it is about what is not shared with the reader."""
        question = tile.asks
        if "seen" not in self.context:
            user = self.context["request"].user
            kinds = (Product, Source)
            self.context["seen"] = [set(kind.objects.visible_to(user).values_list("slug", flat=True)) for kind in kinds]
        products, sources = self.context["seen"]
        asked = (set((question or {}).get(name) or []) for name in ("products", "sources"))
        return question if next(asked) <= products and next(asked) <= sources else None

    def get_in_words(self, tile) -> str:
        """Return the question in a sentence; "" for a text tile, and where the question is not shown."""
        return say_question(self.get_question(tile) or {})

    class Meta:
        model = Tile
        fields = [
            "id", "dashboard", "kind", "title", "question", "in_words", "insight", "metric", "chart",
            "keeps_own_dates", "text", "x", "y", "w", "h", "revision", "created_at", "updated_at",
        ]  # fmt: skip


class TileInput(serializers.Serializer):
    """What may be sent about a tile: a question, an insight's id, or a text."""

    dashboard = serializers.CharField(required=False)
    kind = serializers.ChoiceField(Tile.Kind.choices, required=False)
    title = serializers.CharField(max_length=120, allow_blank=True, required=False)
    question = serializers.DictField(required=False)
    insight = serializers.IntegerField(required=False)
    metric = serializers.IntegerField(required=False)
    chart = serializers.CharField(max_length=20, allow_blank=True, required=False)
    keeps_own_dates = serializers.BooleanField(required=False)
    text = serializers.CharField(max_length=10_000, allow_blank=True, required=False)
    w = serializers.IntegerField(min_value=1, max_value=12, required=False)
    h = serializers.IntegerField(min_value=1, max_value=12, required=False)
    revision = serializers.IntegerField(required=False)


class TileFilter(django_filters.FilterSet):
    """By dashboard, by its slug."""

    dashboard = django_filters.CharFilter(field_name="dashboard__slug")

    class Meta:
        model = Tile
        fields: list[str] = []


class TileViewSet(ActionViewSet):
    """Tiles; their answers are at `answer`."""

    queryset = Tile.objects.live().with_questions()
    output_serializer_class = TileOutput
    input_serializer_class = TileInput
    filterset_class = TileFilter
    lookup_value_regex = r"\d+"
    door = get_tile

    def do_create(self, values):
        """Put a tile on a dashboard."""
        values.pop("revision", None)
        dashboard = get_dashboard(self.request.user, values.pop("dashboard", ""), write=True)
        fields = self._fields(values)
        has_question = "question" in fields or "insight" in fields
        if "metric" in fields:
            return actions.add_tile(dashboard, actor=self.request.user, **{**fields, "kind": Tile.Kind.METRIC})
        kind = fields.pop("kind", None) or ("question" if has_question else "text")
        if (kind == "question") != has_question:
            raise BadInput(fields={"question": ["A question tile needs a question or an insight, a text tile a text."]})
        return actions.add_tile(dashboard, actor=self.request.user, kind=kind, **fields)

    def do_change(self, thing, values):
        """Change a tile, if nobody else did since `revision`."""
        revision = values.pop("revision", thing.revision)
        return actions.update_tile(thing, actor=self.request.user, revision=revision, **self._fields(values))

    def do_delete(self, thing):
        """Delete a tile; `restore` brings it back."""
        actions.delete_tile(thing, actor=self.request.user)

    def _fields(self, values: dict) -> dict:
        """Return what the actions take: an insight in place of its id."""
        fields = {name: value for name, value in values.items() if name != "dashboard"}
        if "insight" in fields:
            fields["insight"] = get_insight(self.request.user, fields["insight"])
        if "metric" in fields:
            fields["metric"] = get_metric(self.request.user, fields["metric"])
        return fields

    @extend_schema(request=None, responses=TileOutput)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk) -> Response:
        """Bring a deleted tile back."""
        tile = get_tile(request.user, pk, write=True, with_deleted=True)
        return self.answer(actions.restore_tile(tile, actor=request.user))

    @extend_schema(request=None, responses={201: TileOutput})
    @action(detail=True, methods=["post"])
    def duplicate(self, request, pk) -> Response:
        """Put a copy beside a tile."""
        return self.answer(actions.duplicate_tile(self.get_thing(write=True), actor=request.user), 201)

    @extend_schema(
        request=inline_serializer("Step", {"direction": serializers.ChoiceField([(one, one) for one in DIRECTIONS])}),
        responses=TileOutput,
    )
    @action(detail=True, methods=["post"])
    def step(self, request, pk) -> Response:
        """Move or resize a tile by one step."""
        direction = str(request.data.get("direction", ""))
        return self.answer(actions.step_tile(self.get_thing(write=True), actor=request.user, direction=direction))

    @extend_schema(request=inline_serializer("Move", {"dashboard": serializers.CharField()}), responses=TileOutput)
    @action(detail=True, methods=["post"])
    def move(self, request, pk) -> Response:
        """Move a tile to another dashboard, named by its slug."""
        tile = self.get_thing(write=True)
        target = get_dashboard(request.user, str(request.data.get("dashboard", "")), write=True)
        return self.answer(actions.move_tile(tile, target, actor=request.user))

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"], url_path="answer", url_name="answer")
    def show_answer(self, request, pk) -> Response:
        """Return the stored answer under the dashboard's own dates and filters, with its age and state."""
        tile = self.get_thing()
        question = tile_questions([tile], own_scope(tile.dashboard), timezone.now()).get(tile.pk)
        if question is None:
            raise NotFound("A text tile has no answer.")
        products, sources = visible_slugs(request.user, [question])
        if set(question.get("products") or []) - products or set(question.get("sources") or []) - sources:
            raise NotFound()
        if reads_personal([question], request.user)[0] or (tile.metric_id and not can_see(request.user, tile.metric)):
            raise NotFound()
        stored = stored_answers([question]).get(answer_key(question))
        if stored is None:
            return Response({"state": "waiting", "question": question, "answer": None})
        return Response({name: getattr(stored, name) for name in _OF_AN_ANSWER})
