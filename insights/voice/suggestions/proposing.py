"""New themes that unlinked feedback seems to have: put before people, accepted into a theme, or rejected for good."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.voice.feedback.public import Feedback
from insights.voice.suggestions.models import ProposedPiece, ThemeProposal
from insights.voice.themes.public import Theme, ThemeLink, create_theme, link_pieces
from portal.audit.public import record
from portal.people.public import Product, require
from portal.shell.public import Conflict, NotFound, refuse_stale

MOST_PIECES = 1_000  # of one proposal, the nearest
SAME_MARKS = 0.5  # share of marks from which two proposals are the same
SAME_PIECES = 0.5  # share of pieces from which they are
State = ThemeProposal.State


def mark_of(word: str) -> str:
    """Return the hash by which a word is known again without being kept."""
    return hashlib.sha256(word.encode()).hexdigest()[:12]


def put_proposals(product: Product, groups: Sequence[tuple[Any, Sequence[int]]]) -> int:
    """Replace what is open by these groups (group, ids of its pieces); what was rejected is not offered again.

    One that is open already keeps its number. Returns how many are open then.
    """
    known = list(ThemeProposal.objects.filter(product=product))
    pieces_of = {one.pk: set(one.proposed.values_list("feedback_id", flat=True)) for one in known}
    names = set(Theme.objects.filter(product=product).values_list("name", flat=True))
    kept: set[int] = set()
    for group, ids in groups:
        marks, name = [mark_of(word) for word in group.words], name_of(group.words)
        same = next((one for one in known if _is_same(one, marks, set(ids), pieces_of[one.pk])), None)
        if (same is not None and same.state != State.OPEN) or name.casefold() in {one.casefold() for one in names}:
            continue
        if same is not None and same.pk in kept:
            continue
        values = {"closeness": group.closeness, "n_pieces": len(ids), "marks": marks}
        words = {"name": name, "words": list(group.words)}
        if same is None:
            same = ThemeProposal.objects.create(product=product, **values, **words)
        else:
            ThemeProposal.objects.filter(pk=same.pk).update(**values, **words)
            same.proposed.all().delete()
        kept.add(same.pk)
        rows = [ProposedPiece(proposal=same, feedback_id=pk, position=at) for at, pk in enumerate(ids[:MOST_PIECES])]
        ProposedPiece.objects.bulk_create(rows, batch_size=1_000)
    ThemeProposal.objects.filter(product=product, state=State.OPEN).exclude(pk__in=kept).delete()
    return len(kept)


def name_of(words: Sequence[str]) -> str:
    """Return the name to begin with, out of distinctive words.

    >>> name_of(("dark mode", "eyes", "night"))
    'Dark mode, eyes, night'
    """
    text = ", ".join(words)[:120]
    return text[:1].upper() + text[1:]


def _is_same(known: ThemeProposal, marks: list[str], ids: set[int], known_ids: set[int]) -> bool:
    shared = len(set(known.marks) & set(marks)) / max(1, min(len(known.marks), len(marks)))
    if known.marks and marks and shared > SAME_MARKS:
        return True
    return bool(ids) and len(ids & known_ids) / len(ids) >= SAME_PIECES


def _locked(proposal: ThemeProposal, version: int) -> ThemeProposal:
    rows = ThemeProposal.objects.select_for_update(of=["self"]).select_related("product__team")
    current = rows.filter(pk=proposal.pk).first()
    if current is None:
        raise NotFound("This proposal is gone: the last learning found other groups. Reload the page.")
    refuse_stale(current, version)
    return current


@transaction.atomic
def accept_proposal(proposal: ThemeProposal, *, actor: Any, version: int, name: str = "", parent: Theme | None = None):
    """Make the theme and link the pieces that still wait without one; returns (theme, how many were linked)."""
    require(actor, "themes.create", proposal)
    current = _locked(proposal, version)
    if current.state != State.OPEN:
        raise Conflict("Somebody has decided on this proposal already. Reload the page.")
    theme = create_theme(current.product, name=name or current.name, actor=actor, parent=parent)
    ids = list(current.proposed.values_list("feedback_id", flat=True))
    linked = ThemeLink.objects.filter(feedback__in=ids).values("feedback")
    quoted = ThemeLink.objects.filter(highlight__feedback__in=ids).values("highlight__feedback")
    free = Feedback.objects.select_for_update().filter(pk__in=ids, state=Feedback.State.NEW)
    pieces = list(free.exclude(pk__in=linked).exclude(pk__in=quoted))
    n_linked = link_pieces(theme, pieces, actor=actor) if pieces else 0
    _decide(current, State.ACCEPTED, actor, theme=theme)
    return theme, n_linked


@transaction.atomic
def reject_proposal(proposal: ThemeProposal, *, actor: Any, version: int) -> ThemeProposal:
    """Say that it is no theme; it is not offered again."""
    require(actor, "themes.create", proposal)
    current = _locked(proposal, version)
    if current.state != State.OPEN:
        raise Conflict("Somebody has decided on this proposal already. Reload the page.")
    return _decide(current, State.REJECTED, actor)


@transaction.atomic
def reopen_proposal(proposal: ThemeProposal, *, actor: Any, version: int) -> ThemeProposal:
    """Take a rejection back."""
    require(actor, "themes.create", proposal)
    current = _locked(proposal, version)
    if current.state != State.REJECTED:
        raise Conflict("This proposal is not rejected any more. Reload the page.")
    return _decide(current, State.OPEN, actor)


def _decide(proposal: ThemeProposal, state: str, actor: Any, **values: Any) -> ThemeProposal:
    before = proposal.state
    values |= {"state": state, "decided_by_id": actor.pk, "decided_at": timezone.now()}
    for name, value in {**values, "version": proposal.version + 1}.items():
        setattr(proposal, name, value)
    proposal.save(update_fields=["state", "theme", "decided_by", "decided_at", "version"])
    verb = {
        State.ACCEPTED: "proposed_theme.accepted",
        State.REJECTED: "proposed_theme.rejected",
        State.OPEN: "proposed_theme.reopened",
    }[State(state)]
    record(actor, verb, proposal, before={"state": before}, after={"state": state})
    return proposal
