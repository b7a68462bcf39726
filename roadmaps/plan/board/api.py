"""The API of the roadmap: its initiatives on any day, moves, promises, saved views, and how initiatives do."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.viewsets import GenericViewSet

from portal.people.public import Team, is_insider
from portal.shell.api import CreateByAction, DeleteByAction, PortalRouter, ReadViewSet
from roadmaps.plan.board import actions
from roadmaps.plan.board.access import get_promise, get_view
from roadmaps.plan.board.models import InitiativeHealth, Promise, SavedView, Tone
from roadmaps.plan.board.moves import moves_of, tell_moves
from roadmaps.plan.board.page import parse
from roadmaps.plan.board.promising import out_since, stand
from roadmaps.plan.board.rows import dress, rows_of
from roadmaps.plan.board.state import State
from roadmaps.planning.initiatives.public import (
    Horizon,
    Initiative,
    InitiativeVersion,
    Stage,
    get_initiative,
)


class RoadmapItemOutput(serializers.Serializer):
    """An initiative on the roadmap, as it is or as it was at the end of a day; `goal` where the reader may see it."""

    id = serializers.IntegerField(source="no")
    title = serializers.CharField()
    stage = serializers.ChoiceField(choices=Stage.choices)
    horizon = serializers.ChoiceField(choices=Horizon.choices)
    product = serializers.CharField(source="product.slug")
    team = serializers.CharField(source="team.slug")
    owner = serializers.IntegerField(source="owner_id", allow_null=True)
    goal = serializers.IntegerField(source="goal_no", allow_null=True)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    promised_on = serializers.DateField(allow_null=True)
    effort_months = serializers.FloatField(allow_null=True)
    position = serializers.IntegerField()
    health = serializers.SerializerMethodField()
    version = serializers.SerializerMethodField()

    def get_health(self, row: Any) -> str:
        """Return how it does today; "" for a past day."""
        if isinstance(row, InitiativeVersion):
            return ""
        try:
            return row.health.shown(timezone.localdate()).tone
        except InitiativeHealth.DoesNotExist:
            return str(Tone.UNKNOWN)

    def get_version(self, row: Any) -> int | None:
        """Return what a move names; nothing for a past day, which nobody changes."""
        return None if isinstance(row, InitiativeVersion) else row.version


class MoveInput(serializers.Serializer):
    """Where an initiative goes; `before` and `after` name another one. It names the version that it was seen in."""

    horizon = serializers.ChoiceField(choices=Horizon.choices, required=False)
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)
    before = serializers.IntegerField(required=False, min_value=1, max_value=2**62)
    after = serializers.IntegerField(required=False, min_value=1, max_value=2**62)
    why = serializers.CharField(required=False, allow_blank=True, max_length=300)
    version = serializers.IntegerField(min_value=1)


class SaidHealthInput(serializers.Serializer):
    """What a person says of how an initiative does, with the reason; it lapses after 14 days."""

    tone = serializers.ChoiceField(choices=[one for one in Tone.choices if one[0] != Tone.UNKNOWN])
    reason = serializers.CharField(max_length=300)


class ReasonOutput(serializers.Serializer):
    """One reason: how bad it is, and a sentence."""

    tone = serializers.CharField()
    text = serializers.CharField()


class HealthOutput(serializers.Serializer):
    """How an initiative does today, and why."""

    tone = serializers.ChoiceField(choices=Tone.choices)
    by_hand = serializers.BooleanField()
    reasons = ReasonOutput(many=True)


class InOrder(api_settings.DEFAULT_PAGINATION_CLASS):
    """Pages in the order of the roadmap."""

    ordering = ("position", "pk")


class NewestFirst(api_settings.DEFAULT_PAGINATION_CLASS):
    """Pages of moves, the newest first."""

    ordering = ("-valid_from", "-pk")


class RoadmapViewSet(mixins.ListModelMixin, GenericViewSet):
    """The roadmap of today, or with `day` as of the end of a past day; filters as in the address of its page."""

    queryset = Initiative.objects.none()
    serializer_class = RoadmapItemOutput
    pagination_class, filter_backends = InOrder, ()  # there is no other order
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self):
        """Return what the address asks for and the reader may see, in order."""
        if getattr(self, "swagger_fake_view", False):
            return Initiative.objects.none()
        asked = {name: text for name, text in self.request.GET.items() if name not in ("view", "cursor", "page_size")}
        state = parse(asked, timezone.localdate())
        return dress(rows_of(state, self.request.user), state).order_by("position", "pk")

    @extend_schema(
        parameters=[
            OpenApiParameter(name, str)
            for name in (
                "day",
                "q",
                "product",
                "team",
                "goal",
                "owner",
                "stage",
                "horizon",
                "health",
                "release",
                "done",
            )
        ]
    )
    def list(self, request, *args, **kwargs) -> Response:
        """Return what is on it."""
        return super().list(request, *args, **kwargs)

    def _shown(self, pk: int) -> Response:
        everything = State(stage="all")
        row = dress(rows_of(everything, self.request.user), everything).get(pk=pk)
        return Response(RoadmapItemOutput(row, context=self.get_serializer_context()).data)

    @extend_schema(operation_id="roadmap_move", request=MoveInput, responses=RoadmapItemOutput)
    @action(detail=True, methods=["post"])
    def move(self, request, pk: str) -> Response:
        """Move an initiative: to a horizon, to days, before or after another one."""
        initiative = get_initiative(request.user, int(pk), write=True)
        sent = MoveInput(data=request.data)
        sent.is_valid(raise_exception=True)
        values = dict(sent.validated_data)
        named = {name: values.pop(name, None) for name in ("before", "after", "version")}
        actions.move_card(initiative, actor=request.user, why=values.pop("why", ""), changes=values, **named)
        return self._shown(initiative.pk)

    @extend_schema(methods=["GET"], operation_id="roadmap_health", responses=HealthOutput)
    @extend_schema(methods=["POST"], operation_id="roadmap_health_say", request=SaidHealthInput, responses=HealthOutput)
    @extend_schema(methods=["DELETE"], operation_id="roadmap_health_unsay", responses=HealthOutput)
    @action(detail=True, methods=["get", "post", "delete"])
    def health(self, request, pk: str) -> Response:
        """Return how an initiative does; POST says otherwise with a reason, DELETE takes that away."""
        initiative = get_initiative(request.user, int(pk), write=request.method != "GET")
        if request.method == "POST":
            sent = SaidHealthInput(data=request.data)
            sent.is_valid(raise_exception=True)
            actions.say_health(initiative, actor=request.user, **sent.validated_data)
        elif request.method == "DELETE":
            actions.unsay_health(initiative, actor=request.user)
        row = InitiativeHealth.objects.filter(pk=initiative.pk).first() or InitiativeHealth(initiative=initiative)
        return Response(HealthOutput(row.shown(timezone.localdate())).data)


class MoveOutput(serializers.Serializer):
    """One change of an initiative: when, by whom, why, and what."""

    at = serializers.DateTimeField()
    initiative = serializers.IntegerField(source="no")
    title = serializers.CharField()
    by = serializers.SerializerMethodField()
    why = serializers.CharField()
    is_new = serializers.BooleanField()
    changes = serializers.SerializerMethodField()

    def get_by(self, move: Any) -> int | None:
        """Return the number of who made it."""
        return move.by.pk if move.by else None

    def get_changes(self, move: Any) -> list[str]:
        """Return what it changed, in words."""
        return [str(one) for one in move.changes]


class MoveViewSet(mixins.ListModelMixin, GenericViewSet):
    """Every move on the roadmap, the newest first."""

    queryset = InitiativeVersion.objects.none()
    serializer_class = MoveOutput
    pagination_class, filter_backends = NewestFirst, ()

    def get_queryset(self):
        """Return the versions that the reader may see."""
        if getattr(self, "swagger_fake_view", False):
            return InitiativeVersion.objects.none()
        asked = self.request.GET
        found = moves_of(self.request.user, product=asked.get("product", "")[:60], text=asked.get("q", "")[:200])
        return found.select_related("initiative", "by")

    @extend_schema(parameters=[OpenApiParameter("product", str), OpenApiParameter("q", str)])
    def list(self, request, *args, **kwargs) -> Response:
        """Return a page of moves, told with what each changed."""
        page = self.paginate_queryset(self.get_queryset())
        told = tell_moves(page, request.user)
        return self.get_paginated_response(self.get_serializer(told, many=True).data)


class PromiseOutput(serializers.ModelSerializer):
    """What the API says of a promise; to whom and its words are for the initiative's team and ops."""

    standing = serializers.SerializerMethodField()
    to_whom = serializers.SerializerMethodField()
    words = serializers.SerializerMethodField()

    class Meta:
        model = Promise
        fields = ["id", "initiative", "to_whom", "words", "due_on", "made_on", "made_by", "standing", "created_at"]
        read_only_fields = fields

    def get_standing(self, promise: Promise) -> str:
        """Return how it stands today; days are read once for all promises of the page."""
        known = self.context.setdefault("out", {})
        if not known:
            page = self.parent.instance if self.parent is not None else [promise]
            known.update(out_since({one.initiative_id for one in page}), asked=True)
        return stand(promise, known.get(promise.initiative_id), timezone.localdate()).name

    def get_to_whom(self, promise: Promise) -> str:
        """Return whom it was made to, "" where that is not for the reader."""
        return promise.to_whom if is_insider(self.context["request"].user, promise.team_id) else ""

    def get_words(self, promise: Promise) -> str:
        """Return what was said, "" where that is not for the reader."""
        return promise.words if is_insider(self.context["request"].user, promise.team_id) else ""


