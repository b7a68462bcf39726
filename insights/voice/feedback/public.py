"""What other rooms may use of feedback."""

from insights.voice.feedback.access import get_feedback
from insights.voice.feedback.actions import add_feedback
from insights.voice.feedback.models import Channel, Feedback, FeedbackQuerySet
from insights.voice.feedback.showing import show_all, text_for

__all__ = ["Channel", "Feedback", "FeedbackQuerySet", "add_feedback", "get_feedback", "show_all", "text_for"]
