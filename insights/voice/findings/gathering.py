"""Gathering evidence: quotes and other things for and against a claim; what contradicts a finding reopens it."""

from typing import Any

from django.db import transaction

from insights.voice.findings.actions import keep_review, lock_finding, read_words
from insights.voice.findings.contracts import AGAINST, FOR, EvidenceKind
from insights.voice.findings.models import Evidence, Finding
from insights.voice.findings.picking import LONGEST_EVIDENCE_NOTE, QUOTE, find_thing, pick_kind
from insights.voice.highlights.public import Highlight, Piece, add_highlight
from portal.audit.public import record, state_of
from portal.messages.public import notify
from portal.people.public import can_see, require
from portal.shell.public import BadInput, NotFound, registry

_STATES = Finding.State


def get_kind(kind: str) -> EvidenceKind:
    """Return a kind of evidence by its name."""
    return pick_kind(registry.all(EvidenceKind), kind)


@transaction.atomic
def add_evidence(
    finding: Finding, *, actor: Any, kind: str, thing_id: int, side: str = FOR, note: str = ""
) -> tuple[Evidence, bool]:
    """Let a thing speak for or against a claim; returns the evidence, and whether it is new.

    Added again, the side and the note given last hold. What contradicts a finding that stands puts it in question, and
    so does what speaks for one that was withdrawn.
    """
    require(actor, "findings.edit", finding)
    _check_side(side)
    of_kind, note = get_kind(kind), read_words(note, LONGEST_EVIDENCE_NOTE, "note")
    current = lock_finding(finding)
    thing = find_thing(of_kind, thing_id, actor=actor, product=current.product)
    if not of_kind.is_quote and not note:
        raise BadInput(fields={"note": ["Say what it shows: a number speaks neither for nor against by itself."]})
    is_quote = isinstance(thing, Highlight)
    what = {"highlight": thing} if is_quote else {"kind": kind, "thing_id": thing_id}
    known = Evidence.objects.select_for_update(of=["self"]).filter(finding=current, **what).first()
    if known is not None:
        return change_evidence(known, actor=actor, side=side, note=note or known.note), False
    title = "" if is_quote else str(thing)[:200]
    values = {"side": side, "note": note, "title": title, "created_by_id": actor.pk}
    evidence = Evidence.objects.create(finding=current, **{"kind": kind, **what}, **values)
    record(actor, "finding.evidence_added", current, after={"evidence": evidence.pk, "side": side, "kind": kind})
    _question(current, evidence, actor)
    return evidence, True


@transaction.atomic
def quote_for_finding(
    finding: Finding,
    piece: Piece,
    *,
    actor: Any,
    quote: str,
    start: int | None = None,
    part: str = "",
    side: str = FOR,
    note: str = "",
) -> tuple[Evidence, bool]:
    """Highlight words of a piece of feedback or a conversation, and let them speak for or against a claim."""
    require(actor, "findings.edit", finding)
    if not can_see(actor, piece):
        raise NotFound()
    if finding.product_id != piece.product_id:
        raise BadInput(fields={"finding": ["This finding is of another product than the text."]})
    highlight, _ = add_highlight(piece, actor=actor, quote=quote, start=start, part=part)
    return add_evidence(finding, actor=actor, kind=QUOTE, thing_id=highlight.pk, side=side, note=note)


@transaction.atomic
def change_evidence(evidence: Evidence, *, actor: Any, side: str | None = None, note: str | None = None) -> Evidence:
    """Say on which side it stands, and what it shows."""
    require(actor, "findings.edit", evidence.finding)
    finding = lock_finding(evidence.finding)
    current = Evidence.objects.select_for_update(of=["self"]).filter(pk=evidence.pk).first()
    if current is None:
        raise NotFound()
    before = state_of(current)
    if side is not None:
        _check_side(side)
        current.side = side
    if note is not None:
        current.note = read_words(note, LONGEST_EVIDENCE_NOTE, "note")
        if not current.note and current.highlight_id is None:
            raise BadInput(fields={"note": ["Say what it shows: a number speaks neither for nor against by itself."]})
    current.save(update_fields=["side", "note"])
    after = state_of(current)
    if before != after:
        record(actor, "evidence.changed", current, before=before, after=after)
    if before["side"] != current.side:
        _question(finding, current, actor)
    current.finding = finding
    return current


@transaction.atomic
def remove_evidence(evidence: Evidence, *, actor: Any) -> None:
    """Take evidence away; the thing itself stays."""
    require(actor, "findings.edit", evidence.finding)
    finding = lock_finding(evidence.finding)
    about = {"evidence": evidence.pk, "side": evidence.side, "kind": evidence.kind}
    record(actor, "finding.evidence_removed", finding, before=about)
    evidence.delete()


def _check_side(side: str) -> None:
    if side not in (FOR, AGAINST):
        raise BadInput(fields={"side": [f"Use {FOR} or {AGAINST}."]})


def _question(finding: Finding, evidence: Evidence, actor: Any) -> None:
    """Put a finding in question that this evidence contradicts, and tell its owner; the row is locked."""
    contradicted = {AGAINST: _STATES.STANDS, FOR: _STATES.WITHDRAWN}
    if finding.state != contradicted[evidence.side]:
        return
    before = state_of(finding)
    finding.state, finding.version = _STATES.IN_QUESTION, finding.version + 1
    finding.save(update_fields=["state", "version", "updated_at"])
    review = keep_review(finding, actor=actor, note="", is_by_evidence=True)
    record(actor, "finding.reopened", finding, before=before, after=state_of(finding))
    if finding.owner is not None and finding.owner_id != actor.pk:
        said = f"New evidence speaks {evidence.side} “{finding.claim}”. Review whether it still stands."
        notify(
            [finding.owner],
            said if evidence.side == AGAINST else f"“{finding.claim}” was withdrawn, and new evidence speaks for it.",
            key=f"finding-reopened:{review.pk}",
            url=finding.get_absolute_url(),
            kind="warn",
        )
