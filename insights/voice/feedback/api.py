"""Feedback and channels in the API: the same actions and the same door as the pages."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.contacts.public import LONGEST_ID
from insights.voice.feedback.access import get_attachment, get_feedback
from insights.voice.feedback.actions import add_feedback, delete_feedback, update_feedback
from insights.voice.feedback.attachments import attach_file, remove_attachment
from insights.voice.feedback.file_types import MOST_BYTES
from insights.voice.feedback.filters import FeedbackFilter
from insights.voice.feedback.models import Attachment, Channel, Feedback
from insights.voice.feedback.showing import text_for, title_for
from insights.voice.feedback.views.files import refuse_large
from insights.voice.texts.public import LANGUAGE_CHOICES, LONGEST_TEXT
from portal.people.api_fields import with_owner
from portal.people.public import Product, Visibility, is_insider
from portal.shell.api import ActionViewSet, PortalRouter, ReadViewSet
from portal.shell.public import BadInput, NotFound, own_body_limit

_FOR_INSIDERS = ("person", "account", "author", "origin_id", "origin_url")


class ChannelOutput(serializers.ModelSerializer):
    """What the API says of a channel."""

    class Meta:
        model = Channel
        fields = ["id", "slug", "name", "is_retired"]
        read_only_fields = fields


class SpeakerOutput(serializers.Serializer):
    """A person or an account: the number that leads to it, and its id."""

    no = serializers.IntegerField()
    id = serializers.CharField()


class AttachmentOutput(serializers.ModelSerializer):
    """A file on a piece of feedback; `url` hands it out to be saved."""

    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Attachment
        fields = ["id", "name", "kind", "n_bytes", "url", "created_at"]
        read_only_fields = fields


class AttachmentInput(serializers.Serializer):
    """A file to keep with a piece of feedback."""

    file = serializers.FileField()


class FeedbackOutput(serializers.ModelSerializer):
    """What the API says of a piece of feedback; to readers of other teams masked, and not who said it."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    channel = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    title = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()
    is_masked = serializers.SerializerMethodField()
    attachments = AttachmentOutput(many=True, read_only=True)
    person = serializers.SerializerMethodField()
    account = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Feedback
        fields = [
            *(
                "id",
                "title",
                "text",
                "is_masked",
                "product",
                "kind",
                "channel",
                "said_on",
                "language",
                "person",
                "author",
            ),
            *("account", "origin", "origin_id", "origin_url", "team", "owner", "visibility", "version", "url"),
            "attachments",
            *("state", "assignee", "split_from"),
            *("created_at", "updated_at"),
        ]
        read_only_fields = fields

    def _is_inside(self, feedback) -> bool:
        return is_insider(self.context["request"].user, feedback.team_id)

    def get_title(self, feedback) -> str:
        """Return its subject or question as the reader may see it."""
        return title_for(feedback, self.context["request"].user)

    def get_text(self, feedback) -> str:
        """Return the text as the reader may see it."""
        return text_for(feedback, self.context["request"].user)

    def get_is_masked(self, feedback) -> bool:
        """Say whether addresses, numbers and who said it are kept from this reader."""
        return not self._is_inside(feedback)

    @extend_schema_field(SpeakerOutput(allow_null=True))
    def get_person(self, feedback):
        """Return the person as they are now: an id that was joined to another's is that person's."""
        row = feedback.person
        return {"no": row.resolved_no, "id": row.distinct_id} if row else None

    @extend_schema_field(SpeakerOutput(allow_null=True))
    def get_account(self, feedback):
        """Return the account."""
        row = feedback.account
        return {"no": row.no, "id": row.account_id} if row else None

    def to_representation(self, instance):
        """Leave out who said it where that is not meant for the reader."""
        shown = super().to_representation(instance)
        if shown["is_masked"]:
            shown |= {name: None if name in ("person", "account") else "" for name in _FOR_INSIDERS}
            shown["attachments"] = []
        return shown


