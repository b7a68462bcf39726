"""The API of outcomes: bets with what was measured of them, outcome reviews, calibration, the price of a month."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from insights.adoption.public import Feature
from insights.metrics.public import Metric, hidden_metrics
from portal.operations.public import enqueue_on_commit
from portal.shell.api import ActionViewSet, PortalRouter, ReadViewSet
from portal.shell.public import NotAllowed
from roadmaps.outcomes import actions
from roadmaps.outcomes.access import get_bet, get_review
from roadmaps.outcomes.calibration import read_calibrations
from roadmaps.outcomes.filters import BetFilter, ReviewFilter
from roadmaps.outcomes.models import Bet, Measurement, MonthCost, OutcomeReview
from roadmaps.planning.initiatives.public import Initiative

_HIDDEN = ("metric", "feature", "low", "high", "confidence", "why", "measured")


class BetOutput(serializers.ModelSerializer):
    """What the API says of a bet; numbers of a metric that is not for the reader are null. Rates are 0 to 1."""

    is_hidden = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Bet
        fields = [
            *("id", "initiative", "metric", "feature", "aim", "low", "high", "days", "confidence", "why", "author"),
            *("locked_at", "is_late", "released_on", "measured", "verdict", "judged_at", "is_hidden"),
            *("version", "url", "created_at", "updated_at"),
        ]
        read_only_fields = fields

    def get_is_hidden(self, bet: Bet) -> bool:
        """Say whether its numbers are left out."""
        if "hidden" not in self.context:
            rows = self.root.instance if isinstance(self.root, serializers.ListSerializer) else [bet]
            self.context["hidden"] = hidden_metrics(self.context["request"].user, [one.metric for one in rows])
        return bet.metric_id in self.context["hidden"]

    def to_representation(self, instance: Bet) -> dict[str, Any]:
        """Leave the numbers out that are not for the reader."""
        said = super().to_representation(instance)
        return said | dict.fromkeys(_HIDDEN) if said["is_hidden"] else said


class BetChange(serializers.Serializer):
    """A change names the version that it was made from. Sizes are amounts of 0 or more; rates are 0 to 1."""

    metric = serializers.PrimaryKeyRelatedField(queryset=Metric.objects.none())
    feature = serializers.PrimaryKeyRelatedField(queryset=Feature.objects.none(), required=False, allow_null=True)
    aim = serializers.ChoiceField(choices=Bet.Aim.choices, required=False)
    low = serializers.FloatField()
    high = serializers.FloatField()
    days = serializers.ChoiceField(choices=Bet.After.choices, required=False)
    confidence = serializers.FloatField()
    why = serializers.CharField(required=False, allow_blank=True, max_length=4_000)
    version = serializers.IntegerField(min_value=1)

    def get_fields(self):
        """Let metrics and features be named that the user may see."""
        fields, user = super().get_fields(), self.context["request"].user
        fields["metric"].queryset = Metric.objects.visible_to(user).live().select_related("current__series", "product")
        fields["feature"].queryset = Feature.objects.visible_to(user)
        return fields


class BetInput(BetChange):
    """What the API takes to bet on an initiative."""

    initiative = serializers.PrimaryKeyRelatedField(queryset=Initiative.objects.none())
    version = None

    def get_fields(self):
        """Let initiatives be named that the user may see."""
        fields = super().get_fields()
        fields["initiative"].queryset = Initiative.objects.visible_to(self.context["request"].user)
        return fields


class MeasurementOutput(serializers.ModelSerializer):
    """What was measured of a bet at so many days by one method, with its 95 % interval."""

    class Meta:
        model = Measurement
        fields = [
            *("id", "days", "method", "value", "low", "high", "actual", "expected", "reaches", "why_none"),
            *("path", "facts", "measured_at"),
        ]
        read_only_fields = fields


class BetViewSet(ActionViewSet):
    """What initiatives are expected to do to metrics, and what they did."""

    queryset = Bet.objects.of_rows()
    output_serializer_class = BetOutput
    input_serializer_class = BetInput
    change_serializer_class = BetChange
    filterset_class = BetFilter
    ordering_fields = ["created_at", "updated_at", "released_on", "judged_at"]
    lookup_value_regex = r"\d{1,18}"
    revision_field = "version"
    door = get_bet

    def do_create(self, values):
        """Write a bet down."""
        return actions.write_bet(values.pop("initiative"), actor=self.request.user, **values)

    def do_change(self, thing, values):
        """Change a bet that is not locked."""
        return actions.update_bet(thing, actor=self.request.user, **values)

    def do_delete(self, thing):
        """Delete a bet that is not locked."""
        actions.delete_bet(thing, actor=self.request.user)

    @extend_schema(operation_id="bets_measurements", responses=MeasurementOutput(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def measurements(self, request, pk: str) -> Response:
        """List what was measured of it."""
        bet = self.get_thing()
        if hidden_metrics(request.user, [bet.metric]):
            raise NotAllowed("The metric behind it is not shared with you.")
        return Response(MeasurementOutput(bet.measurements.all(), many=True).data)

    @extend_schema(operation_id="bets_measure", request=None, responses={202: BetOutput})
    @action(detail=True, methods=["post"])
    def measure(self, request, pk: str) -> Response:
        """Have a worker measure it again."""
        bet = self.get_thing(write=True)
        with transaction.atomic():
            enqueue_on_commit("outcomes.measure_again", bet_id=bet.pk)
        return self.answer(bet, status.HTTP_202_ACCEPTED)


class OutcomeReviewOutput(serializers.ModelSerializer):
    """What the API says of an outcome review; `decision` is empty while nobody answered."""

    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = OutcomeReview
        fields = [
            *("id", "initiative", "asked_at", "decision", "learned", "reviewed_by", "reviewed_at", "version", "url"),
        ]
        read_only_fields = fields


class ReviewAnswerInput(serializers.Serializer):
    """What becomes of an initiative and what was learned; names the version that was read."""

    decision = serializers.ChoiceField(choices=OutcomeReview.Decision.choices)
    learned = serializers.CharField(max_length=20_000)
    version = serializers.IntegerField(min_value=1)


class OutcomeReviewViewSet(ReadViewSet):
    """What became of initiatives, and what was learned."""

    queryset = OutcomeReview.objects.of_rows()
    output_serializer_class = OutcomeReviewOutput
    filterset_class = ReviewFilter
    ordering_fields = ["asked_at", "reviewed_at"]
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(operation_id="outcome_reviews_answer", request=ReviewAnswerInput, responses=OutcomeReviewOutput)
    @action(detail=True, methods=["post"], url_path="answer", url_name="answer")
    def answer_review(self, request, pk: str) -> Response:
        """Say what becomes of it and what was learned."""
        review = get_review(request.user, int(pk), write=True)
        answered = actions.answer_review(review, actor=request.user, **self.get_input(ReviewAnswerInput))
        return self.answer(OutcomeReview.objects.of_rows().get(pk=answered.pk))


class CalibrationOutput(serializers.Serializer):
    """How good a team's bets were; `team` null counts all. Shares are 0 to 1."""

    team = serializers.CharField(source="team.slug", default=None, allow_null=True)
    n = serializers.IntegerField(source="found.n")
    n_paid_off = serializers.IntegerField(source="found.n_paid_off")
    n_within = serializers.IntegerField(source="found.n_within")
    sure = serializers.FloatField(source="found.sure", allow_null=True)
    brier = serializers.FloatField(source="found.brier", allow_null=True)
    reached = serializers.FloatField(source="found.reached", allow_null=True)
    suggested = serializers.FloatField(source="found.suggested", allow_null=True)


