"""Decisions and inquiries of triage in the API: the same actions and the same door as the inbox.

What waits is `feedback?state=new`; what is suggested for a piece is `theme-suggestions/{feedback}`.
"""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.voice.feedback.public import Feedback
from insights.voice.themes.public import Importance, Theme
from insights.voice.triage.access import get_decision, get_inquiry, get_piece
from insights.voice.triage.actions import (
    archive_piece,
    ask_back,
    assign_piece,
    close_inquiry,
    link_piece,
    split_piece,
    undo_decision,
)
from insights.voice.triage.filters import DecisionFilter, InquiryFilter
from insights.voice.triage.models import Decision, Inquiry
from portal.people.public import User, possible_owners
from portal.shell.api import CreateByAction, PortalRouter, ReadViewSet
from portal.shell.public import BadInput


class DecisionOutput(serializers.ModelSerializer):
    """What the API says of a decision."""

    class Meta:
        model = Decision
        fields = [
            *("id", "feedback", "kind", "theme", "link", "importance", "was_suggested", "reason", "note", "assignee"),
            *("seconds", "version", "created_by", "created_at", "undone_at"),
        ]
        read_only_fields = fields


class TriageDecisionInput(serializers.Serializer):
    """A decision about a piece from the version that was seen; each kind takes its own fields."""

    feedback = serializers.PrimaryKeyRelatedField(queryset=Feedback.objects.none())
    version = serializers.IntegerField(min_value=1, help_text="Of the piece, as it was seen.")
    kind = serializers.ChoiceField(choices=Decision.Kind.choices)
    theme = serializers.PrimaryKeyRelatedField(queryset=Theme.objects.none(), required=False, help_text="For link.")
    importance = serializers.ChoiceField(choices=Importance.choices, required=False, help_text="For link; default 2.")
    was_suggested = serializers.BooleanField(required=False, help_text="For link: the portal suggested the theme.")
    reason = serializers.ChoiceField(choices=Decision.Reason.choices, required=False, help_text="For archive.")
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, help_text="For archive.")
    texts = serializers.ListField(
        child=serializers.CharField(trim_whitespace=False), required=False, help_text="For split: the pieces' words."
    )
    assignee = serializers.IntegerField(
        required=False, allow_null=True, help_text="For assign: somebody of the team, or null for nobody."
    )
    colleague = serializers.IntegerField(
        required=False, allow_null=True, help_text="For ask: who is asked; null: a draft to who said it."
    )
    text = serializers.CharField(max_length=4_000, required=False, help_text="For ask: what you want to know.")
    seconds = serializers.FloatField(required=False, min_value=0, help_text="How long the piece was on the screen.")

    def get_fields(self):
        """Let things be named that the user may see."""
        fields, user = super().get_fields(), self.context["request"].user
        fields["feedback"].queryset = Feedback.objects.inside_of(user).select_related("product", "team")
        fields["theme"].queryset = Theme.objects.visible_to(user).select_related("product", "team")
        return fields


_FIELDS = {
    "link": ({"theme"}, {"importance", "was_suggested"}),
    "archive": ({"reason"}, {"note"}),
    "split": ({"texts"}, set()),
    "assign": ({"assignee"}, set()),
    "ask": ({"text"}, {"colleague"}),
}


def _colleague(pk: int | None, piece: Feedback, name: str) -> User | None:
    if pk is None:
        return None
    found = possible_owners([piece.team_id]).filter(pk=pk).first()
    if found is None:
        raise BadInput(fields={name: ["Nobody of the product's team has this number."]})
    return found


class DecisionViewSet(CreateByAction, ReadViewSet):
    """What was decided about pieces that waited; each decision can be undone while nothing else happened."""

    queryset = Decision.objects.select_related("feedback", "theme")
    output_serializer_class = DecisionOutput
    input_serializer_class = TriageDecisionInput
    filterset_class = DecisionFilter
    ordering_fields = ["created_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_decision

    def do_create(self, values: dict[str, Any]) -> Decision:
        """Decide about a piece."""
        kind, actor = values.pop("kind"), self.request.user
        piece = get_piece(actor, values.pop("feedback").pk, write=True)
        common = {"actor": actor, "version": values.pop("version"), "seconds": values.pop("seconds", None)}
        needed, allowed = _FIELDS[kind]
        faults = {name: ["This decision needs it."] for name in needed - values.keys()}
        faults |= {name: [f"The decision “{kind}” does not take it."] for name in values.keys() - needed - allowed}
        if faults:
            raise BadInput(fields=faults)
        if kind == "link":
            return link_piece(piece, values.pop("theme"), **values, **common)
        if kind == "archive":
            return archive_piece(piece, **values, **common)
        if kind == "split":
            return split_piece(piece, values["texts"], **common)
        if kind == "assign":
            return assign_piece(piece, _colleague(values["assignee"], piece, "assignee"), **common)
        colleague = _colleague(values.get("colleague"), piece, "colleague")
        return ask_back(piece, values["text"], colleague=colleague, **common)

    @extend_schema(operation_id="triage_decisions_undo", request=None, responses=DecisionOutput)
    @action(detail=True, methods=["post"])
    def undo(self, request, pk: str) -> Response:
        """Take it back: the piece waits again, as it was."""
        undo_decision(self.get_thing(write=True), actor=request.user)
        return self.answer(self.get_thing())


class InquiryOutput(serializers.ModelSerializer):
    """What the API says of an inquiry."""

    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Inquiry
        fields = ["id", "feedback", "decision", "colleague", "text", "created_by", "created_at", "answered_at", "url"]
        read_only_fields = fields


class InquiryViewSet(ReadViewSet):
    """What was asked back about pieces; made by the decision “ask”."""

    queryset = Inquiry.objects.select_related("feedback")
    output_serializer_class = InquiryOutput
    filterset_class = InquiryFilter
    ordering_fields = ["created_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_inquiry

    @extend_schema(operation_id="inquiries_close", request=None, responses=InquiryOutput)
    @action(detail=True, methods=["post"])
    def close(self, request, pk: str) -> Response:
        """Say that the answer is there: the piece waits for a decision again."""
        close_inquiry(self.get_thing(write=True), actor=request.user)
        return self.answer(self.get_thing())


router = PortalRouter()
router.register("triage-decisions", DecisionViewSet, basename="triage-decision")
router.register("inquiries", InquiryViewSet, basename="inquiry")
urlpatterns = router.urls
