"""Opportunities, their evidence and decisions in the API: the same actions and the same door as the pages."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.voice.findings.public import QUOTE, show_evidence
from portal.people.api_fields import ProductField, with_owner
from portal.people.public import Visibility
from portal.shell.api import ActionViewSet, PortalRouter
from portal.shell.public import registry
from roadmaps.planning.opportunities import actions
from roadmaps.planning.opportunities.access import get_evidence, get_opportunity
from roadmaps.planning.opportunities.contracts import IMPORTANT, ProofKind
from roadmaps.planning.opportunities.demand import demand_of
from roadmaps.planning.opportunities.filters import EvidenceFilter, OpportunityFilter
from roadmaps.planning.opportunities.gathering import add_evidence, change_evidence, remove_evidence
from roadmaps.planning.opportunities.models import Decision, Evidence, Opportunity


class OpportunityOutput(serializers.ModelSerializer):
    """What the API says of an opportunity."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Opportunity
        fields = [
            *("id", "title", "problem", "who", "state", "product", "team", "owner", "visibility", "version", "url"),
            *("created_at", "updated_at"),
        ]
        read_only_fields = fields


class OpportunityChange(serializers.Serializer):
    """A change names the version that it was made from; another state is a decision, with `why`."""

    title = serializers.CharField(max_length=200)
    problem = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    who = serializers.CharField(required=False, allow_blank=True, max_length=300)
    state = serializers.ChoiceField(choices=Opportunity.State.choices, required=False)
    owner = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**31 - 1)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    why = serializers.CharField(required=False, allow_blank=True, max_length=actions.LONGEST_WHY)
    version = serializers.IntegerField(min_value=1)


class OpportunityInput(OpportunityChange):
    """What the API takes to write an opportunity down."""

    product = ProductField()
    why = None
    version = None


class OpportunityDecisionOutput(serializers.ModelSerializer):
    """One line of the log of decisions."""

    class Meta:
        model = Decision
        fields = ["id", "what", "why", "by", "at"]
        read_only_fields = fields


class OpportunityDecisionInput(serializers.Serializer):
    """What was decided, and why."""

    what = serializers.CharField(max_length=200)
    why = serializers.CharField(required=False, allow_blank=True, max_length=actions.LONGEST_WHY)


class DemandCounts(serializers.Serializer):
    """Who asks: an account counts once, at the highest weight that anybody gave."""

    n_pieces = serializers.IntegerField()
    n_people = serializers.IntegerField()
    n_accounts = serializers.IntegerField()
    n_critical = serializers.IntegerField()
    n_important = serializers.IntegerField()
    n_nice = serializers.IntegerField()
    last_said_on = serializers.DateField(allow_null=True)


class DemandSegmentOutput(serializers.Serializer):
    """The accounts of one segment that ask; the name is "" where nothing is known."""

    name = serializers.CharField(allow_blank=True)
    n_accounts = serializers.IntegerField()
    n_known = serializers.IntegerField()
    revenue = serializers.FloatField(allow_null=True)


class DemandOutput(serializers.Serializer):
    """Demand in full: revenue is the sum over the `n_with_revenue` accounts of which it is known."""

    demand = DemandCounts()
    revenue = serializers.FloatField(allow_null=True)
    n_with_revenue = serializers.IntegerField()
    unit = serializers.CharField(allow_blank=True)
    grouped_by = serializers.CharField(allow_blank=True)
    segments = DemandSegmentOutput(many=True)


