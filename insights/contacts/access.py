"""The door to what is written down of persons and accounts: for the team of the id space's product, and for ops."""

from typing import Any

from insights.contacts.models import AccountRecord, Ask, Consent, Contact, OptOut, TraitName
from insights.events.public import Account, DistinctId, IdSpace
from portal.people.public import Product, Role, allow, can, can_see, is_insider, require
from portal.shell.public import NotAllowed, NotFound

allow("contacts.edit", Role.PRODUCT_MANAGER)
allow("trait_names.edit", Role.OPS, is_team_bound=False)

INSIDERS_ONLY = "What is written down of people is for the product's team and for ops. Ask a member of the team."


def products_to_write_for(user: Any) -> list[Product]:
    """Return the products of whose people a user may write something down."""
    return [product for product in user.visible_products if can(user, "contacts.edit", product)]


def sees_written(user: Any, space: IdSpace) -> bool:
    """Say whether a user may read what is written down of the people of a space."""
    return user.is_ops or (space.product is not None and is_insider(user, space.product.team_id))


def may_write(user: Any, space: IdSpace) -> bool:
    """Say whether a user may write something down of the people of a space."""
    return space.product is not None and can(user, "contacts.edit", space.product)


def _enter(user: Any, space: IdSpace, write: bool) -> None:
    if space.product is None and not user.is_ops:
        raise NotFound()
    if space.product is not None and not can_see(user, space.product):
        raise NotFound()
    if not sees_written(user, space):
        raise NotAllowed(INSIDERS_ONLY)
    if write and not may_write(user, space):
        raise NotAllowed()


def get_person_id(user: Any, no: int, write: bool = False) -> DistinctId:
    """Return a person's id by its number."""
    row = DistinctId.objects.select_related("id_space__product__team").filter(pk=no).first()
    if row is None:
        raise NotFound()
    _enter(user, row.id_space, write)
    return row


def get_account_id(user: Any, no: int, write: bool = False) -> Account:
    """Return an account by its number."""
    row = Account.objects.select_related("id_space__product__team").filter(pk=no).first()
    if row is None:
        raise NotFound()
    _enter(user, row.id_space, write)
    return row


def _get(rows: Any, user: Any, pk: int) -> Any:
    thing = rows.visible_to(user).filter(pk=pk).first()
    if thing is None:
        raise NotFound()
    return thing


def _get_of_person(rows: Any, user: Any, pk: int, write: bool) -> Any:
    thing = _get(rows, user, pk)
    if write and not may_write(user, thing.person.id_space):
        raise NotAllowed()
    return thing


def get_contact(user: Any, pk: int, write: bool = False) -> Contact:
    """Return a contact that the user may read; with `write`, may change too."""
    return _get_of_person(Contact.objects.dressed(), user, pk, write)


def get_record(user: Any, pk: int, write: bool = False) -> AccountRecord:
    """Return the record of an account that the user may read; with `write`, may change too."""
    found = _get(AccountRecord.objects.dressed(), user, pk)
    if write and not may_write(user, found.account.id_space):
        raise NotAllowed()
    return found


def get_consent(user: Any, pk: int, write: bool = False) -> Consent:
    """Return a consent that the user may read; with `write`, may withdraw too."""
    consents = Consent.objects.select_related("person__id_space__product__team", "created_by")
    return _get_of_person(consents, user, pk, write)


def get_ask(user: Any, pk: int, write: bool = False) -> Ask:
    """Return an ask that the user may read; with `write`, may take back too."""
    return _get_of_person(Ask.objects.select_related("person__id_space__product__team", "asked_by"), user, pk, write)


def get_opt_out(user: Any, pk: int, write: bool = False) -> OptOut:
    """Return an opt-out that the user may read; with `write`, may take back too."""
    return _get_of_person(OptOut.objects.select_related("person__id_space__product__team"), user, pk, write)


def get_trait_name(user: Any, pk: int, write: bool = False) -> TraitName:
    """Return the name of a trait that the user may read; with `write`, may change too."""
    if write:
        require(user, "trait_names.edit")
    return _get(TraitName.objects.select_related("id_space__product"), user, pk)
