"""What the page of a piece of feedback shows."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from insights.voice.feedback.forms import FilesForm
from insights.voice.feedback.models import Feedback
from insights.voice.feedback.showing import show_all
from insights.voice.texts.public import MarkProvider, mark_text
from portal.people.public import can, is_insider
from portal.shell.public import Panel, panels_for, registry


@dataclass(frozen=True)
class FeedbackPage:
    """One piece of feedback with all that its page shows; `html` is the text with what rooms marked in it."""

    feedback: Feedback
    html: SafeString
    may_edit: bool
    panels: list[tuple[Panel, Any]]
    files: list[dict[str, Any]]
    files_form: FilesForm | None


def build_feedback_page(feedback: Feedback, user: Any) -> FeedbackPage:
    """Return what a reader sees of a piece of feedback; marks and panels of other rooms are for insiders."""
    show_all([feedback], user)
    inside = is_insider(user, feedback.team_id)
    marks = [mark for piece in registry.all(MarkProvider) for mark in piece.find(feedback, user)] if inside else []
    return FeedbackPage(
        feedback=feedback,
        html=mark_text(feedback.shown.text, marks),
        may_edit=can(user, "feedback.edit", feedback),
        panels=panels_for(feedback, user),
        files=feedback.files if inside else [],
        files_form=FilesForm() if can(user, "feedback.edit", feedback) else None,
    )
