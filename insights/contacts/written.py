"""What is written down of many persons or accounts at once, for lists; one query each."""

from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BigIntegerField, Count, Func, IntegerField, Max, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce

from insights.contacts.contracts import Written
from insights.contacts.models import AccountRecord, Contact
from insights.events.public import DistinctId, IdSpace
from portal.people.public import Product

Spaces = Collection[int] | QuerySet  # numbers of id spaces, or the query for them


def begins_so(field: str, text: str) -> Q:
    """Return the condition that an id begins so, as written or in small or capital letters: what an index can find."""
    ways = {text, text.lower(), text.upper(), text.capitalize()}
    return reduce(or_, (Q(**{f"{field}__startswith": way}) for way in sorted(ways)))


def spaces_of(product: Product) -> QuerySet:
    """Return the query for the id space whose contacts are a product's: its own."""
    return IdSpace.objects.filter(product=product).order_by().values("pk")


def contacts_of(ids: Iterable[DistinctId]) -> list[Contact]:
    """Return the contacts that came along with the ids of a person, that of the person's own id first."""
    rows = list(ids)
    found = [row.contact for row in rows if getattr(row, "contact", None) is not None]
    return sorted(found, key=lambda contact: (contact.person.person_no is not None, contact.pk))


def written_of(contacts: Iterable[Contact]) -> Written:
    """Return what lists need of the contacts of one person: what one lacks, the next one says."""
    found = Written()
    for contact in contacts:
        account_id = contact.account.account_id if contact.account else None
        found = found.filled_by(Written(contact.name, contact.address, contact.account_id, account_id))
    return found


def contacts_by_person(numbers: Collection[int], spaces: Spaces | None = None) -> dict[int, Written]:
    """Return what is written down of persons, by the number of the person; with spaces, of those alone."""
    if not numbers:
        return {}
    # Asked of the ids alone, which have an index for either way; with the contacts in it, all would be read.
    ids = DistinctId.objects.filter(Q(no__in=numbers) | Q(person_no__in=numbers)).values("no")
    rows = Contact.objects.filter(person__in=ids)
    if spaces is not None:
        rows = rows.filter(person__id_space__in=spaces)
    by_person: dict[int, list[DistinctId]] = {}
    for contact in rows.select_related("person", "account"):
        by_person.setdefault(contact.person.resolved_no, []).append(contact.person)
    return {no: written_of(contacts_of(ids)) for no, ids in by_person.items()}


def contacts_of_rows(rows: Collection[DistinctId]) -> dict[int, Written]:
    """Return what is written down of the persons of some ids, by the number of the person.

    Ids that came with their contacts are not asked for again, unless they were joined to another person's.
    """
    known = DistinctId.contact
    at_hand = [row for row in rows if row.person_no is None and known.is_cached(row)]
    found = {row.no: written_of(contacts_of([row])) for row in at_hand}
    return found | contacts_by_person({row.resolved_no for row in rows} - found.keys())


def persons_written_down(space_ids: Spaces, text: str = "") -> list[int]:
    """Return the numbers of the persons who have a contact; with words, of those who fit them."""
    rows = Contact.objects.filter(person__id_space__in=space_ids).order_by()
    if text:
        ids = DistinctId.objects.filter(begins_so("distinct_id", text), id_space__in=space_ids)
        named = Contact.objects.matching(text).order_by()
        rows = rows.filter(Q(pk__in=named.values("pk")) | Q(person__in=ids.values("no")))
    # As one array: a list reads the numbers of all, and a row for each would take most of its time.
    owners = ArrayAgg(Coalesce("person__person_no", "person_id", output_field=IntegerField()))
    return rows.aggregate(numbers=owners)["numbers"] or []


def accounts_named_so(space_ids: Spaces, text: str) -> QuerySet:
    """Return the numbers of the accounts of whose name, as it was typed, a word begins so, to be joined to others."""
    rows = AccountRecord.objects.filter(account__id_space__in=space_ids).order_by()
    fits = Q(name__istartswith=text) | Q(name__icontains=f" {text}") | Q(account__account_id__istartswith=text)
    return rows.filter(fits).values_list("account", flat=True)


def typed_accounts(space_ids: Spaces) -> list[tuple[dict[str, str], list[int]]]:
    """Return what was typed of accounts, {meaning: value}, with the numbers of those of whom just that was typed."""
    rows = AccountRecord.objects.filter(account__id_space__in=space_ids).order_by()
    grouped = rows.values_list("plan", "segment", "status", "owner__name").annotate(
        revenue=Max("revenue"), numbers=ArrayAgg("account")
    )
    names = ("plan", "segment", "status", "owner", "revenue")
    return [
        ({name: str(value) for name, value in zip(names, row, strict=False) if value not in (None, "")}, row[-1])
        for row in grouped
    ]


def records_of(numbers: Iterable[int], spaces: Spaces | None = None) -> dict[int, AccountRecord]:
    """Return what is written down of accounts, by their numbers; of some spaces alone where they are given."""
    rows = AccountRecord.objects.filter(account__in=list(numbers)).select_related("owner")
    if spaces is not None:
        rows = rows.filter(account__id_space__in=spaces)
    return {row.account_id: row for row in rows}


def written_stamp() -> str:
    """Return a word that is another one once somebody is written down or taken away, of whatever product."""
    found = Contact.objects.aggregate(n=Count("pk"), last=Max("pk"))
    return f"{found['n']} {found['last']}"


def workplaces_stamp() -> Subquery:
    """Return the query for a number that is another one once any contact works elsewhere; to be put into another.

    Of whatever product: to ask to which one each belongs would take most of a list's time.
    """
    both = Cast("person_id", BigIntegerField()) * (1 << 32) + Cast("account_id", BigIntegerField())
    hashed = Func(both, function="hashint8", output_field=BigIntegerField())
    rows: Any = Contact.objects.exclude(account=None).order_by()
    total = rows.values(of=Value(1)).annotate(stamp=Sum(hashed) + Count("pk")).values("stamp")
    return Subquery(total, output_field=BigIntegerField())


def workplaces(space_ids: Spaces) -> tuple[list[int], list[int]]:
    """Return the numbers of the persons whose contact names an account, and of those accounts, in the same order."""
    rows: Any = Contact.objects.filter(person__id_space__in=space_ids).exclude(account=None).order_by()
    owners = ArrayAgg(Coalesce("person__person_no", "person_id", output_field=IntegerField()), order_by="pk")
    found = rows.aggregate(persons=owners, accounts=ArrayAgg("account_id", order_by="pk"))
    return found["persons"] or [], found["accounts"] or []


def people_of_account(no: int) -> list[int]:
    """Return the numbers of the persons whose contact says that they work for an account."""
    rows: Any = Contact.objects.filter(account=no).order_by("pk")
    return [person or own for own, person in rows.values_list("person", "person__person_no")]