class PromiseInput(serializers.Serializer):
    """What somebody was promised."""

    initiative = serializers.PrimaryKeyRelatedField(queryset=Initiative.objects.none())
    to_whom = serializers.CharField(max_length=200)
    due_on = serializers.DateField()
    words = serializers.CharField(required=False, allow_blank=True, max_length=500)
    made_on = serializers.DateField(required=False)

    def get_fields(self):
        """Let initiatives be named that the user may see."""
        fields = super().get_fields()
        fields["initiative"].queryset = Initiative.objects.visible_to(self.context["request"].user).of_rows()
        return fields


class WithdrawInput(serializers.Serializer):
    """Why a promise is taken back."""

    why = serializers.CharField(max_length=300)


class PromiseViewSet(CreateByAction, ReadViewSet):
    """What was promised to whom, and whether it was kept."""

    queryset = Promise.objects.of_rows()
    output_serializer_class = PromiseOutput
    input_serializer_class = PromiseInput
    filterset_fields = ["initiative", "initiative__product__slug"]
    ordering_fields = ["due_on", "made_on"]
    lookup_value_regex = r"\d{1,18}"
    door = get_promise

    def do_create(self, values):
        """Write a promise down."""
        return actions.make_promise(values.pop("initiative"), actor=self.request.user, **values)

    @extend_schema(operation_id="promises_withdraw", request=WithdrawInput, responses=PromiseOutput)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk: str) -> Response:
        """Take it back, with the reason; the log keeps it."""
        promise = self.get_thing(write=True)
        actions.withdraw_promise(promise, actor=request.user, **self.get_input(WithdrawInput))
        return self.answer(self.get_thing())


