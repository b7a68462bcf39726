"""Findings and their evidence in the API: the same actions and the same door as the pages."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.voice.findings.access import get_evidence, get_finding
from insights.voice.findings.actions import create_finding, delete_finding, review_finding, update_finding
from insights.voice.findings.contracts import AGAINST, FOR, Backing
from insights.voice.findings.filters import EvidenceFilter, FindingFilter
from insights.voice.findings.gathering import add_evidence, change_evidence, remove_evidence
from insights.voice.findings.models import Evidence, Finding, Review
from insights.voice.findings.picking import QUOTE
from insights.voice.findings.queries import show_evidence
from insights.voice.findings.sizes import measure_backing
from portal.people.api_fields import ProductField, with_owner
from portal.people.public import Visibility
from portal.shell.api import ActionViewSet, PortalRouter


class FindingOutput(serializers.ModelSerializer):
    """What the API says of a finding; `standing` is where it stands today."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)
    standing = serializers.SerializerMethodField()

    class Meta:
        model = Finding
        fields = [
            *("id", "claim", "meaning", "product", "method", "how", "n", "n_of", "confidence", "state", "standing"),
            *("valid_until", "stated_on", "reviewed_on", "team", "owner", "visibility", "version", "url"),
            *("created_at", "updated_at"),
        ]
        read_only_fields = fields

    def get_standing(self, finding) -> str:
        """Return where it stands today."""
        return finding.standing_on(timezone.localdate()).value


class FindingChange(serializers.Serializer):
    """A change names the version that it was made from."""

    claim = serializers.CharField(max_length=300)
    meaning = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    method = serializers.ChoiceField(choices=Finding.Method.choices, required=False)
    how = serializers.CharField(required=False, allow_blank=True, max_length=4_000)
    n = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**31 - 1)
    n_of = serializers.CharField(required=False, max_length=40)
    confidence = serializers.ChoiceField(choices=Finding.Confidence.choices, required=False)
    owner = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**31 - 1)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    version = serializers.IntegerField(min_value=1)


class FindingInput(FindingChange):
    """What the API takes to write a claim down."""

    product = ProductField()
    version = None


class ReviewInput(serializers.Serializer):
    """What somebody says of a finding now; `version` is the one that was read."""

    outcome = serializers.ChoiceField(choices=Review.Outcome.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=2_000)
    confidence = serializers.ChoiceField(choices=Finding.Confidence.choices, required=False)
    valid_until = serializers.DateField(required=False, allow_null=True)
    version = serializers.IntegerField(min_value=1)


class ReviewOutput(serializers.ModelSerializer):
    """One time that a finding was reviewed."""

    class Meta:
        model = Review
        fields = [
            *("id", "outcome", "note", "confidence", "valid_until", "n_for", "n_against", "is_by_evidence"),
            *("made_by", "made_at"),
        ]
        read_only_fields = fields


class BackingOutput(serializers.Serializer):
    """How much stands on one side of a claim."""

    n_evidence = serializers.IntegerField()
    n_quotes = serializers.IntegerField()
    n_texts = serializers.IntegerField()
    n_people = serializers.IntegerField()
    n_accounts = serializers.IntegerField()
    last_said_on = serializers.DateField(allow_null=True)


class BackingsOutput(serializers.Serializer):
    """How much stands on each side of a claim; people and accounts count once."""

    locals()["for"] = BackingOutput()
    against = BackingOutput()


