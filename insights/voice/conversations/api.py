"""Conversations and next steps in the API: the same actions and the same door as the pages."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from insights.contacts.public import LONGEST_ID
from insights.voice.conversations.access import get_conversation, get_next_step
from insights.voice.conversations.actions import add_conversation, delete_conversation, update_conversation
from insights.voice.conversations.contracts import LONGEST_TRANSCRIPT, ParticipantInput
from insights.voice.conversations.files import KINDS, MOST_BYTES, UnreadableFile, read_transcript
from insights.voice.conversations.filters import ConversationFilter, NextStepFilter
from insights.voice.conversations.models import Conversation, NextStep, Participant
from insights.voice.conversations.showing import title_for
from insights.voice.conversations.speech import LONGEST_SPEAKER
from insights.voice.conversations.steps import add_next_step, delete_next_step, tick_next_step, update_next_step
from insights.voice.texts.public import LANGUAGE_CHOICES, LONGEST_TEXT
from portal.people.public import Product, User, Visibility, is_insider, possible_owners
from portal.shell.api import ActionViewSet, PortalRouter, TellsUses
from portal.shell.public import BadInput, own_body_limit

_FOR_INSIDERS = ("transcript", "guide", "recording_url")


class ConversationPartyOutput(serializers.Serializer):
    """A person or an account who took part: the number that leads to it, and its id."""

    no = serializers.IntegerField()
    id = serializers.CharField()


class ParticipantOutput(serializers.ModelSerializer):
    """Somebody who took part."""

    person = serializers.SerializerMethodField()
    account = serializers.SerializerMethodField()

    class Meta:
        model = Participant
        fields = ["person", "name", "account", "speaker"]
        read_only_fields = fields

    @extend_schema_field(ConversationPartyOutput(allow_null=True))
    def get_person(self, row):
        """Return the person as they are now: an id that was joined to another's is that person's."""
        return {"no": row.person.resolved_no, "id": row.person.distinct_id} if row.person else None

    @extend_schema_field(ConversationPartyOutput(allow_null=True))
    def get_account(self, row):
        """Return the account."""
        return {"no": row.account.no, "id": row.account.account_id} if row.account else None


class ConversationOutput(serializers.ModelSerializer):
    """What the API says of a conversation; to readers of other teams title and notes alone, masked."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    title = serializers.SerializerMethodField()
    notes = serializers.SerializerMethodField()
    is_masked = serializers.SerializerMethodField()
    participants = ParticipantOutput(many=True, read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Conversation
        fields = [
            *(
                "id",
                "title",
                "is_masked",
                "product",
                "kind",
                "held_on",
                "minutes",
                "language",
                "led_by",
                "participants",
            ),
            *("guide", "notes", "transcript", "recording_url", "team", "owner", "visibility", "version"),
            *("url", "created_at", "updated_at"),
        ]
        read_only_fields = fields

    def _is_inside(self, conversation) -> bool:
        return is_insider(self.context["request"].user, conversation.team_id)

    def get_title(self, conversation) -> str:
        """Return the title as the reader may see it."""
        return title_for(conversation, self.context["request"].user)

    def get_notes(self, conversation) -> str:
        """Return the notes, in Markdown, as the reader may see them."""
        return conversation.notes if self._is_inside(conversation) else conversation.masked_notes

    def get_is_masked(self, conversation) -> bool:
        """Say whether all but title and notes is kept from this reader."""
        return not self._is_inside(conversation)

    def to_representation(self, instance):
        """Leave out what is not meant for the reader."""
        shown = super().to_representation(instance)
        if shown["is_masked"]:
            shown |= {**dict.fromkeys(_FOR_INSIDERS, ""), "participants": []}
        return shown


class ParticipantEntry(serializers.Serializer):
    """Somebody who took part; at least one of person, name and account."""

    person = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_ID,
        help_text="An id as events know it, or an e-mail address.",
    )
    name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    account = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_ID, help_text="Its id; empty: that of the person's group."
    )
    speaker = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_SPEAKER,
        help_text="What the transcript calls them; empty: found by name.",
    )

    def validate(self, attrs):
        """Refuse an entry that names nobody."""
        if ParticipantInput(**attrs).is_empty:
            raise serializers.ValidationError("Give a person, a name or an account.")
        return attrs


class ConversationChange(serializers.Serializer):
    """A change names the version that it was made from; `participants` and `led_by` are replaced as a whole."""

    title = serializers.CharField(required=False, max_length=200)
    kind = serializers.ChoiceField(choices=Conversation.Kind.choices, required=False)
    held_on = serializers.DateField(required=False)
    minutes = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=24 * 60)
    language = serializers.ChoiceField(choices=LANGUAGE_CHOICES, required=False, allow_blank=True)
    led_by = serializers.PrimaryKeyRelatedField(
        many=True, queryset=User.objects.filter(is_active=True), required=False, help_text="People of the team."
    )
    participants = ParticipantEntry(many=True, required=False)
    guide = serializers.CharField(required=False, allow_blank=True, max_length=4_000)
    notes = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text="Markdown.")
    transcript = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_TRANSCRIPT, trim_whitespace=False
    )
    recording_url = serializers.URLField(required=False, allow_blank=True, max_length=1000)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    owner = serializers.IntegerField(required=False, allow_null=True, help_text="Somebody of the product's team.")
    version = serializers.IntegerField(min_value=1)


class ConversationInput(ConversationChange):
    """What the API takes to write a conversation down."""

    product = serializers.SlugRelatedField(slug_field="slug", queryset=Product.objects.none())
    title = serializers.CharField(max_length=200)
    version = None

    def get_fields(self):
        """Let a product be named that the user may see."""
        fields = super().get_fields()
        fields["product"].queryset = Product.objects.visible_to(self.context["request"].user).select_related("team")
        return fields


