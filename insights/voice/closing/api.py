"""Statuses and who is told of them in the API: the same actions and the same door as the pages."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.voice.closing.access import get_change, get_telling, get_thing
from insights.voice.closing.actions import draft_missing, set_status, take_back_status
from insights.voice.closing.filters import StatusFilter, TellingFilter
from insights.voice.closing.kinds import THEME
from insights.voice.closing.models import Status, StatusChange, Telling
from insights.voice.closing.queries import name_behind, quote_behind, read_share, read_thing
from insights.voice.closing.telling import (
    ask_to_send_all,
    change_telling,
    leave_out,
    note_told,
    send_telling,
    take_back,
)
from portal.shell.api import ChangeByAction, CreateByAction, DeleteByAction, PortalRouter, ReadViewSet
from portal.shell.public import BadInput

_MOST_ASKERS = 1_000


class StatusOutput(serializers.ModelSerializer):
    """What the API says of a status, with how many heard of it."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)
    n_people = serializers.IntegerField(read_only=True, help_text="Who are to be told.")
    n_told = serializers.IntegerField(read_only=True)
    n_in_time = serializers.IntegerField(read_only=True, help_text="Told within 14 days.")
    n_missed = serializers.IntegerField(read_only=True, help_text="Not told within 14 days.")
    n_open = serializers.IntegerField(read_only=True, help_text="Not told, and the 14 days are not over.")
    n_left_out = serializers.IntegerField(read_only=True, help_text="Want no messages, or heard a newer status.")

    class Meta:
        model = StatusChange
        fields = [
            *("id", "kind", "thing_id", "title", "product", "team", "status", "said", "subject", "letter", "is_told"),
            *("is_current", "n_people", "n_told", "n_in_time", "n_missed", "n_open", "n_left_out"),
            *("made_by", "made_at", "url"),
        ]
        read_only_fields = fields


class StatusInput(serializers.Serializer):
    """A thing, what becomes of it, and what those who asked are to hear."""

    kind = serializers.CharField(max_length=30, default=THEME)
    thing_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    status = serializers.ChoiceField(choices=Status.choices)
    said = serializers.CharField(required=False, allow_blank=True, max_length=2_000)
    subject = serializers.CharField(required=False, allow_blank=True, max_length=150)
    letter = serializers.CharField(required=False, allow_blank=True, max_length=5_000, trim_whitespace=False)
    is_told = serializers.BooleanField(default=True)
    seen = serializers.IntegerField(
        required=False, min_value=0, help_text="The number of the status that you saw, 0 for none: another is refused."
    )


class AskerOutput(serializers.Serializer):
    """Somebody who asked for a thing, with what they heard of its status."""

    person = serializers.IntegerField(source="asker.person_no", allow_null=True)
    account = serializers.IntegerField(source="asker.account_no", allow_null=True)
    importance = serializers.IntegerField(source="asker.importance")
    n_pieces = serializers.IntegerField(source="asker.n_pieces")
    last_said_on = serializers.DateField(source="asker.last_said_on", allow_null=True)
    words = serializers.SerializerMethodField(help_text="What they asked, the weightiest first.")
    telling = serializers.IntegerField(source="telling.pk", default=None, allow_null=True)
    state = serializers.CharField(source="telling.state", default=None, allow_null=True)
    why_not = serializers.CharField(help_text="Why they may not be sent a mail now; empty where they may.")

    def get_words(self, row) -> list[str]:
        """Return what they asked."""
        return [words.text for words in row.words]


class ShareOutput(serializers.Serializer):
    """Who was told within 14 days, of the statuses of the last 180; under 5 people the rate is null."""

    n_in_time = serializers.IntegerField()
    n_missed = serializers.IntegerField()
    n_open = serializers.IntegerField()
    n_left_out = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    reason = serializers.CharField(allow_null=True)


class DraftedOutput(serializers.Serializer):
    """How many drafts are new."""

    n_new = serializers.IntegerField()


