"""What other rooms may use of conversations."""

from insights.voice.conversations.access import get_conversation
from insights.voice.conversations.actions import add_conversation
from insights.voice.conversations.contracts import NOTES, PARTS, TRANSCRIPT, ParticipantInput
from insights.voice.conversations.models import Conversation, ConversationQuerySet, NextStep, Participant
from insights.voice.conversations.retaining import (
    delete_conversations,
    make_conversations_nameless,
    named_conversations,
)
from insights.voice.conversations.showing import show_conversations, title_for
from insights.voice.conversations.speech import speaker_at

__all__ = [
    "NOTES",
    "PARTS",
    "TRANSCRIPT",
    "Conversation",
    "ConversationQuerySet",
    "NextStep",
    "Participant",
    "ParticipantInput",
    "add_conversation",
    "delete_conversations",
    "get_conversation",
    "make_conversations_nameless",
    "named_conversations",
    "show_conversations",
    "speaker_at",
    "title_for",
]
