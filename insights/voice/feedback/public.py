"""What other rooms may use of feedback."""

from insights.voice.feedback.access import get_feedback
from insights.voice.feedback.actions import add_feedback, update_feedback
from insights.voice.feedback.models import Channel, Feedback, FeedbackQuerySet
from insights.voice.feedback.pasting import Cut, cut
from insights.voice.feedback.processing import (
    assign_feedback,
    follow_links,
    join_feedback,
    lock_feedback,
    set_state,
    split_feedback,
)
from insights.voice.feedback.showing import show_all, text_for

__all__ = [
    "Channel",
    "Cut",
    "Feedback",
    "FeedbackQuerySet",
    "add_feedback",
    "assign_feedback",
    "cut",
    "follow_links",
    "get_feedback",
    "join_feedback",
    "lock_feedback",
    "set_state",
    "show_all",
    "split_feedback",
    "text_for",
    "update_feedback",
]