class OpportunityViewSet(ActionViewSet):
    """Problems that could be worth solving, with the evidence for them and who asks."""

    queryset = Opportunity.objects.of_rows()
    output_serializer_class = OpportunityOutput
    input_serializer_class = OpportunityInput
    change_serializer_class = OpportunityChange
    filterset_class = OpportunityFilter
    ordering_fields = ["title", "state", "created_at", "updated_at"]
    lookup_value_regex = r"\d{1,18}"
    revision_field = "version"
    door = get_opportunity

    def do_create(self, values):
        """Write an opportunity down."""
        product = values.pop("product")
        return actions.create_opportunity(product, actor=self.request.user, **with_owner(values, product.team_id))

    def do_change(self, thing, values):
        """Change an opportunity."""
        actions.update_opportunity(thing, actor=self.request.user, **with_owner(values, thing.team_id))
        return self.get_thing()

    def do_delete(self, thing):
        """Delete an opportunity on which nothing hangs."""
        actions.delete_opportunity(thing, actor=self.request.user)

    @extend_schema(operation_id="opportunities_demand", responses=DemandOutput)
    @action(detail=True, methods=["get"])
    def demand(self, request, pk: str) -> Response:
        """Return who asks: people, accounts by weight, what they pay, and their segments."""
        return Response(DemandOutput(demand_of(self.get_thing(), request.user)).data)

    @extend_schema(operation_id="opportunities_decisions", responses=OpportunityDecisionOutput(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def decisions(self, request, pk: str) -> Response:
        """Return what was decided, the newest first."""
        return Response(OpportunityDecisionOutput(self.get_thing().decisions.all(), many=True).data)

    @extend_schema(
        operation_id="opportunities_decide",
        request=OpportunityDecisionInput,
        responses={201: OpportunityDecisionOutput},
    )
    @action(detail=True, methods=["post"])
    def decide(self, request, pk: str) -> Response:
        """Note what was decided."""
        made = actions.decide(
            self.get_thing(write=True), actor=request.user, **self.get_input(OpportunityDecisionInput)
        )
        return Response(OpportunityDecisionOutput(made).data, status.HTTP_201_CREATED)


class ProofOutput(serializers.ModelSerializer):
    """What the API says of evidence; `words` are null where the thing is gone, or not for the reader."""

    words = serializers.SerializerMethodField(help_text="The quote, or what the thing is called now.")

    class Meta:
        model = Evidence
        fields = [
            *("id", "opportunity", "kind", "highlight", "feedback", "thing_id", "title", "words", "weight", "note"),
            *("created_by", "created_at"),
        ]
        read_only_fields = fields

    def get_words(self, evidence) -> str | None:
        """Return what it says, as the reader may see it."""
        if not hasattr(evidence, "shown"):
            (evidence.shown,) = show_evidence([evidence], self.context["request"].user, *registry.all(ProofKind))
        return evidence.shown.thing.title if evidence.shown.thing else None


class ProofChange(serializers.Serializer):
    """How much it weighs, and what it shows."""

    weight = serializers.ChoiceField(choices=Evidence.Weight.choices, default=IMPORTANT)
    note = serializers.CharField(required=False, allow_blank=True, max_length=500)


class ProofInput(ProofChange):
    """A thing that shows an opportunity to be real: by default a highlight."""

    opportunity = serializers.PrimaryKeyRelatedField(queryset=Opportunity.objects.none())
    kind = serializers.CharField(max_length=30, default=QUOTE)
    thing_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)

    def get_fields(self):
        """Let opportunities be named that the user may see."""
        fields = super().get_fields()
        fields["opportunity"].queryset = Opportunity.objects.visible_to(self.context["request"].user).of_rows()
        return fields


class ProofViewSet(ActionViewSet):
    """What shows opportunities to be real: quotes, feedback, findings, themes and more, each with its weight."""

    queryset = Evidence.objects.select_related("opportunity", "highlight")
    output_serializer_class = ProofOutput
    input_serializer_class = ProofInput
    change_serializer_class = ProofChange
    filterset_class = EvidenceFilter
    ordering_fields = ["created_at", "weight"]
    lookup_value_regex = r"\d{1,18}"
    door = get_evidence

    def paginate_queryset(self, queryset):
        """Read what the things of a page say in one go."""
        rows = super().paginate_queryset(queryset)
        shown_rows = show_evidence(rows, self.request.user, *registry.all(ProofKind))
        for row, shown in zip(rows, shown_rows, strict=True):
            row.shown = shown
        return rows

    def create(self, request, *args, **kwargs) -> Response:
        """Add evidence: 201 where it is new, 200 where it was there before."""
        values = self.get_input()
        evidence, is_new = add_evidence(values.pop("opportunity"), actor=request.user, **values)
        return self.answer(evidence, status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    def do_change(self, thing, values):
        """Say how much it weighs, and what it shows."""
        return change_evidence(thing, actor=self.request.user, **values)

    def do_delete(self, thing):
        """Take evidence away."""
        remove_evidence(thing, actor=self.request.user)


router = PortalRouter()
router.register("opportunities", OpportunityViewSet, basename="opportunity")
router.register("opportunity-evidence", ProofViewSet, basename="opportunity-evidence")
urlpatterns = router.urls
