"""What is written down of one person, as their page shows it: contacts, consents, and who may be the same person."""

from collections.abc import Sequence
from typing import Any

from django.db.models.functions import Upper
from django.utils import timezone

from insights.contacts.public import Consent, Contact
from insights.events.public import DistinctId
from insights.persons.access import Scope

MOST_CONSENTS = 100
MOST_TWINS = 10


def consents_of(scope: Scope, ids: Sequence[DistinctId]) -> list[tuple[Consent, str]]:
    """Return a person's consents with how each stands today, the newest first."""
    if not scope.sees_written:
        return []
    today = timezone.localdate()
    rows = Consent.objects.filter(person__in=ids).select_related("created_by")[:MOST_CONSENTS]
    return [(row, row.state_on(today)) for row in rows]


def twins_of(scope: Scope, ids: Sequence[DistinctId], contacts: Sequence[Contact]) -> list[Contact]:
    """Return the contacts of other persons who have the same e-mail address: possibly the same person."""
    addresses = {contact.address.upper() for contact in contacts if contact.address}
    if not addresses:
        return []
    rows: Any = Contact.objects.annotate(upper=Upper("address")).filter(upper__in=addresses)
    rows = rows.filter(person__id_space=scope.space).exclude(person__in=ids).select_related("person")
    return list({row.person.resolved_no: row for row in rows.order_by("pk")[:MOST_TWINS]}.values())