class StatusViewSet(CreateByAction, DeleteByAction, ReadViewSet):
    """What becomes of the things that people asked for; a new status drafts a letter to each of them."""

    queryset = StatusChange.objects.dressed()
    output_serializer_class = StatusOutput
    input_serializer_class = StatusInput
    filterset_class = StatusFilter
    ordering_fields = ["made_at", "title"]
    lookup_value_regex = r"\d{1,18}"
    door = get_change

    def get_queryset(self):
        """Read along how many heard of each."""
        return super().get_queryset().with_shares(timezone.now())

    def _one(self, pk: int) -> StatusChange:
        return self.get_queryset().get(pk=pk)

    def retrieve(self, request, pk: str) -> Response:
        """Return one, with how many heard of it."""
        return self.answer(self._one(self.get_thing().pk))

    def do_create(self, values):
        """Say what becomes of a thing."""
        return self._one(set_status(values.pop("kind"), values.pop("thing_id"), actor=self.request.user, **values).pk)

    def do_delete(self, thing):
        """Take a status back of which nobody was told."""
        take_back_status(thing, actor=self.request.user)

    @extend_schema(operation_id="status_changes_send", request=None, responses={202: StatusOutput})
    @action(detail=True, methods=["post"])
    def send(self, request, pk: str) -> Response:
        """Have every draft sent to whom it may be sent; who may not be written to now stays a draft."""
        change = self.get_thing(write=True)
        ask_to_send_all(change, actor=request.user)
        return self.answer(self._one(change.pk), status.HTTP_202_ACCEPTED)

    @extend_schema(operation_id="status_changes_draft_missing", request=None, responses=DraftedOutput)
    @action(detail=True, methods=["post"], url_path="draft-missing")
    def draft_missing(self, request, pk: str) -> Response:
        """Draft letters to those who asked since."""
        return Response({"n_new": draft_missing(self.get_thing(write=True), actor=request.user)})

    @extend_schema(
        operation_id="status_changes_askers",
        parameters=[
            OpenApiParameter("kind", OpenApiTypes.STR, description="theme, unless said otherwise"),
            OpenApiParameter("thing_id", OpenApiTypes.INT, required=True),
        ],
        responses=AskerOutput(many=True),
    )
    @action(detail=False, methods=["get"], pagination_class=None, filterset_class=None)
    def askers(self, request) -> Response:
        """Return everybody behind a thing, the weightiest first; at most a thousand."""
        asked = request.query_params.get("thing_id", "")
        if not asked.isdecimal() or len(asked) > 18:
            raise BadInput(fields={"thing_id": ["Name the number of the thing."]})
        kind = request.query_params.get("kind", THEME)
        thing = get_thing(request.user, kind, int(asked))
        rows = read_thing(kind, thing, now=timezone.now()).rows[:_MOST_ASKERS]
        quote_behind(rows, kind, thing, request.user)
        name_behind(rows, thing)
        return Response(AskerOutput(rows, many=True).data)

    @extend_schema(operation_id="status_changes_share", responses=ShareOutput)
    @action(detail=False, methods=["get"], pagination_class=None, filterset_class=None)
    def share(self, request) -> Response:
        """Return how many were told within 14 days."""
        share, rate = read_share(request.user, now=timezone.now())
        counts = {name: getattr(share, name) for name in ("n_in_time", "n_missed", "n_open", "n_left_out")}
        return Response(ShareOutput({**counts, **rate}).data)


class TellingOutput(serializers.ModelSerializer):
    """What the API says of somebody who is to be told."""

    class Meta:
        model = Telling
        fields = [
            *("id", "change", "person", "account", "importance", "subject", "text", "state", "way", "left_out", "note"),
            *("told_at", "told_by", "version", "created_at"),
        ]
        read_only_fields = fields


class TellingChange(serializers.Serializer):
    """The words of a draft; a change names the version that it was made from."""

    subject = serializers.CharField(max_length=150)
    text = serializers.CharField(max_length=5_000)
    version = serializers.IntegerField(min_value=1)


class SendInput(serializers.Serializer):
    """The version that was read."""

    version = serializers.IntegerField(min_value=1)


class LeaveOutInput(SendInput):
    """Why somebody is not told."""

    note = serializers.CharField(max_length=300)


class ToldInput(LeaveOutInput):
    """How somebody was told by hand, and when: today, unless said otherwise."""

    told_on = serializers.DateField(required=False, allow_null=True)


class TellingViewSet(ChangeByAction, ReadViewSet):
    """Who is to be told of a status, in which words, and who was."""

    queryset = Telling.objects.dressed()
    output_serializer_class = TellingOutput
    change_serializer_class = TellingChange
    filterset_class = TellingFilter
    ordering_fields = ["created_at", "told_at", "importance"]
    lookup_value_regex = r"\d{1,18}"
    revision_field = "version"
    door = get_telling

    def do_change(self, thing, values):
        """Change the words of a draft."""
        given = {"subject": thing.subject, "text": thing.text, **values}
        return change_telling(thing, actor=self.request.user, **given)

    def _do(self, act, kind=SendInput) -> Response:
        values = self.get_input(kind)
        return self.answer(act(self.get_thing(write=True), actor=self.request.user, **values))

    @extend_schema(operation_id="tellings_send", request=SendInput, responses=TellingOutput)
    @action(detail=True, methods=["post"])
    def send(self, request, pk: str) -> Response:
        """Send it by mail."""
        return self._do(send_telling)

    @extend_schema(operation_id="tellings_told", request=ToldInput, responses=TellingOutput)
    @action(detail=True, methods=["post"])
    def told(self, request, pk: str) -> Response:
        """Note that they were told by hand."""
        return self._do(note_told, ToldInput)

    @extend_schema(operation_id="tellings_leave_out", request=LeaveOutInput, responses=TellingOutput)
    @action(detail=True, methods=["post"], url_path="leave-out")
    def leave_out(self, request, pk: str) -> Response:
        """Decide that they are not told."""
        return self._do(leave_out, LeaveOutInput)

    @extend_schema(operation_id="tellings_take_back", request=SendInput, responses=TellingOutput)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request, pk: str) -> Response:
        """Let them be told again who were left out or told by hand."""
        return self._do(take_back)


router = PortalRouter()
router.register("status-changes", StatusViewSet, basename="status-change")
router.register("tellings", TellingViewSet, basename="telling")
urlpatterns = router.urls