class TranscriptInput(serializers.Serializer):
    """A file that becomes the transcript of the version that is named."""

    file = serializers.FileField(help_text=f"One of {', '.join(KINDS)}, up to {MOST_BYTES // 1_000_000} MB.")
    version = serializers.IntegerField(min_value=1)


def _with_people(values, team_id):
    """Put the person in the place of the owner's number, and who took part in their shape."""
    if values.get("owner") is not None:
        owner = possible_owners([team_id]).filter(pk=values["owner"]).first()
        if owner is None:
            raise BadInput(fields={"owner": ["Nobody of the product's team has this number."]})
        values["owner"] = owner
    if "participants" in values:
        values["participants"] = [ParticipantInput(**one) for one in values["participants"]]
    return values


class ConversationViewSet(TellsUses, ActionViewSet):
    """Interviews and calls; those of other teams are masked, or not there at all."""

    queryset = Conversation.objects.dressed().prefetch_related("led_by")
    output_serializer_class = ConversationOutput
    input_serializer_class = ConversationInput
    change_serializer_class = ConversationChange
    filterset_class = ConversationFilter
    ordering_fields = ["held_on", "created_at", "updated_at"]
    revision_field = "version"
    lookup_value_regex = r"\d{1,18}"
    door = get_conversation

    def do_create(self, values):
        """Write a conversation down."""
        product, user = values.pop("product"), self.request.user
        made = add_conversation(
            product, actor=user, today=timezone.localdate(), **_with_people(values, product.team_id)
        )
        return get_conversation(user, made.pk)

    def do_change(self, thing, values):
        """Change a conversation."""
        version, values = values.pop("version"), _with_people(values, thing.team_id)
        update_conversation(thing, actor=self.request.user, today=timezone.localdate(), version=version, **values)
        return self.get_thing()

    def do_delete(self, thing):
        """Delete a conversation."""
        delete_conversation(thing, actor=self.request.user)

    @extend_schema(operation_id="conversations_transcript", request=TranscriptInput, responses=ConversationOutput)
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    @own_body_limit
    def transcript(self, request, pk: str) -> Response:
        """Let a file (txt, vtt, srt, docx) become the transcript; highlights in it move along."""
        conversation, sent = self.get_thing(write=True), self.get_input(TranscriptInput)
        file = sent["file"]
        try:
            if file.size > MOST_BYTES:
                raise UnreadableFile(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it.")
            text = read_transcript(file.name, file.read())
        except UnreadableFile as fault:
            raise BadInput(fields={"file": [str(fault)]}) from fault
        values = {"version": sent["version"], "transcript": text}
        update_conversation(conversation, actor=request.user, today=timezone.localdate(), **values)
        return self.answer(self.get_thing())


class NextStepOutput(serializers.ModelSerializer):
    """What the API says of a next step."""

    is_done = serializers.BooleanField(read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = NextStep
        fields = ["id", "conversation", "text", "owner", "due_on", "is_done", "done_at", "version", "url"]
        fields += ["created_at", "updated_at"]
        read_only_fields = fields


class NextStepChange(serializers.Serializer):
    """A change names the version that it was made from."""

    text = serializers.CharField(required=False, max_length=500)
    owner = serializers.IntegerField(required=False, allow_null=True, help_text="Somebody of the product's team.")
    due_on = serializers.DateField(required=False, allow_null=True)
    is_done = serializers.BooleanField(required=False)
    version = serializers.IntegerField(min_value=1)


class NextStepInput(serializers.Serializer):
    """What the API takes to write a next step of a conversation down."""

    conversation = serializers.PrimaryKeyRelatedField(queryset=Conversation.objects.none())
    text = serializers.CharField(max_length=500)
    owner = serializers.IntegerField(required=False, allow_null=True, help_text="Somebody of the product's team.")
    due_on = serializers.DateField(required=False, allow_null=True)

    def get_fields(self):
        """Let a conversation be named that the user sees whole."""
        fields, user = super().get_fields(), self.context["request"].user
        fields["conversation"].queryset = Conversation.objects.visible_to(user).inside_of(user)
        return fields


class NextStepViewSet(ActionViewSet):
    """What people promised to do after conversations of their teams."""

    queryset = NextStep.objects.dressed()
    output_serializer_class = NextStepOutput
    input_serializer_class = NextStepInput
    change_serializer_class = NextStepChange
    filterset_class = NextStepFilter
    ordering_fields = ["due_on", "created_at", "updated_at"]
    revision_field = "version"
    lookup_value_regex = r"\d{1,18}"
    door = get_next_step

    def do_create(self, values):
        """Write a next step down."""
        conversation = values.pop("conversation")
        return add_next_step(conversation, actor=self.request.user, **_with_people(values, conversation.team_id))

    def do_change(self, thing, values):
        """Change a next step, or tick it off."""
        actor, is_done = self.request.user, values.pop("is_done", None)
        version = values.pop("version")
        changed = update_next_step(thing, actor=actor, version=version, **_with_people(values, thing.team_id))
        if is_done is not None:
            changed = tick_next_step(changed, actor=actor, is_done=is_done, now=timezone.now())
        return changed

    def do_delete(self, thing):
        """Take a next step back."""
        delete_next_step(thing, actor=self.request.user)


router = PortalRouter()
router.register("conversations", ConversationViewSet, basename="conversation")
router.register("next-steps", NextStepViewSet, basename="next-step")
urlpatterns = router.urls
