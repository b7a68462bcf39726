"""Deciding about a piece that waits: each decision from what was seen, logged, and taken back with one key."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from insights.voice.feedback.public import (
    Feedback,
    assign_feedback,
    join_feedback,
    lock_feedback,
    set_state,
    split_feedback,
)
from insights.voice.suggestions.public import Verdict, judge, withdraw_verdict
from insights.voice.themes.public import Importance, Theme, ThemeLink, create_theme, link_theme, unlink_theme
from insights.voice.triage.models import Decision, Inquiry
from portal.audit.public import record
from portal.messages.public import notify, send
from portal.people.public import User, possible_owners, require
from portal.shell.public import BadInput, Conflict, NotFound, is_storable

UNDO_WITHIN = timedelta(days=1)
LONGEST_STAY_S = 30 * 60  # a piece that stood on the screen longer was left there
Kind, State = Decision.Kind, Feedback.State


@transaction.atomic
def link_piece(
    feedback: Feedback,
    theme: Theme,
    *,
    actor: Any,
    version: int,
    importance: int = Importance.IMPORTANT,
    was_suggested: bool = False,
    confidence: float | None = None,
    seconds: float | None = None,
) -> Decision:
    """Link a piece that waits to a theme, which decides it; a suggestion that was taken is remembered as such."""
    current = _take(feedback, actor, version)
    link, is_new = link_theme(theme, current, actor=actor, importance=importance)
    after = set_state(current, State.TRIAGED, actor=actor, version=version)
    if was_suggested:
        judge(current, link.theme, True, actor=actor, confidence=confidence)
    values = {"theme": link.theme, "link": link, "is_new_link": is_new, "importance": importance}
    return _log(after, Kind.LINK, actor, seconds, was_suggested=was_suggested, **values)


@transaction.atomic
def link_piece_to_new(feedback: Feedback, name: str, *, actor: Any, version: int, **values: Any) -> Decision:
    """Make a theme and link a piece that waits to it; or neither."""
    current = _take(feedback, actor, version)
    theme = create_theme(current.product, name=name, actor=actor)
    return link_piece(feedback, theme, actor=actor, version=version, **values)


@transaction.atomic
def archive_piece(
    feedback: Feedback, *, actor: Any, version: int, reason: str, note: str = "", seconds: float | None = None
) -> Decision:
    """Put a piece away that belongs to no theme, with the reason."""
    if reason not in Decision.Reason.values:
        raise BadInput(fields={"reason": [f"Use one of: {', '.join(Decision.Reason.values)}."]})
    if len(note) > 500 or not is_storable(note):
        raise BadInput(fields={"note": ["Use at most 500 readable characters."]})
    _take(feedback, actor, version)
    after = set_state(feedback, State.ARCHIVED, actor=actor, version=version)
    return _log(after, Kind.ARCHIVE, actor, seconds, reason=reason, note=" ".join(note.split()))


@transaction.atomic
def split_piece(
    feedback: Feedback, texts: Sequence[str], *, actor: Any, version: int, seconds: float | None = None
) -> Decision:
    """Cut a piece into several that wait, each said by whom, where and when the whole was."""
    _take(feedback, actor, version)
    split_feedback(feedback, texts, actor=actor, version=version)
    return _log(lock_feedback(feedback), Kind.SPLIT, actor, seconds)


@transaction.atomic
def assign_piece(
    feedback: Feedback, assignee: User | None, *, actor: Any, version: int, seconds: float | None = None
) -> Decision:
    """Let a colleague of the team decide; they are told."""
    current = _take(feedback, actor, version)
    before = current.assignee_id
    after = assign_feedback(feedback, assignee, actor=actor, version=version)
    decision = _log(after, Kind.ASSIGN, actor, seconds, assignee=assignee, assignee_before_id=before)
    if assignee is not None and assignee.pk != actor.pk:
        said = f"{actor} asks you to decide about a piece of feedback of {current.product}."
        notify([assignee], said, key=f"triage-assigned:{decision.pk}", url=_path(feedback))
    return decision


@transaction.atomic
def ask_back(
    feedback: Feedback,
    text: str,
    *,
    actor: Any,
    version: int,
    colleague: User | None = None,
    seconds: float | None = None,
) -> Decision:
    """Ask a colleague about a piece, or keep a draft to who said it; it rests until the answer is there."""
    current = _take(feedback, actor, version)
    plain = text.strip()
    if not plain or len(plain) > 4_000 or not is_storable(plain):
        raise BadInput(fields={"text": ["Write what you want to know, in at most 4,000 letters."]})
    if colleague is not None and not possible_owners([current.team_id]).filter(pk=colleague.pk).exists():
        raise BadInput(fields={"to": ["Choose somebody of the product's team."]})
    if Inquiry.objects.open().filter(feedback=current).exists():
        raise Conflict("Somebody has asked back about this piece already, and the answer is not there yet.")
    decision = _log(current, Kind.ASK, actor, seconds)
    inquiry = Inquiry.objects.create(
        feedback=current, decision=decision, colleague=colleague, text=plain, created_by_id=actor.pk
    )
    record(actor, "inquiry.asked", inquiry, after={"feedback_id": current.pk, "colleague_id": inquiry.colleague_id})
    if colleague is not None and colleague.pk != actor.pk:
        subject = f"{actor} asks about feedback of {current.product}"
        send(colleague, subject, plain, key=f"triage-inquiry:{inquiry.pk}", url=_path(feedback))
        notify([colleague], subject, key=f"triage-inquiry:{inquiry.pk}", url=_path(feedback))
    return decision


@transaction.atomic
def close_inquiry(inquiry: Inquiry, *, actor: Any) -> Inquiry:
    """Say that the answer is there: the piece waits for a decision again."""
    require(actor, "feedback.edit", inquiry.feedback)
    if not Inquiry.objects.open().filter(pk=inquiry.pk).update(answered_at=timezone.now()):
        raise Conflict("This was answered already. Reload the page.")
    inquiry.refresh_from_db()
    record(actor, "inquiry.answered", inquiry, after={"answered_at": inquiry.answered_at})
    if inquiry.created_by and inquiry.created_by_id != actor.pk:
        said = f"{actor} says that your question about a piece of feedback is answered."
        notify([inquiry.created_by], said, key=f"triage-answered:{inquiry.pk}", url=inquiry.get_absolute_url())
    return inquiry


@transaction.atomic
def undo_decision(decision: Decision, *, actor: Any) -> Feedback:
    """Take a decision back: the piece is as it was, and waits; refused once something else happened to it."""
    require(actor, "feedback.edit", decision.feedback)
    feedback = lock_feedback(decision.feedback)
    current = Decision.objects.select_for_update(of=["self"]).filter(pk=decision.pk).first()
    if current is None:
        raise NotFound()
    if current.undone_at is not None:
        raise Conflict("This was undone already.")
    if feedback.version != current.version or _last(feedback) != current:
        raise Conflict(f"It cannot be undone any more. {_what_happened(feedback)}")
    _UNDO[Kind(current.kind)](current, feedback, actor)
    current.undone_at = timezone.now()
    current.save(update_fields=["undone_at"])
    record(actor, "decision.undone", current, before={"kind": current.kind})
    return lock_feedback(feedback)


def last_decision_of(user: Any) -> Decision | None:
    """Return what a user decided last, if it can still be taken back."""
    found = Decision.objects.filter(created_by_id=user.pk, created_at__gt=timezone.now() - UNDO_WITHIN)
    return found.standing().select_related("feedback", "theme", "assignee").order_by("-pk").first()


def _undo_link(decision: Decision, feedback: Feedback, actor: Any) -> None:
    link = ThemeLink.objects.select_related("theme__team", "feedback").filter(pk=decision.link_id).first()
    if decision.is_new_link and link is not None:
        unlink_theme(link, actor=actor)
    if decision.was_suggested and decision.theme_id is not None:
        for verdict in Verdict.objects.filter(feedback=feedback, theme=decision.theme_id).select_related("feedback"):
            withdraw_verdict(verdict, actor=actor)
    set_state(feedback, State.NEW, actor=actor, version=feedback.version)


def _undo_archive(decision: Decision, feedback: Feedback, actor: Any) -> None:
    set_state(feedback, State.NEW, actor=actor, version=feedback.version)


def _undo_split(decision: Decision, feedback: Feedback, actor: Any) -> None:
    join_feedback(feedback, actor=actor, version=feedback.version)


def _undo_assign(decision: Decision, feedback: Feedback, actor: Any) -> None:
    before = decision.assignee_before
    # Somebody who has left the team since gets nothing back.
    if before is not None and not possible_owners([feedback.team_id]).filter(pk=before.pk).exists():
        before = None
    assign_feedback(feedback, before, actor=actor, version=feedback.version)


def _undo_ask(decision: Decision, feedback: Feedback, actor: Any) -> None:
    for inquiry in Inquiry.objects.filter(decision=decision):
        record(actor, "inquiry.withdrawn", inquiry, before={"feedback_id": feedback.pk})
        inquiry.delete()


_UNDO = {
    Kind.LINK: _undo_link,
    Kind.ARCHIVE: _undo_archive,
    Kind.SPLIT: _undo_split,
    Kind.ASSIGN: _undo_assign,
    Kind.ASK: _undo_ask,
}


def _take(feedback: Feedback, actor: Any, version: int) -> Feedback:
    """Return the locked piece if it is still what the actor saw; else say what happened to it."""
    require(actor, "feedback.edit", feedback)
    current = lock_feedback(feedback)
    if current.state != State.NEW or current.version != version:
        raise Conflict(_what_happened(current))
    return current


def _last(feedback: Feedback) -> Decision | None:
    found = Decision.objects.standing().filter(feedback=feedback)
    return found.select_related("created_by", "theme", "assignee").order_by("-pk").first()


def _what_happened(feedback: Feedback) -> str:
    last = _last(feedback)
    if last is not None and last.version == feedback.version:
        at = timezone.localtime(last.created_at)
        return f"{last.created_by or 'The portal'} {last.in_words} at {at:%H:%M}. Press n for the next piece."
    if feedback.state != State.NEW:
        return f"It is {feedback.get_state_display().lower()} by now, from its own page. Press n for the next piece."
    return "Somebody changed this piece in the meantime. Open it again to see their change."


def _log(feedback: Feedback, kind: str, actor: Any, seconds: float | None, **values: Any) -> Decision:
    stay = seconds if seconds is not None and 0 <= seconds <= LONGEST_STAY_S else None
    return Decision.objects.create(
        feedback=feedback,
        team_id=feedback.team_id,
        kind=kind,
        version=feedback.version,
        seconds=stay,
        created_by_id=actor.pk,
        **values,
    )


def _path(feedback: Feedback) -> str:
    return f"{reverse('triage:inbox')}?at={feedback.pk}"
