"""Finding persons of a product: everybody, or those whose id, name or e-mail address begins so; page by page."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from insights.contacts.public import Written, contacts_by_person
from insights.contacts.written import Spaces, begins_so, persons_written_down, spaces_of, written_stamp
from insights.events.public import DistinctId, Source, aware, describe_people, open_snapshot
from insights.persons.contracts import AccountRef, Found, PersonRow, Taken
from insights.persons.keeping import find_kept, keep
from insights.persons.reading import ACCOUNT_KEY, MOST_MATCHES, account_refs, named_so
from insights.persons.rosters import PersonRoster, persons_of
from portal.people.public import Product

if TYPE_CHECKING:
    import numpy as np

PAGE_SIZE = 50
_NOTHING = Written()
_WRITTEN = "written"
PIECE = 10_000  # of a file, described at once
SORTS = {"first": "first", "number": "number"}

# `owners` says to whom each number belongs.
_IDS = "WITH ids AS (SELECT unnest($numbers::UINTEGER[]) AS no, unnest($owners::UINTEGER[]) AS person_no)"
_ACTIVITY = (
    _IDS
    + """
    SELECT i.person_no, sum(a.n_events)::BIGINT, min(a.first_ts), max(a.last_ts), arg_max(a.account_no, a.last_ts)
    FROM {activity} a JOIN ids i ON i.no = a.distinct_no GROUP BY 1"""
)


def list_persons(
    product: Product, text: str = "", *, sort: str = "-first", page: int = 1, page_size: int = PAGE_SIZE
) -> Found:
    """Return a page of a product's persons; `sort` is a name of SORTS, "-" before it for descending."""
    sources = list(Source.objects.filter(product=product).values_list("pk", "id_space_id"))
    source_ids, own = [pk for pk, _ in sources], spaces_of(product)
    with open_snapshot(source_ids, caller="persons.list_persons") as snapshot:
        roster, is_cut = _roster_of(snapshot, {space for _, space in sources}, own, text)
        total = len(roster.numbers)
        page = page if (page - 1) * page_size < total else 1
        numbers = roster.page(sort, (page - 1) * page_size, page_size)
        rows = describe_rows(numbers, source_ids, snapshot, own)
        return Found(total, page, page_size, rows, is_cut)


def take_persons(product: Product, text: str = "", *, sort: str = "-first", most: int) -> Taken:
    """Return all of a product's persons who fit, up to `most`, for a file: found now, described while it is written."""
    sources = list(Source.objects.filter(product=product).values_list("pk", "id_space_id"))
    source_ids, own = [pk for pk, _ in sources], spaces_of(product)
    with open_snapshot(source_ids, caller="persons.take_persons") as snapshot:
        roster, is_cut = _roster_of(snapshot, {space for _, space in sources}, own, text)
    numbers = roster.page(sort, 0, most)

    def describe() -> Iterator[PersonRow]:
        for start in range(0, len(numbers), PIECE):
            # A snapshot a piece: a file that is fetched slowly never runs out of a question's time.
            with open_snapshot(source_ids, caller="persons.take_persons") as snapshot:
                yield from describe_rows(numbers[start : start + PIECE], source_ids, snapshot, own)

    return Taken(len(roster.numbers), len(numbers), describe(), is_cut)


def _roster_of(snapshot: Any, spaces: set[int], own: Spaces, text: str) -> tuple[PersonRoster, bool]:
    """Return everybody, or those who fit the words, and whether there are more than are looked at.

    own: the spaces of whose people something may be written down.
    """
    roster = persons_of(snapshot)
    if not text:
        return roster.with_others(_written_down(snapshot, own)), False
    wanted, is_cut = _matching(spaces, text, snapshot)
    written = persons_written_down(own, text)
    return roster.only([*wanted, *written]).with_others(written), is_cut


def _written_down(snapshot: Any, own: Spaces) -> "np.ndarray":
    """Return the numbers of everybody of whom something is written down, read again once somebody was added."""
    import numpy as np

    if not snapshot.source_ids:  # nothing is kept under the name of no source: it would be everybody's
        return np.asarray(persons_written_down(own), dtype=np.uint32)
    stamp, kept = written_stamp(), find_kept(_WRITTEN, snapshot)
    if kept is None or not kept.is_of(snapshot) or kept.value[0] != stamp:
        numbers = np.asarray(persons_written_down(own), dtype=np.uint32)
        kept = keep(_WRITTEN, snapshot, (stamp, numbers))
    return kept.value[1]


def _matching(spaces: set[int], text: str, snapshot: Any) -> tuple[list[int], bool]:
    """Return the numbers of the persons who fit the words, and whether there are more."""
    ids = DistinctId.objects.order_by().values_list("no", "person_no")
    fits = ids.filter(begins_so("distinct_id", text), id_space__in=spaces)[: MOST_MATCHES + 1]
    named = named_so(snapshot, "person", text)
    if named:
        fits = fits.union(ids.filter(no__in=named), all=True)
    found = list(fits)
    persons = {no if person_no is None else person_no for no, person_no in found}
    return sorted(persons), max(len(found) - len(named), len(named)) > MOST_MATCHES


def describe_rows(
    numbers: list[int], source_ids: list[int], snapshot: Any, own: Spaces, known: AccountRef | None = None
) -> list[PersonRow]:
    """Return what a list shows of persons, in the order asked.

    own: the spaces of whose people the reader may see what is written down; known: the account that most are of.
    """
    if not numbers:
        return []
    people = describe_people(numbers, source_ids=source_ids, snapshot=snapshot, has_account_ids=False)
    owner_of = {no: person.person_no for person in people.values() for no in person.numbers}
    params = {"numbers": list(owner_of), "owners": list(owner_of.values())}
    activity = {row[0]: row[1:] for row in snapshot.execute(_ACTIVITY, params).tuples}
    group_of = {no: summary.traits.get(ACCOUNT_KEY) for no, summary in people.items()}
    of_page = {known.no: known} if known else {}
    accounts = of_page | account_refs({*group_of.values(), *(row[3] for row in activity.values())} - of_page.keys())
    written = contacts_by_person(numbers, own)
    rows = []
    for no in numbers:
        if no not in people:
            continue
        summary = people[no]
        n_events, first, last, account_no = activity.get(no, (0, None, None, None))
        contact = written.get(no, _NOTHING)
        email = contact.address or str(summary.traits.get("email") or summary.traits.get("$email") or "")
        by_events = accounts.get(group_of[no] or 0) or accounts.get(account_no)
        label = contact.name or (summary.label if summary.label != summary.distinct_ids[0] else email or summary.label)
        account = by_events or (
            AccountRef(contact.account_no, contact.account_id or "") if contact.account_no else None
        )
        rows.append(PersonRow(no, label, summary.distinct_ids, email, account, aware(first), aware(last), n_events))
    return rows
