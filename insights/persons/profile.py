"""What is written down of one person, as their page shows it: contacts, consents, and who may be the same person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Upper
from django.utils import timezone

from insights.contacts.finding import EMAIL_KEYS, persons_with_email
from insights.contacts.public import Consent, Contact
from insights.contacts.written import contacts_of
from insights.events.public import DistinctId, open_snapshot
from insights.persons.access import Scope
from insights.persons.reading import current_traits

MOST_CONSENTS = 100
MOST_TWINS = 10


def consents_of(scope: Scope, ids: Sequence[DistinctId]) -> list[tuple[Consent, str]]:
    """Return a person's consents with how each stands today, the newest first."""
    if not scope.sees_written:
        return []
    today = timezone.localdate()
    rows = Consent.objects.filter(person__in=ids).select_related("created_by")[:MOST_CONSENTS]
    return [(row, row.state_on(today)) for row in rows]


@dataclass(frozen=True)
class Twin:
    """Somebody who has an e-mail address in common with a person, and is possibly the same."""

    no: int
    label: str
    distinct_id: str
    address: str


def twins_of(scope: Scope, ids: Sequence[DistinctId]) -> list[Twin]:
    """Return the other persons who have the same e-mail address, written down of one of the two at least.

    An address that senders say of both is no reason: a mailbox of a whole office is in many traits.
    """
    if not scope.sees_written:
        return []
    own = {contact.address.lower() for contact in contacts_of(ids) if contact.address}
    with open_snapshot(scope.source_ids, caller="persons.twins_of") as snapshot:
        traits = current_traits(snapshot, "person", [row.no for row in ids])
        said = {str(trait.value).lower() for trait in traits if trait.key in EMAIL_KEYS and trait.value}
        found = _with_contact(scope, own | said) + (_with_trait(scope, snapshot, own) if own else [])
    known, kept = {row.resolved_no for row in ids}, dict[int, Twin]()
    for twin in found:
        if twin.no not in known:
            kept.setdefault(twin.no, twin)
    return list(kept.values())[:MOST_TWINS]


def _with_contact(scope: Scope, addresses: set[str]) -> list[Twin]:
    rows: Any = Contact.objects.annotate(upper=Upper("address")).filter(upper__in=[one.upper() for one in addresses])
    rows = rows.filter(person__id_space=scope.space).select_related("person").order_by("pk")
    return [
        Twin(row.person.resolved_no, row.label, row.person.distinct_id, row.address)
        for row in rows[: MOST_TWINS + len(addresses)]
    ]


def _with_trait(scope: Scope, snapshot: Any, addresses: set[str]) -> list[Twin]:
    said = {no: address for address, no in persons_with_email(snapshot, addresses)}
    rows = DistinctId.objects.filter(no__in=said, id_space=scope.space).order_by("no")[: 2 * MOST_TWINS]
    return [Twin(row.resolved_no, said[row.no], row.distinct_id, said[row.no]) for row in rows]
