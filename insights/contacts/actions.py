"""Writing down what is known of persons and accounts by hand, each change from the version that its writer saw."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from insights.contacts.access import may_write
from insights.contacts.finding import clean_id, find_speaker
from insights.contacts.models import AccountRecord, Contact
from insights.events.public import Account, DistinctId, default_id_space, number_ids
from portal.audit.public import record, state_of
from portal.people.public import Product, require
from portal.shell.public import BadInput, Conflict, NotAllowed, Stale, is_storable

_CONTACT_FIELDS = frozenset({*Contact.FIELDS, "account", "owner", "next_step_on"})
_RECORD_FIELDS = frozenset({*AccountRecord.FIELDS, "owner", "revenue"})
_STALE = "Somebody else changed this in the meantime. Reload the page to see their change."
_KNOWN = "This person has a contact already. Change it on their page."
_MOST_REVENUE = Decimal("99999999999999.99")


@transaction.atomic
def create_contact(product: Product, *, actor: Any, person: str = "", **values: Any) -> Contact:
    """Write a person down by an id or an e-mail address, whether or not an event names them."""
    require(actor, "contacts.edit", product)
    typed = clean_id(person, "person") or clean_id(values.get("address") or "", "address")
    if not typed:
        raise BadInput(fields={"address": ["Give an e-mail address, or the id by which events know them."]})
    check_values(Contact, values)
    number = find_speaker(product, person=typed).person_no
    row = DistinctId.objects.select_related("id_space__product__team").get(pk=number)
    if Contact.objects.of_person(row.resolved_no).exists():
        raise Conflict(_KNOWN)
    contact = Contact(person=row, created_by_id=actor.pk, owner_id=actor.pk)
    fill(contact, values)
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError as error:  # written down by somebody else at the same moment
        raise Conflict(_KNOWN) from error
    record(actor, "contact.created", contact, after=state_of(contact))
    return contact


@transaction.atomic
def write_contact(row: DistinctId, *, actor: Any, version: int, **values: Any) -> Contact:
    """Change the contact of an id if nobody changed it since `version`; version 0 writes the first one down."""
    return _write(Contact, "person", row, actor, version, values)


@transaction.atomic
def write_record(row: Account, *, actor: Any, version: int, **values: Any) -> AccountRecord:
    """Change what is written down of an account; version 0 writes the first of it down."""
    return _write(AccountRecord, "account", row, actor, version, values)


@transaction.atomic
def create_record(product: Product, *, actor: Any, account: str, **values: Any) -> AccountRecord:
    """Write an account down by its id, whether or not an event names it."""
    require(actor, "contacts.edit", product)
    typed = clean_id(account, "account")
    if not typed:
        raise BadInput(fields={"account": ["Give the id of the account, such as acme."]})
    check_values(AccountRecord, values)
    number = number_ids(Account, default_id_space(product), [typed])[typed]
    row = Account.objects.select_related("id_space__product__team").get(pk=number)
    return _write(AccountRecord, "account", row, actor, 0, values)


@transaction.atomic
def delete_contact(contact: Contact, *, actor: Any) -> None:
    """Take away what is written down of a person; what events and others say of them stays."""
    _delete(contact, contact.person.id_space, actor)


@transaction.atomic
def delete_record(found: AccountRecord, *, actor: Any) -> None:
    """Take away what is written down of an account."""
    _delete(found, found.account.id_space, actor)


def noun_of(model: Any) -> str:
    """Return what a row is called in the audit trail."""
    return "contact" if model is Contact else "account_record"


def _delete(thing: Any, space: Any, actor: Any) -> None:
    if not may_write(actor, space):
        raise NotAllowed()
    record(actor, f"{noun_of(type(thing))}.deleted", thing, before=state_of(thing))
    thing.delete()


def _write(model: Any, of: str, row: Any, actor: Any, version: int, values: dict[str, Any]) -> Any:
    if not may_write(actor, row.id_space):
        raise NotAllowed()
    current = model.objects.select_for_update().filter(**{of: row}).first()
    if (current.version if current else 0) != version:
        raise Stale(_STALE)
    check_values(model, values)
    before = state_of(current) if current else None
    thing = current or model(**{of: row}, created_by_id=actor.pk, version=0)
    fill(thing, values)
    thing.version = version + 1
    try:
        with transaction.atomic():
            thing.save()
    except IntegrityError as error:  # somebody else wrote the first one down at the same moment
        raise Stale(_STALE) from error
    record(
        actor, f"{noun_of(model)}.{'changed' if current else 'created'}", thing, before=before, after=state_of(thing)
    )
    return thing


def check_values(model: Any, values: dict[str, Any]) -> None:
    """Say what is wrong with each value, by its field."""
    known = _CONTACT_FIELDS if model is Contact else _RECORD_FIELDS
    faults = {name: ["This cannot be changed here."] for name in sorted(values.keys() - known)}
    for name in model.FIELDS:
        longest, value = model._meta.get_field(name).max_length, values.get(name) or ""
        if len(" ".join(value.split())) > longest or not is_storable(value):
            faults[name] = [f"Use at most {longest} readable characters."]
    if address := " ".join((values.get("address") or "").split()):
        try:
            validate_email(address)
        except ValidationError:
            faults.setdefault("address", ["Give a whole address, such as ada@example.com."])
    revenue = values.get("revenue")
    if revenue is not None and not (Decimal(0) <= revenue <= _MOST_REVENUE):
        faults["revenue"] = ["Give an amount from 0 up, without a currency."]
    day = values.get("next_step_on")
    if isinstance(day, dt.date) and not dt.date(2000, 1, 1) <= day <= dt.date(2200, 1, 1):
        faults["next_step_on"] = ["Give a day of this century or the next."]
    if faults:
        raise BadInput(fields=faults)


def fill(thing: Any, values: dict[str, Any]) -> None:
    """Set checked values; the account of a contact is found by its id, and numbered where it is new."""
    for name, value in values.items():
        if name == "account" and isinstance(value, str):
            thing.account = _account(thing.person, value)
        else:
            setattr(thing, name, " ".join((value or "").split()) if name in type(thing).FIELDS else value)


def _account(person: DistinctId, text: str) -> Account | None:
    plain = clean_id(text, "account")
    if not plain:
        return None
    return Account.objects.get(pk=number_ids(Account, person.id_space, [plain])[plain])