class FindingViewSet(ActionViewSet):
    """Claims about customers, with what speaks for and against them, and until when they hold."""

    queryset = Finding.objects.dressed()
    output_serializer_class = FindingOutput
    input_serializer_class = FindingInput
    change_serializer_class = FindingChange
    filterset_class = FindingFilter
    ordering_fields = ["claim", "confidence", "valid_until", "created_at", "updated_at"]
    lookup_value_regex = r"\d{1,18}"
    revision_field = "version"
    door = get_finding

    def do_create(self, values):
        """Write a claim down, as a draft."""
        product = values.pop("product")
        return create_finding(product, actor=self.request.user, **with_owner(values, product.team_id))

    def do_change(self, thing, values):
        """Change a finding."""
        update_finding(thing, actor=self.request.user, **with_owner(values, thing.team_id))
        return self.get_thing()

    def do_delete(self, thing):
        """Delete a draft."""
        delete_finding(thing, actor=self.request.user)

    @extend_schema(operation_id="findings_review", request=ReviewInput, responses=FindingOutput)
    @action(detail=True, methods=["post"])
    def review(self, request, pk: str) -> Response:
        """State a draft, or say whether a finding still stands."""
        review_finding(self.get_thing(write=True), actor=request.user, **self.get_input(ReviewInput))
        return self.answer(self.get_thing())

    @extend_schema(operation_id="findings_reviews", responses=ReviewOutput(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def reviews(self, request, pk: str) -> Response:
        """Return each time that it was reviewed, the newest first."""
        return Response(ReviewOutput(self.get_thing().reviews.all(), many=True).data)

    @extend_schema(operation_id="findings_backing", responses=BackingsOutput)
    @action(detail=True, methods=["get"])
    def backing(self, request, pk: str) -> Response:
        """Return how much stands on each side: evidence, and the texts, people and accounts behind its quotes."""
        finding = self.get_thing()
        found = measure_backing([finding.pk])
        sides = {side: found.get((finding.pk, side), Backing()) for side in (FOR, AGAINST)}
        return Response(BackingsOutput(sides).data)


class EvidenceOutput(serializers.ModelSerializer):
    """What the API says of evidence; `words` are null where the thing is gone, or not for the reader."""

    words = serializers.SerializerMethodField(help_text="The quote, or what the thing is called now.")

    class Meta:
        model = Evidence
        fields = [
            *("id", "finding", "side", "kind", "highlight", "thing_id", "title", "words", "note"),
            *("created_by", "created_at"),
        ]
        read_only_fields = fields

    def get_words(self, evidence) -> str | None:
        """Return what it says, as the reader may see it."""
        if not hasattr(evidence, "shown"):
            (evidence.shown,) = show_evidence([evidence], self.context["request"].user)
        shown = evidence.shown
        return shown.thing.title if shown.thing else None


class EvidenceChange(serializers.Serializer):
    """On which side it stands, and what it shows."""

    side = serializers.ChoiceField(choices=Evidence.Side.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=500)


class EvidenceInput(EvidenceChange):
    """A thing that speaks for or against a claim: by default a highlight."""

    finding = serializers.PrimaryKeyRelatedField(queryset=Finding.objects.none())
    kind = serializers.CharField(max_length=30, default=QUOTE)
    thing_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)

    def get_fields(self):
        """Let findings be named that the user may see."""
        fields = super().get_fields()
        fields["finding"].queryset = Finding.objects.visible_to(self.context["request"].user).dressed()
        return fields


class EvidenceViewSet(ActionViewSet):
    """What speaks for and against findings; what contradicts one that stands puts it in question."""

    queryset = Evidence.objects.select_related("finding", "highlight")
    output_serializer_class = EvidenceOutput
    input_serializer_class = EvidenceInput
    change_serializer_class = EvidenceChange
    filterset_class = EvidenceFilter
    ordering_fields = ["created_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_evidence

    def paginate_queryset(self, queryset):
        """Read what the things of a page say in one go."""
        rows = super().paginate_queryset(queryset)
        for row, shown in zip(rows, show_evidence(rows, self.request.user), strict=True):
            row.shown = shown
        return rows

    def create(self, request, *args, **kwargs) -> Response:
        """Add evidence: 201 where it is new, 200 where it was there before."""
        values = self.get_input()
        evidence, is_new = add_evidence(values.pop("finding"), actor=request.user, **values)
        return self.answer(evidence, status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    def do_change(self, thing, values):
        """Say on which side it stands, and what it shows."""
        return change_evidence(thing, actor=self.request.user, **values)

    def do_delete(self, thing):
        """Take evidence away."""
        remove_evidence(thing, actor=self.request.user)


router = PortalRouter()
router.register("findings", FindingViewSet, basename="finding")
router.register("finding-evidence", EvidenceViewSet, basename="evidence")
urlpatterns = router.urls
