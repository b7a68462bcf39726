"""May this user see or decide on what waits? Insiders of the piece's team: the inbox shows who said what."""

from typing import Any

from insights.voice.feedback.public import Feedback
from insights.voice.triage.models import Decision, Inquiry
from insights.voice.triage.queue import dress
from portal.people.public import require
from portal.shell.public import NotFound


def get_piece(user: Any, pk: int, write: bool = False) -> Feedback:
    """Return a piece of the user's teams; with `write`, that they may decide about. Decided ones are there too."""
    pieces = Feedback.objects.inside_of(user) if user.is_active else Feedback.objects.none()
    piece = dress(pieces).filter(pk=pk).first()
    if piece is None:
        raise NotFound()
    if write:
        require(user, "feedback.edit", piece)
    return piece


def get_decision(user: Any, pk: int, write: bool = False) -> Decision:
    """Return a decision of the user's teams; with `write`, that they may undo."""
    rows = Decision.objects.visible_to(user).select_related("feedback", "theme", "assignee", "created_by")
    decision = rows.filter(pk=pk).first()
    if decision is None:
        raise NotFound()
    if write:
        require(user, "feedback.edit", decision.feedback)
    return decision


def get_inquiry(user: Any, pk: int, write: bool = False) -> Inquiry:
    """Return what was asked back about a piece of the user's teams; with `write`, that they may close."""
    rows = Inquiry.objects.visible_to(user).select_related("feedback", "colleague", "created_by")
    inquiry = rows.filter(pk=pk).first()
    if inquiry is None:
        raise NotFound()
    if write:
        require(user, "feedback.edit", inquiry.feedback)
    return inquiry