class FeedbackChange(serializers.Serializer):
    """A change names the version that it was made from."""

    text = serializers.CharField(max_length=LONGEST_TEXT, required=False, trim_whitespace=False)
    title = serializers.CharField(max_length=300, required=False, allow_blank=True, help_text="Subject or question.")
    kind = serializers.ChoiceField(choices=Feedback.Kind.choices, required=False)
    channel = serializers.SlugRelatedField(slug_field="slug", queryset=Channel.objects.all(), required=False)
    said_on = serializers.DateField(required=False)
    language = serializers.ChoiceField(choices=LANGUAGE_CHOICES, required=False, allow_blank=True)
    person = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_ID,
        help_text="An id as events know it, or an e-mail address.",
    )
    author = serializers.CharField(required=False, allow_blank=True, max_length=200)
    account = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_ID, help_text="Its id; empty: that of the person's group."
    )
    origin = serializers.CharField(required=False, allow_blank=True, max_length=60)
    origin_id = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="Sent again, the piece that is there is returned."
    )
    origin_url = serializers.URLField(required=False, allow_blank=True, max_length=1000)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    owner = serializers.IntegerField(required=False, allow_null=True, help_text="Somebody of the product's team.")
    version = serializers.IntegerField(min_value=1)


class FeedbackInput(FeedbackChange):
    """What the API takes to write a piece of feedback down."""

    product = serializers.SlugRelatedField(slug_field="slug", queryset=Product.objects.none())
    text = serializers.CharField(max_length=LONGEST_TEXT, trim_whitespace=False)
    channel = serializers.SlugRelatedField(slug_field="slug", queryset=Channel.objects.in_use())
    version = None

    def get_fields(self):
        """Let a product be named that the user may see."""
        fields = super().get_fields()
        fields["product"].queryset = Product.objects.visible_to(self.context["request"].user).select_related("team")
        return fields


class FeedbackViewSet(ActionViewSet):
    """Pieces of what people said; those of other teams are masked, or not there at all."""

    queryset = Feedback.objects.dressed().prefetch_related("attachments")
    output_serializer_class = FeedbackOutput
    input_serializer_class = FeedbackInput
    change_serializer_class = FeedbackChange
    filterset_class = FeedbackFilter
    ordering_fields = ["said_on", "created_at", "updated_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_feedback

    def create(self, request, *args, **kwargs) -> Response:
        """Write a piece down: 201 where it is new, 200 where its origin id is known."""
        values = self.get_input()
        product = values.pop("product")
        feedback, is_new = add_feedback(
            product, actor=request.user, today=timezone.localdate(), **with_owner(values, product.team_id)
        )
        return self.answer(feedback, status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    def do_change(self, thing, values):
        """Change a piece of feedback."""
        if "version" not in values:
            raise BadInput(fields={"version": ["Name the version that you changed."]})
        version, values = values.pop("version"), with_owner(values, thing.team_id)
        update_feedback(thing, actor=self.request.user, today=timezone.localdate(), version=version, **values)
        return self.get_thing()

    @extend_schema(request=AttachmentInput, responses={201: AttachmentOutput})
    @action(detail=True, methods=["post"], url_path="files")
    @own_body_limit
    def files(self, request, **kwargs) -> Response:
        """Keep a file with a piece of feedback: checked by what is in it."""
        refuse_large(request)
        thing = self.get_thing(write=True)
        file = self.get_input(AttachmentInput)["file"]
        attachment = attach_file(thing, file.name, file.read(MOST_BYTES + 1), actor=request.user)
        return Response(AttachmentOutput(attachment).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["delete"], url_path=r"files/(?P<file_id>\d{1,18})")
    def remove_file(self, request, pk: str, file_id: str) -> Response:
        """Take a file off, for good."""
        attachment = get_attachment(request.user, int(file_id), write=True)
        if attachment.feedback_id != int(pk):
            raise NotFound()
        remove_attachment(attachment, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def do_delete(self, thing):
        """Delete a piece of feedback."""
        delete_feedback(thing, actor=self.request.user)


class ChannelViewSet(ReadViewSet):
    """The channels through which feedback comes; ops curate them in the admin."""

    queryset = Channel.objects.all()
    output_serializer_class = ChannelOutput
    filterset_fields = ["is_retired"]
    ordering_fields = ["name"]
    lookup_field = "slug"


router = PortalRouter()
router.register("feedback", FeedbackViewSet, basename="feedback")
router.register("feedback-channels", ChannelViewSet, basename="feedback-channel")
urlpatterns = router.urls
