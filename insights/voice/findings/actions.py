"""Claiming, changing, reviewing and deleting findings."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.voice.findings.contracts import AGAINST, FOR, LONGEST_VALID_DAYS, due_on
from insights.voice.findings.models import Finding, Review
from insights.voice.texts.public import mask
from portal.audit.public import record, state_of
from portal.people.public import Product, Visibility, require
from portal.shell.public import BadInput, Conflict, NotFound, is_storable, refuse_stale, refuse_unknown

_FIELDS = frozenset({"claim", "meaning", "method", "how", "n", "n_of", "confidence", "owner", "visibility"})
_LONGEST = {"claim": 300, "meaning": 10_000, "how": 4_000, "n_of": 40}
LONGEST_NOTE = 2_000
_PRIVATE = (
    "Leave e-mail addresses and telephone numbers out: findings are read by many, and outlive the people behind them."
    " Write large numbers with commas."
)
Outcome = Review.Outcome


@transaction.atomic
def create_finding(product: Product, *, claim: str, actor: Any, **values: Any) -> Finding:
    """Write a claim down as a draft; it belongs to the product's team."""
    refuse_unknown(values, _FIELDS)
    finding = Finding(product=product, team=product.team, visibility=Visibility.COMPANY)
    require(actor, "findings.create", finding)
    values.setdefault("owner", actor if actor.pk else None)
    _fill(finding, {"claim": claim, **values})
    finding.save()
    record(actor, "finding.created", finding, after={"product": product.name})
    return finding


@transaction.atomic
def update_finding(finding: Finding, *, actor: Any, version: int, **changes: Any) -> Finding:
    """Change a finding if nobody changed it since `version`."""
    require(actor, "findings.edit", finding)
    refuse_unknown(changes, _FIELDS)
    current = lock_finding(finding)
    refuse_stale(current, version)
    before = state_of(current)
    _fill(current, changes)
    current.version += 1
    current.save()
    record(actor, "finding.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def review_finding(
    finding: Finding,
    *,
    actor: Any,
    version: int,
    outcome: str,
    note: str = "",
    confidence: int | None = None,
    valid_until: dt.date | None = None,
) -> Finding:
    """State a draft, say that a finding still stands, is in question, or is withdrawn; kept with what was known then.

    What stands, stands until a day: 180 days from now, unless another is named.
    """
    require(actor, "findings.edit", finding)
    current, today = lock_finding(finding), timezone.localdate()
    refuse_stale(current, version)
    until = valid_until or (due_on(today) if outcome == Outcome.STANDS else current.valid_until or today)
    note = read_words(note, LONGEST_NOTE, "note")
    _check_review(current, outcome, note, until, today, confidence)
    before = state_of(current)
    current.state, current.valid_until, current.version = outcome, until, current.version + 1
    current.confidence = confidence or current.confidence
    current.reviewed_on = today
    current.stated_on = current.stated_on or today
    current.save()
    keep_review(current, actor=actor, note=note)
    verb = {Outcome.STANDS: "finding.confirmed", Outcome.IN_QUESTION: "finding.doubted"}
    record(actor, verb.get(outcome, "finding.withdrawn"), current, before=before, after=state_of(current))
    return current


@transaction.atomic
def delete_finding(finding: Finding, *, actor: Any) -> None:
    """Delete a draft; what was stated once is withdrawn, for others may have built on it."""
    require(actor, "findings.edit", finding)
    current = lock_finding(finding)
    if current.state != Finding.State.DRAFT:
        raise Conflict("It was stated, and others may have built on it. Withdraw it instead: it stays to be read.")
    record(actor, "finding.deleted", current, before=state_of(current))
    current.delete()


def keep_review(finding: Finding, *, actor: Any, note: str, is_by_evidence: bool = False) -> Review:
    """Keep how a finding stands from now on, and how much evidence there was."""
    sides = list(finding.evidence.values_list("side", flat=True))
    return Review.objects.create(
        finding=finding,
        outcome=finding.state,
        note=note,
        confidence=finding.confidence,
        valid_until=finding.valid_until,
        n_for=sides.count(FOR),
        n_against=sides.count(AGAINST),
        is_by_evidence=is_by_evidence,
        made_by_id=actor.pk,
    )


def lock_finding(finding: Finding) -> Finding:
    """Return a finding as it is now, for nobody else to change before the transaction ends."""
    current = Finding.objects.select_for_update(of=["self"]).dressed().filter(pk=finding.pk).first()
    if current is None:
        raise NotFound()
    return current


def read_words(text: str, most: int, field: str) -> str:
    """Return words that many will read; refuse what is too long, unreadable, or holds an address or a number."""
    plain = text.strip()
    if len(plain) > most or not is_storable(plain):
        raise BadInput(fields={field: [f"Use at most {most:,} readable characters."]})
    if mask(plain) != plain:
        raise BadInput(fields={field: [_PRIVATE]})
    return plain


def _fill(finding: Finding, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name in _LONGEST:
            value = read_words(" ".join(value.split()) if name in ("claim", "n_of") else value, _LONGEST[name], name)
        setattr(finding, name, value)
    if not finding.claim:
        raise BadInput(fields={"claim": ["Say what you claim, in one sentence."]})
    if finding.method not in Finding.Method.values:
        raise BadInput(fields={"method": [f"Use one of: {', '.join(Finding.Method.values)}."]})
    if finding.confidence not in Finding.Confidence.values:
        raise BadInput(fields={"confidence": ["Use 1 (low), 2 (medium) or 3 (high)."]})
    if finding.n is not None and not 0 < finding.n < 2**31:
        raise BadInput(fields={"n": ["Use a whole number of at least 1, or leave it empty."]})
    finding.n_of = finding.n_of or "people"


def _check_review(
    finding: Finding, outcome: str, note: str, until: dt.date, today: dt.date, confidence: int | None
) -> None:
    faults: dict[str, list[str]] = {}
    if outcome not in Outcome.values:
        faults["outcome"] = [f"Use one of: {', '.join(Outcome.values)}."]
    elif outcome != Outcome.STANDS and finding.state == Finding.State.DRAFT:
        faults["outcome"] = ["It is a draft: state it first, or delete it."]
    elif outcome == Outcome.STANDS and not finding.evidence.filter(side=FOR).exists():
        faults["outcome"] = ["Nothing speaks for it yet. Add evidence first: a claim stands on something."]
    needs_note = outcome != Outcome.STANDS or finding.state in (Finding.State.IN_QUESTION, Finding.State.WITHDRAWN)
    if needs_note and not note:
        faults["note"] = ["Say why, for whoever built on it."]
    if outcome == Outcome.STANDS and not today <= until <= today + dt.timedelta(days=LONGEST_VALID_DAYS):
        faults["valid_until"] = [f"Choose a day from today to {LONGEST_VALID_DAYS} days from now."]
    if confidence is not None and confidence not in Finding.Confidence.values:
        faults["confidence"] = ["Use 1 (low), 2 (medium) or 3 (high)."]
    if faults:
        raise BadInput(fields=faults)