class SavedViewOutput(serializers.ModelSerializer):
    """What the API says of a saved view."""

    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = SavedView
        fields = ["id", "name", "asked", "owner", "team", "url", "created_at", "updated_at"]
        read_only_fields = fields


class SavedViewInput(serializers.Serializer):
    """A view to keep: what its address asks for, by name."""

    name = serializers.CharField(max_length=120)
    asked = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=200), default=dict)
    team = serializers.SlugRelatedField(slug_field="slug", queryset=Team.objects.all(), required=False, allow_null=True)


class SavedViewViewSet(CreateByAction, DeleteByAction, ReadViewSet):
    """Views of the roadmap that people kept."""

    queryset = SavedView.objects.select_related("owner", "team")
    output_serializer_class = SavedViewOutput
    input_serializer_class = SavedViewInput
    ordering_fields = ["name", "updated_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_view

    def do_create(self, values):
        """Keep a view."""
        state = parse(values.pop("asked"), timezone.localdate())
        return actions.save_view(actor=self.request.user, state=state, **values)

    def do_delete(self, thing):
        """Delete one's own."""
        actions.delete_view(thing, actor=self.request.user)


router = PortalRouter()
router.register("roadmap", RoadmapViewSet, basename="roadmap")
router.register("roadmap-moves", MoveViewSet, basename="roadmap-move")
router.register("roadmap-views", SavedViewViewSet, basename="roadmap-view")
router.register("promises", PromiseViewSet, basename="promise")
urlpatterns = router.urls
