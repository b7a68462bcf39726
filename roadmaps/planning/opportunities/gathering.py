"""Gathering what shows an opportunity to be real: quotes, feedback, findings, themes, saved insights, surveys."""

from typing import Any

from django.db import transaction

from insights.voice.feedback.public import Feedback
from insights.voice.findings.public import (
    LONGEST_EVIDENCE_NOTE,
    QUOTE,
    EvidenceKind,
    find_thing,
    pick_kind,
    read_words,
)
from insights.voice.highlights.public import Highlight, Piece, add_highlight
from portal.audit.public import record, state_of
from portal.people.public import can_see, require
from portal.shell.public import BadInput, NotFound, registry
from roadmaps.planning.opportunities.actions import lock_opportunity
from roadmaps.planning.opportunities.contracts import IMPORTANT, ProofKind
from roadmaps.planning.opportunities.models import Evidence, Opportunity


def all_kinds() -> list[EvidenceKind]:
    """Return the kinds of evidence that an opportunity rests on: those of findings, and more."""
    return sorted([*registry.all(EvidenceKind), *registry.all(ProofKind)], key=lambda one: (one.order, one.kind))


def get_kind(kind: str) -> EvidenceKind:
    """Return a kind of evidence by its name."""
    return pick_kind(all_kinds(), kind)


@transaction.atomic
def add_evidence(
    opportunity: Opportunity, *, actor: Any, kind: str, thing_id: int, weight: int = IMPORTANT, note: str = ""
) -> tuple[Evidence, bool]:
    """Take a thing as evidence; returns it, and whether it is new. Added again, the weight and note given last hold."""
    require(actor, "opportunities.edit", opportunity)
    _check(weight)
    of_kind, note = get_kind(kind), read_words(note, LONGEST_EVIDENCE_NOTE, "note")
    current = lock_opportunity(opportunity)
    thing = find_thing(of_kind, thing_id, actor=actor, product=current.product)
    what: dict[str, Any] = {"thing_id": thing_id, "kind": kind}
    if isinstance(thing, Highlight | Feedback):
        what = {"highlight" if isinstance(thing, Highlight) else "feedback": thing}
    known = Evidence.objects.select_for_update(of=["self"]).filter(opportunity=current, **what).first()
    if known is not None:
        return change_evidence(known, actor=actor, weight=weight, note=note or known.note), False
    title = "" if isinstance(thing, Highlight | Feedback) else str(thing)[:200]
    values = {"weight": weight, "note": note, "title": title, "created_by_id": actor.pk}
    evidence = Evidence.objects.create(opportunity=current, **{"kind": kind, **what}, **values)
    about = {"evidence": evidence.pk, "kind": kind, "weight": weight}
    record(actor, "opportunity.evidence_added", current, after=about)
    return evidence, True


@transaction.atomic
def quote_for_opportunity(
    opportunity: Opportunity,
    piece: Piece,
    *,
    actor: Any,
    quote: str,
    start: int | None = None,
    part: str = "",
    weight: int = IMPORTANT,
    note: str = "",
) -> tuple[Evidence, bool]:
    """Highlight words of a piece of feedback or a conversation, and take them as evidence of an opportunity."""
    require(actor, "opportunities.edit", opportunity)
    if not can_see(actor, piece):
        raise NotFound()
    if opportunity.product_id != piece.product_id:
        raise BadInput(fields={"opportunity": ["This opportunity is of another product than the text."]})
    highlight, _ = add_highlight(piece, actor=actor, quote=quote, start=start, part=part)
    return add_evidence(opportunity, actor=actor, kind=QUOTE, thing_id=highlight.pk, weight=weight, note=note)


@transaction.atomic
def change_evidence(evidence: Evidence, *, actor: Any, weight: int | None = None, note: str | None = None) -> Evidence:
    """Say how much it weighs, and what it shows."""
    require(actor, "opportunities.edit", evidence.opportunity)
    lock_opportunity(evidence.opportunity)
    current = Evidence.objects.select_for_update(of=["self"]).filter(pk=evidence.pk).first()
    if current is None:
        raise NotFound()
    before = state_of(current)
    if weight is not None:
        _check(weight)
        current.weight = weight
    if note is not None:
        current.note = read_words(note, LONGEST_EVIDENCE_NOTE, "note")
    current.save(update_fields=["weight", "note"])
    after = state_of(current)
    if before != after:
        record(actor, "opportunity_evidence.changed", current, before=before, after=after)
    current.opportunity = evidence.opportunity
    return current


@transaction.atomic
def remove_evidence(evidence: Evidence, *, actor: Any) -> None:
    """Take evidence away; the thing itself stays."""
    require(actor, "opportunities.edit", evidence.opportunity)
    opportunity = lock_opportunity(evidence.opportunity)
    about = {"evidence": evidence.pk, "kind": evidence.kind, "weight": evidence.weight}
    record(actor, "opportunity.evidence_removed", opportunity, before=about)
    evidence.delete()


def release_highlight(highlight: Highlight, actor: Any) -> None:
    """Take back evidence that stands on a highlight, before that is no more."""
    for evidence in Evidence.objects.select_related("opportunity").filter(highlight=highlight):
        about = {"evidence": evidence.pk, "kind": evidence.kind, "weight": evidence.weight}
        record(actor, "opportunity.evidence_removed", evidence.opportunity, before=about)
        evidence.delete()


def _check(weight: int) -> None:
    if weight not in Evidence.Weight.values:
        raise BadInput(fields={"weight": ["Use 1 (nice to have), 2 (important) or 3 (critical)."]})
