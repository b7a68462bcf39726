"""What this room knows of one person: handed out to them, and erased."""

from collections.abc import Iterator, Sequence
from typing import Any

from insights.contacts.models import Consent, Contact
from insights.events.public import IdSpace


def export_person(space: IdSpace, distinct_ids: Sequence[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the contacts and the consents of a person."""
    of_person = {"person__id_space": space, "person__distinct_id__in": list(distinct_ids)}
    names = ("person__distinct_id", *Contact.FIELDS, "account__account_id", "owner__name", "next_step_on", "created_at")
    yield "contacts", list(Contact.objects.filter(**of_person).order_by("pk").values(*names, "updated_at"))
    names = ("person__distinct_id", "purpose", "given_on", "expires_on", "proof", "withdrawn_at", "created_at")
    yield "consents", list(Consent.objects.filter(**of_person).order_by("pk").values(*names))


def erase_person(space: IdSpace, distinct_ids: Sequence[str], actor: Any) -> dict[str, int]:
    """Delete what is written down of a person, and their consents; can be done twice."""
    of_person = {"person__id_space": space, "person__distinct_id__in": list(distinct_ids)}
    n_contacts, _ = Contact.objects.filter(**of_person).delete()
    n_consents, _ = Consent.objects.filter(**of_person).delete()
    return {noun: count for noun, count in (("contacts", n_contacts), ("consents", n_consents)) if count}