class CalibrationViewSet(GenericViewSet):
    """How good bets were, of all and by team."""

    queryset = Bet.objects.none()
    serializer_class = CalibrationOutput
    pagination_class = None

    @extend_schema(responses=CalibrationOutput(many=True))
    def list(self, request) -> Response:
        """List the calibration of all judged bets and of each team's."""
        return Response(CalibrationOutput(read_calibrations(request.user)[0], many=True).data)


class MonthCostOutput(serializers.ModelSerializer):
    """What a person-month costs."""

    class Meta:
        model = MonthCost
        fields = ["amount", "currency", "version", "updated_at"]
        read_only_fields = fields


class MonthCostInput(serializers.Serializer):
    """What a person-month costs from now on; `version` is 0 while nobody said."""

    amount = serializers.FloatField()
    currency = serializers.CharField(max_length=8)
    version = serializers.IntegerField(min_value=0)


class MonthCostViewSet(GenericViewSet):
    """What a person-month costs: one row or none."""

    queryset = MonthCost.objects.none()
    serializer_class = MonthCostOutput
    pagination_class = None

    @extend_schema(responses=MonthCostOutput(many=True))
    def list(self, request) -> Response:
        """List it; nothing while nobody said."""
        return Response(MonthCostOutput(MonthCost.objects.all(), many=True).data)

    @extend_schema(request=MonthCostInput, responses=MonthCostOutput)
    def create(self, request) -> Response:
        """Say it."""
        sent = MonthCostInput(data=request.data)
        sent.is_valid(raise_exception=True)
        return Response(MonthCostOutput(actions.set_month_cost(actor=request.user, **sent.validated_data)).data)


router = PortalRouter()
router.register("bets", BetViewSet, basename="bet")
router.register("outcome-reviews", OutcomeReviewViewSet, basename="outcome-review")
router.register("calibrations", CalibrationViewSet, basename="calibration")
router.register("month-costs", MonthCostViewSet, basename="month-cost")
urlpatterns = router.urls
