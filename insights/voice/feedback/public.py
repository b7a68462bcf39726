"""What other rooms may use of feedback."""

from insights.voice.feedback.access import get_feedback
from insights.voice.feedback.actions import add_feedback, update_feedback
from insights.voice.feedback.attachments import attach_file, check_file, forget_files
from insights.voice.feedback.bulk import Draft, draft_feedback, known_origin_ids, write_drafts
from insights.voice.feedback.contracts import FeedbackWork
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
from insights.voice.feedback.retaining import delete_pieces, make_pieces_nameless, named_pieces
from insights.voice.feedback.showing import show_all, text_for

__all__ = [
    "Channel",
    "Cut",
    "Draft",
    "Feedback",
    "FeedbackQuerySet",
    "FeedbackWork",
    "add_feedback",
    "assign_feedback",
    "attach_file",
    "check_file",
    "cut",
    "delete_pieces",
    "draft_feedback",
    "follow_links",
    "forget_files",
    "get_feedback",
    "join_feedback",
    "known_origin_ids",
    "lock_feedback",
    "make_pieces_nameless",
    "named_pieces",
    "set_state",
    "show_all",
    "split_feedback",
    "text_for",
    "update_feedback",
    "write_drafts",
]
