"""Highlights in the API: the same actions and the same door as the pages."""

from rest_framework import serializers, status
from rest_framework.response import Response

from insights.voice.conversations.public import PARTS, Conversation
from insights.voice.feedback.public import Feedback
from insights.voice.highlights.access import get_highlight
from insights.voice.highlights.actions import add_highlight, delete_highlight, update_highlight
from insights.voice.highlights.filters import HighlightFilter
from insights.voice.highlights.models import Highlight, one_piece
from insights.voice.texts.public import LONGEST_QUOTE
from portal.people.public import is_insider
from portal.shell.api import ActionViewSet, PortalRouter


class HighlightOutput(serializers.ModelSerializer):
    """What the API says of a highlight; masked for readers of other teams."""

    quote = serializers.SerializerMethodField()
    original = serializers.SerializerMethodField(help_text="The words that were quoted first, if the text has changed.")
    note = serializers.SerializerMethodField()
    speaker = serializers.SerializerMethodField(help_text="In whose turn of a transcript it stands.")
    product = serializers.CharField(source="piece.product.slug", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Highlight
        fields = [
            *("id", "feedback", "conversation", "part", "speaker", "product", "quote", "original", "start", "note"),
            *("created_by", "url"),
            *("created_at", "updated_at"),
        ]
        read_only_fields = fields

    def _inside(self, highlight, value: str) -> str:
        return value if is_insider(self.context["request"].user, highlight.team_id) else ""

    def get_quote(self, highlight) -> str:
        """Return the words as the reader may see them."""
        return highlight.quote_for(self.context["request"].user)

    def get_original(self, highlight) -> str:
        """Return the first words, to the team."""
        return self._inside(highlight, highlight.original)

    def get_note(self, highlight) -> str:
        """Return the note, to the team."""
        return self._inside(highlight, highlight.note)

    def get_speaker(self, highlight) -> str:
        """Return who said it, to the team."""
        return self._inside(highlight, highlight.speaker)


class HighlightChange(serializers.Serializer):
    """What can be changed of a highlight."""

    note = serializers.CharField(max_length=500, allow_blank=True)


class HighlightInput(serializers.Serializer):
    """Words of a piece of feedback or of a conversation; `start` says which of equal words are meant."""

    feedback = serializers.PrimaryKeyRelatedField(queryset=Feedback.objects.none(), required=False, allow_null=True)
    conversation = serializers.PrimaryKeyRelatedField(
        queryset=Conversation.objects.none(), required=False, allow_null=True
    )
    part = serializers.ChoiceField(
        choices=list(PARTS.items()), required=False, allow_blank=True, help_text="Of a conversation; empty: found."
    )
    quote = serializers.CharField(max_length=LONGEST_QUOTE, trim_whitespace=False)
    start = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=2**31 - 1, help_text="The first letter, in code points."
    )
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)

    def get_fields(self):
        """Let feedback and conversations be named that the user may see."""
        fields, user = super().get_fields(), self.context["request"].user
        fields["feedback"].queryset = Feedback.objects.visible_to(user)
        fields["conversation"].queryset = Conversation.objects.visible_to(user)
        return fields

    def validate(self, attrs):
        """Take words of one text."""
        return one_piece(attrs)


class HighlightViewSet(ActionViewSet):
    """Quoted parts of what people said; each keeps its place while the text is edited."""

    queryset = Highlight.objects.dressed()
    output_serializer_class = HighlightOutput
    input_serializer_class = HighlightInput
    change_serializer_class = HighlightChange
    filterset_class = HighlightFilter
    ordering_fields = ["created_at", "updated_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_highlight

    def create(self, request, *args, **kwargs) -> Response:
        """Highlight words: 201 where they are new, 200 where they are highlighted already."""
        values = self.get_input()
        highlight, is_new = add_highlight(values.pop("piece"), actor=request.user, **values)
        return self.answer(highlight, status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    def do_change(self, thing, values):
        """Change the note."""
        if "note" in values:
            update_highlight(thing, actor=self.request.user, note=values["note"])
        return self.get_thing()

    def do_delete(self, thing):
        """Take a highlight back."""
        delete_highlight(thing, actor=self.request.user)


router = PortalRouter()
router.register("highlights", HighlightViewSet, basename="highlight")
urlpatterns = router.urls
