"""What becomes of a piece of feedback: decided about, given to a colleague, cut into several and put together again.

Each change is made from a version: of two people at once the second is refused.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from insights.voice.feedback.models import Feedback
from insights.voice.texts.public import clean_text, mask
from portal.audit.public import record
from portal.people.public import User, possible_owners, require
from portal.shell.public import BadInput, Conflict, NotFound, refuse_stale

MOST_PIECES_OF_ONE = 20
_VERBS = {
    Feedback.State.NEW: "feedback.reopened",
    Feedback.State.TRIAGED: "feedback.triaged",
    Feedback.State.ARCHIVED: "feedback.archived",
}
_WORKED_ON = "One of its pieces has been worked on since. Deal with the pieces one by one."


def lock_feedback(feedback: Feedback) -> Feedback:
    """Return the row as it is now, locked until the transaction ends."""
    found = Feedback.objects.select_for_update(of=["self"]).dressed().select_related("assignee")
    current = found.filter(pk=feedback.pk).first()
    if current is None:
        raise NotFound()
    return current


@transaction.atomic
def set_state(feedback: Feedback, state: str, *, actor: Any, version: int) -> Feedback:
    """Say that a piece is decided about, or that it waits again."""
    require(actor, "feedback.edit", feedback)
    current = lock_feedback(feedback)
    refuse_stale(current, version)
    before = {"state": current.state}
    current.state, current.version = state, version + 1
    current.save(update_fields=["state", "version", "updated_at"])
    record(actor, _VERBS[Feedback.State(state)], current, before=before, after={"state": state})
    return current


@transaction.atomic
def assign_feedback(feedback: Feedback, assignee: User | None, *, actor: Any, version: int) -> Feedback:
    """Give a piece to somebody of its team to decide about, or to nobody."""
    require(actor, "feedback.edit", feedback)
    current = lock_feedback(feedback)
    refuse_stale(current, version)
    if assignee is not None and not possible_owners([current.team_id]).filter(pk=assignee.pk).exists():
        raise BadInput(fields={"assignee": ["Choose somebody of the product's team."]})
    before = {"assignee_id": current.assignee_id}
    current.assignee, current.version = assignee, version + 1
    current.save(update_fields=["assignee", "version", "updated_at"])
    record(actor, "feedback.assigned", current, before=before, after={"assignee_id": current.assignee_id})
    return current


def follow_links(*feedback: Feedback, is_linked: bool) -> None:
    """Let the state follow the themes: what is linked to one is triaged, what is linked to none any more waits again.

    Called in the transaction that links; the trail tells of the link.
    """
    own = Feedback.objects.filter(pk__in=[one.pk for one in feedback])
    if is_linked:
        own.exclude(state=Feedback.State.TRIAGED).update(state=Feedback.State.TRIAGED)
    else:
        own.filter(state=Feedback.State.TRIAGED).update(state=Feedback.State.NEW)


@transaction.atomic
def split_feedback(feedback: Feedback, texts: Sequence[str], *, actor: Any, version: int) -> list[Feedback]:
    """Cut a piece into several that wait, each said by whom, where and when the whole was; the whole is archived.

    The pieces hold the words of the whole, none more and none less: it is cut, not rewritten.
    """
    require(actor, "feedback.edit", feedback)
    current = lock_feedback(feedback)
    refuse_stale(current, version)
    words = [clean_text(text) for text in texts]
    if not 2 <= len(words) <= MOST_PIECES_OF_ONE:
        raise BadInput(fields={"text": [f"Cut it into 2 to {MOST_PIECES_OF_ONE} pieces."]})
    if "".join("".join(words).split()) != "".join(current.text.split()):
        raise BadInput(fields={"text": ["The pieces hold other words than the whole. Cut it here, edit it later."]})
    kept = ("team", "product", "visibility", "owner", "kind", "channel", "said_on", "language", "author", "title")
    same = {name: getattr(current, name) for name in (*kept, "person_id", "account_id", "origin", "origin_url")}
    pieces = [Feedback(**same, text=text, masked=mask(text), split_from=current) for text in words]
    for piece in pieces:
        piece.save()
        record(actor, "feedback.added", piece, after={"split_from_id": current.pk})
    before = {"state": current.state}
    current.state, current.version = Feedback.State.ARCHIVED, version + 1
    current.save(update_fields=["state", "version", "updated_at"])
    record(actor, "feedback.split", current, before=before, after={"state": current.state, "n_pieces": len(pieces)})
    return pieces


@transaction.atomic
def join_feedback(feedback: Feedback, *, actor: Any, version: int) -> Feedback:
    """Take a split back: the pieces go and the whole waits again, as long as nobody has worked on a piece."""
    require(actor, "feedback.edit", feedback)
    current = lock_feedback(feedback)
    refuse_stale(current, version)
    pieces = list(Feedback.objects.select_for_update().filter(split_from=current).order_by("pk"))
    if any(piece.version != 1 or piece.state != Feedback.State.NEW for piece in pieces):
        raise Conflict(_WORKED_ON)
    if Feedback.objects.filter(pk__in=[piece.pk for piece in pieces], highlights__isnull=False).exists():
        raise Conflict(_WORKED_ON)
    for piece in pieces:
        record(actor, "feedback.deleted", piece, before={"split_from_id": current.pk})
        piece.delete()
    current.state, current.version = Feedback.State.NEW, version + 1
    current.save(update_fields=["state", "version", "updated_at"])
    record(actor, "feedback.joined", current, before={"n_pieces": len(pieces)}, after={"state": current.state})
    return current
