"""What the page of a conversation and the home page show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.safestring import SafeString

from insights.voice.conversations.contracts import NOTES, TRANSCRIPT
from insights.voice.conversations.models import Conversation, NextStep
from insights.voice.conversations.showing import show_conversations
from insights.voice.texts.public import Mark, MarkProvider, mark_html, mark_text
from portal.people.public import can, is_insider
from portal.shell.public import Panel, panels_for, registry, render_markdown

MOST_ON_HOME = 6


@dataclass(frozen=True)
class ShownStep:
    """A next step, and whether its day is over."""

    step: NextStep
    is_late: bool


@dataclass(frozen=True)
class ConversationPage:
    """One conversation with all that its page shows; both texts with what rooms marked in them."""

    conversation: Conversation
    notes: SafeString
    transcript: SafeString
    panels: list[tuple[Panel, Any]]
    is_whole: bool
    may_edit: bool
    guide_is_link: bool


def steps_of(conversation: Conversation, today: date) -> list[ShownStep]:
    """Return the next steps of a conversation: what is to be done, the first due in front, then what is done."""
    steps = conversation.next_steps.select_related("owner").order_by(F("due_on").asc(nulls_last=True), "pk")
    return show_steps(sorted(steps, key=lambda one: one.is_done), today)


def show_steps(steps: Sequence[NextStep], today: date) -> list[ShownStep]:
    """Return next steps with what their days come to."""
    return [ShownStep(one, not one.is_done and one.due_on is not None and one.due_on < today) for one in steps]


def build_conversation_page(conversation: Conversation, user: Any) -> ConversationPage:
    """Return what a reader sees; others than insiders get the notes masked, and nothing that stands on them.

    Who took part is shown by the names that were noted: the page asks for those of now once it stands.
    """
    show_conversations([conversation], user, has_names=False)
    inside = is_insider(user, conversation.team_id)
    marks = [mark for piece in registry.all(MarkProvider) for mark in piece.find(conversation, user)] if inside else []

    def of(part: str) -> list[Mark]:
        return [mark for mark in marks if mark.part == part]

    return ConversationPage(
        conversation=conversation,
        notes=mark_html(conversation.notes_html, of(NOTES)) if inside else render_markdown(conversation.masked_notes),
        transcript=mark_text(conversation.transcript if inside else "", of(TRANSCRIPT)),
        panels=panels_for(conversation, user),
        is_whole=inside,
        may_edit=can(user, "conversations.edit", conversation),
        guide_is_link=conversation.guide.startswith(("http://", "https://")) and " " not in conversation.guide.strip(),
    )


def my_next_steps(user: Any, today: date) -> tuple[list[ShownStep], bool]:
    """Return what a person still has to do, the first due in front, and whether there is more of it."""
    mine = NextStep.objects.visible_to(user).filter(owner_id=user.pk).still_to_do().dressed()
    found = list(mine[: MOST_ON_HOME + 1])
    return show_steps(found[:MOST_ON_HOME], today), len(found) > MOST_ON_HOME
