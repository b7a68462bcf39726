"""Consents: given and withdrawn, never changed."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.contacts.access import may_write
from insights.contacts.models import Consent
from insights.events.public import DistinctId
from portal.audit.public import record
from portal.shell.public import BadInput, Conflict, NotAllowed, is_storable

LONGEST_PROOF = 2_000


@transaction.atomic
def give_consent(
    row: DistinctId, *, purpose: str, given_on: date, proof: str, expires_on: date | None = None, actor: Any
) -> Consent:
    """Write down that a person agreed to something, with how that is known."""
    if not may_write(actor, row.id_space):
        raise NotAllowed()
    faults: dict[str, list[str]] = {}
    if purpose not in Consent.Purpose.values:
        faults["purpose"] = [f"Use one of: {', '.join(Consent.Purpose.values)}."]
    if given_on > timezone.localdate():
        faults["given_on"] = ["This day is still to come."]
    if expires_on is not None and expires_on < given_on:
        faults["expires_on"] = ["It would end before it begins."]
    if not proof.strip() or len(proof) > LONGEST_PROOF or not is_storable(proof):
        faults["proof"] = [f"Say how it is known, in at most {LONGEST_PROOF:,} readable characters."]
    if faults:
        raise BadInput(fields=faults)
    consent = Consent.objects.create(
        person=row,
        purpose=purpose,
        given_on=given_on,
        expires_on=expires_on,
        proof=proof.strip(),
        created_by_id=actor.pk,
    )
    record(actor, "consent.given", consent, after={"purpose": purpose, "expires_on": expires_on})
    return consent


@transaction.atomic
def withdraw_consent(consent: Consent, *, actor: Any) -> Consent:
    """Note that a person took a consent back; the row stays, with the time."""
    if not may_write(actor, consent.person.id_space):
        raise NotAllowed()
    standing = Consent.objects.filter(pk=consent.pk, withdrawn_at=None)
    if not standing.update(withdrawn_at=timezone.now()):
        raise Conflict("This consent was withdrawn before.")
    record(actor, "consent.withdrawn", consent)
    consent.refresh_from_db()
    return consent


def who_agreed(person_nos: Collection[int], purpose: str, on: date) -> set[int]:
    """Return those of some persons (numbers of any of their ids) who agree to something on a day."""
    asked = dict(DistinctId.objects.filter(no__in=person_nos).values_list("no", "person_no"))
    owners = {no: person or no for no, person in asked.items()}
    consents = Consent.objects.in_force(on).filter(purpose=purpose)
    of_any = consents.filter(person__in=owners.values()) | consents.filter(person__person_no__in=owners.values())
    agreed = {person or no for no, person in of_any.values_list("person", "person__person_no")}
    return {no for no, owner in owners.items() if owner in agreed}
