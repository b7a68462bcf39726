"""Who is meant by what was typed: an id as the events know it, an e-mail address, or somebody new.

Identity is the event store's: a person is an id of the product's space, whether or not an event names it yet, so merges
and erasures reach them as everybody else.
"""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from typing import Any

from django.db.models.functions import Upper

from insights.contacts.contracts import Speaker, Written
from insights.contacts.models import Contact
from insights.contacts.written import contacts_by_person
from insights.events.public import (
    LATEST_VALUE,
    Account,
    DistinctId,
    IdSpace,
    Source,
    default_id_space,
    describe_people,
    number_ids,
    open_snapshot,
)
from portal.people.public import Product
from portal.shell.public import BadInput, is_storable

ACCOUNT_KEY = "$account"
EMAIL_KEYS = ("email", "$email")
_NOBODY = Written()
LONGEST_ID = DistinctId.MAX_LENGTH

# Whose address is this now, in whatever letters it was written.
_WITH_EMAIL = f"""
    SELECT lower({LATEST_VALUE} ->> '$') AS email, t.subject_no FROM {{traits}} t
    WHERE t.subject = 'person' AND t.key IN ('email', '$email') AND t.subject_no IN (
        SELECT subject_no FROM {{traits}} WHERE subject = 'person' AND key IN ('email', '$email')
            AND lower(value ->> '$') IN (SELECT unnest($emails))
    )
    GROUP BY t.subject_no, t.key HAVING lower({LATEST_VALUE} ->> '$') IN (SELECT unnest($emails))
"""


def source_ids_of(product_ids: Iterable[int]) -> list[int]:
    """Return the numbers of the sources of some products."""
    return list(Source.objects.filter(product__in=list(product_ids)).order_by("pk").values_list("pk", flat=True))


def clean_id(text: str, field: str) -> str:
    """Return an id as it is kept, or say what is wrong with it."""
    plain = " ".join(text.split())
    if len(plain) > LONGEST_ID or not is_storable(plain):
        raise BadInput(fields={field: [f"Use at most {LONGEST_ID} readable characters."]})
    return plain


def find_speaker(product: Product, *, person: str = "", account: str = "") -> Speaker:
    """Return who is meant by an id or e-mail address, and by an account's id; new ones get a number.

    Without an account, it is that of the person's group.
    """
    person, account = clean_id(person, "person"), clean_id(account, "account")
    return find_speakers(product, [(person, account)])[(person, account)]


def find_speakers(product: Product, typed: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Speaker]:
    """Return the speaker of each pair of cleaned texts (person, account), in a handful of queries for all of them."""
    pairs = set(typed)
    space = default_id_space(product)
    persons = _find_persons(product, space, {person for person, _ in pairs if person})
    accounts = number_ids(Account, space, {account for _, account in pairs if account})
    without = {persons[person] for person, account in pairs if person and not account}
    groups = accounts_of_people(without, source_ids_of([product.pk]))
    return {
        (person, account): Speaker(
            persons.get(person), accounts[account] if account else groups.get(persons.get(person, 0))
        )
        for person, account in pairs
    }


def find_known(product: Product, texts: set[str]) -> dict[str, int]:
    """Return the numbers of those of cleaned ids and addresses that are known already; nobody is numbered."""
    return _find_known(product, default_id_space(product), texts)


def _find_persons(product: Product, space: IdSpace, texts: set[str]) -> dict[str, int]:
    known = _find_known(product, space, texts)
    return known | number_ids(DistinctId, space, texts - known.keys())


def _find_known(product: Product, space: IdSpace, texts: set[str]) -> dict[str, int]:
    known = dict(DistinctId.objects.filter(id_space=space, distinct_id__in=texts).values_list("distinct_id", "no"))
    emails = {text for text in texts - known.keys() if "@" in text}
    if emails:
        known |= _by_email(product, emails)
    return known


def persons_with_email(snapshot: Any, emails: Iterable[str]) -> list[tuple[str, int]]:
    """Return (address, number of an id) for each id of which senders say one of these addresses, in small letters."""
    return list(snapshot.execute(_WITH_EMAIL, {"emails": list(emails)}).tuples)


def _by_email(product: Product, texts: set[str]) -> dict[str, int]:
    """Return the person of each address that exactly one person has."""
    asked: dict[str, list[str]] = {}
    for text in texts:
        asked.setdefault(text.lower(), []).append(text)
    with open_snapshot(source_ids_of([product.pk]), caller="contacts.find_persons") as snapshot:
        rows = persons_with_email(snapshot, asked)
    written = Contact.objects.filter(person__id_space=default_id_space(product))
    written = written.annotate(upper=Upper("address")).filter(upper__in=[text.upper() for text in asked])
    rows += [(address.lower(), no) for address, no in written.values_list("address", "person")]
    persons = {row.no: row.resolved_no for row in DistinctId.objects.filter(no__in=[no for _, no in rows])}
    owners: dict[str, set[int]] = {}
    for email, no in rows:
        if no in persons:
            owners.setdefault(email, set()).add(persons[no])
    return {text: next(iter(nos)) for email, nos in owners.items() if len(nos) == 1 for text in asked[email]}


def accounts_of_people(person_nos: Iterable[int], source_ids: Sequence[int], snapshot: Any = None) -> dict[int, int]:
    """Return {id's number: number of the account of its person's group, else of their contact}, where there is one."""
    asked = dict(DistinctId.objects.filter(no__in=list(person_nos)).values_list("no", "person_no"))
    if not asked:
        return {}
    owners = {no: no if person is None else person for no, person in asked.items()}
    opened = open_snapshot(source_ids, caller="contacts.accounts_of_people")
    with nullcontext(snapshot) if snapshot else opened as snapshot:
        people = describe_people(
            sorted(set(owners.values())), source_ids=source_ids, snapshot=snapshot, has_account_ids=False
        )
    groups = {no: people[owner].traits.get(ACCOUNT_KEY) for no, owner in owners.items() if owner in people}
    known = {no: group for no, group in groups.items() if isinstance(group, int)}
    if missing := owners.keys() - known.keys():
        written = contacts_by_person({owners[no] for no in missing})
        known |= {no: written[owners[no]].account_no for no in missing if written.get(owners[no], _NOBODY).account_no}
    return known
