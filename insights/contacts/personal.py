"""What this room knows of one person: handed out to them, and erased."""

from collections.abc import Iterator, Sequence
from typing import Any

from insights.contacts.models import Ask, Consent, Contact, OptOut
from insights.events.public import IdSpace


def export_person(space: IdSpace, distinct_ids: Sequence[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the contacts and the consents of a person, when they were asked something, and what they want no more."""
    of_person = {"person__id_space": space, "person__distinct_id__in": list(distinct_ids)}
    names = ("person__distinct_id", *Contact.FIELDS, "account__account_id", "owner__name", "next_step_on", "created_at")
    yield "contacts", list(Contact.objects.filter(**of_person).order_by("pk").values(*names, "updated_at"))
    names = ("person__distinct_id", "purpose", "given_on", "expires_on", "proof", "withdrawn_at", "created_at")
    yield "consents", list(Consent.objects.filter(**of_person).order_by("pk").values(*names))
    names = ("person__distinct_id", "kind", "about", "asked_at", "asked_by__name")
    yield "asks", list(Ask.objects.filter(**of_person).order_by("pk").values(*names))
    names = ("person__distinct_id", "kind", "is_own", "created_at")
    yield "opt_outs", list(OptOut.objects.filter(**of_person).order_by("pk").values(*names))


def erase_person(space: IdSpace, distinct_ids: Sequence[str], actor: Any) -> dict[str, int]:
    """Delete what is written down of a person, their consents and what they were asked; can be done twice."""
    of_person = {"person__id_space": space, "person__distinct_id__in": list(distinct_ids)}
    nouns = {"contacts": Contact, "consents": Consent, "asks": Ask, "opt_outs": OptOut}
    counts = {noun: model.objects.filter(**of_person).delete()[0] for noun, model in nouns.items()}  # type: ignore[attr-defined]
    return {noun: count for noun, count in counts.items() if count}
