"""Suggestions, verdicts and proposed themes in the API: the same actions and the same door as the pages."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from insights.voice.feedback.public import Feedback, get_feedback
from insights.voice.suggestions.access import get_proposal, get_verdict
from insights.voice.suggestions.actions import judge, withdraw_verdict
from insights.voice.suggestions.filters import ProposalFilter, VerdictFilter
from insights.voice.suggestions.models import ThemeProposal, Verdict
from insights.voice.suggestions.proposing import accept_proposal, reject_proposal, reopen_proposal
from insights.voice.suggestions.suggesting import suggest
from insights.voice.themes.public import Theme
from portal.people.public import is_insider
from portal.shell.api import DeleteByAction, PortalRouter, ReadViewSet
from portal.shell.public import NotFound


class ProposalOutput(serializers.ModelSerializer):
    """What the API says of a proposed theme."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    feedback = serializers.SerializerMethodField(help_text="Its pieces, the nearest to its middle first; at most 20.")
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = ThemeProposal
        fields = [
            *("id", "product", "name", "words", "state", "n_pieces", "closeness", "feedback", "theme", "version"),
            *("decided_by", "decided_at", "created_at", "url"),
        ]
        read_only_fields = fields

    def get_feedback(self, proposal) -> list[int]:
        """Return the pieces nearest to its middle."""
        return [one.feedback_id for one in proposal.proposed.all() if one.position < 20]


class ProposalDecision(serializers.Serializer):
    """A decision names the version that it was made from."""

    version = serializers.IntegerField(min_value=1)


class ProposalAcceptance(ProposalDecision):
    """The theme's name and the theme above it; without a name, the proposed one."""

    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    parent = serializers.PrimaryKeyRelatedField(queryset=Theme.objects.none(), required=False, allow_null=True)

    def get_fields(self):
        """Let a theme be named that the user may see."""
        fields = super().get_fields()
        themes = Theme.objects.visible_to(self.context["request"].user)
        fields["parent"].queryset = themes.select_related("product", "team")
        return fields


class ProposalViewSet(ReadViewSet):
    """New themes that unlinked feedback seems to have; for the product's team and ops."""

    queryset = ThemeProposal.objects.select_related("product").prefetch_related("proposed")
    output_serializer_class = ProposalOutput
    filterset_class = ProposalFilter
    ordering_fields = ["n_pieces", "created_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_proposal

    @extend_schema(operation_id="theme_proposals_accept", request=ProposalAcceptance, responses=ProposalOutput)
    @action(detail=True, methods=["post"])
    def accept(self, request, pk: str) -> Response:
        """Make the theme and link the pieces that still wait without one."""
        proposal, asked = self.get_thing(write=True), self.get_input(ProposalAcceptance)
        accept_proposal(proposal, actor=request.user, **asked)
        return self.answer(self.get_thing())

    @extend_schema(operation_id="theme_proposals_reject", request=ProposalDecision, responses=ProposalOutput)
    @action(detail=True, methods=["post"])
    def reject(self, request, pk: str) -> Response:
        """Say that it is no theme; it is not offered again."""
        reject_proposal(self.get_thing(write=True), actor=request.user, **self.get_input(ProposalDecision))
        return self.answer(self.get_thing())

    @extend_schema(operation_id="theme_proposals_reopen", request=ProposalDecision, responses=ProposalOutput)
    @action(detail=True, methods=["post"])
    def reopen(self, request, pk: str) -> Response:
        """Take a rejection back."""
        reopen_proposal(self.get_thing(write=True), actor=request.user, **self.get_input(ProposalDecision))
        return self.answer(self.get_thing())


class VerdictOutput(serializers.ModelSerializer):
    """What the API says of a verdict."""

    class Meta:
        model = Verdict
        fields = ["id", "feedback", "theme", "is_accepted", "confidence", "created_by", "created_at"]
        read_only_fields = fields


class VerdictInput(serializers.Serializer):
    """Yes or no to a theme for a piece; the last word counts. A yes links nothing by itself."""

    feedback = serializers.PrimaryKeyRelatedField(queryset=Feedback.objects.none())
    theme = serializers.PrimaryKeyRelatedField(queryset=Theme.objects.none())
    is_accepted = serializers.BooleanField()

    def get_fields(self):
        """Let things be named that the user may see."""
        fields, user = super().get_fields(), self.context["request"].user
        fields["feedback"].queryset = Feedback.objects.visible_to(user)
        fields["theme"].queryset = Theme.objects.visible_to(user)
        return fields


class VerdictViewSet(DeleteByAction, ReadViewSet):
    """What people said of suggestions; the next learning knows it."""

    queryset = Verdict.objects.select_related("feedback", "theme")
    output_serializer_class = VerdictOutput
    input_serializer_class = VerdictInput
    filterset_class = VerdictFilter
    ordering_fields = ["created_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_verdict

    @extend_schema(request=VerdictInput, responses={201: VerdictOutput})
    def create(self, request, *args, **kwargs) -> Response:
        """Say yes or no."""
        values = self.get_input()
        verdict = judge(values["feedback"], values["theme"], values["is_accepted"], actor=request.user)
        return self.answer(verdict, status.HTTP_201_CREATED)

    def do_delete(self, thing):
        """Take it back: the theme may be suggested again."""
        withdraw_verdict(thing, actor=self.request.user)


class SuggestedThemeOutput(serializers.Serializer):
    """A theme that the piece may be about; confidence is null where only its name was compared."""

    theme_id = serializers.IntegerField()
    name = serializers.CharField()
    confidence = serializers.FloatField(allow_null=True)
    why = serializers.CharField()


class SimilarPieceOutput(serializers.Serializer):
    """A piece that says something alike."""

    feedback_id = serializers.IntegerField()
    score = serializers.FloatField()
    excerpt = serializers.CharField()
    themes = serializers.ListField(child=serializers.CharField())


class KnownSpeakerOutput(serializers.Serializer):
    """A person or an account whose id stands in the piece."""

    kind = serializers.CharField()
    no = serializers.IntegerField()
    id = serializers.CharField()


class SuggestionsOutput(serializers.Serializer):
    """What is suggested for a piece, and what that stands on."""

    basis = serializers.CharField()
    is_learned = serializers.BooleanField()
    themes = SuggestedThemeOutput(many=True)
    similar = SimilarPieceOutput(many=True)
    speakers = KnownSpeakerOutput(many=True)


class SuggestionViewSet(mixins.RetrieveModelMixin, GenericViewSet):
    """What is suggested for a piece of feedback, by the piece's number; for its team and ops."""

    queryset = Feedback.objects.all()
    serializer_class = SuggestionsOutput
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(operation_id="theme_suggestions_retrieve", responses=SuggestionsOutput)
    def retrieve(self, request, *args, **kwargs) -> Response:
        """Return themes, alike pieces and known speakers."""
        feedback = get_feedback(request.user, kwargs["pk"])
        if not is_insider(request.user, feedback.team_id):
            raise NotFound()
        return Response(SuggestionsOutput(suggest(feedback, request.user)).data)


router = PortalRouter()
router.register("theme-proposals", ProposalViewSet, basename="theme-proposal")
router.register("theme-suggestions", SuggestionViewSet, basename="theme-suggestion")
router.register("suggestion-verdicts", VerdictViewSet, basename="suggestion-verdict")
urlpatterns = router.urls
