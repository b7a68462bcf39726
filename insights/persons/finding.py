"""Finding persons of a product: everybody, or those whose id, name or e-mail address begins so; page by page."""

from typing import Any

from django.db.models import Q

from insights.events.public import DistinctId, Source, aware, describe_people, open_snapshot
from insights.persons.contracts import Found, PersonRow
from insights.persons.reading import ACCOUNT_KEY, MOST_MATCHES, account_refs, begins_so, named_so
from insights.persons.rosters import persons_of
from portal.people.public import Product

PAGE_SIZE = 50
SORTS = {"first": "first_ts", "number": "person_no"}

# `owners` says to whom each number belongs.
_IDS = "WITH ids AS (SELECT unnest($numbers::UINTEGER[]) AS no, unnest($owners::UINTEGER[]) AS person_no)"
_MATCHING = (
    _IDS
    + """, all_ids AS (
        FROM ids UNION ALL SELECT distinct_no, person_no FROM {person_map} WHERE person_no IN (SELECT no FROM ids)
    ), seen AS (
        SELECT i.person_no, a.first_ts FROM {activity} a JOIN all_ids i ON i.no = a.distinct_no
        UNION ALL
        SELECT i.person_no, NULL FROM {traits} t JOIN all_ids i ON i.no = t.subject_no WHERE t.subject = 'person'
    )
    SELECT person_no, min(first_ts) AS first_ts, count(*) OVER () FROM seen
    GROUP BY 1 ORDER BY <order> LIMIT $page_size OFFSET $start"""
)
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
    source_ids = [pk for pk, _ in sources]
    with open_snapshot(source_ids, caller="persons.list_persons") as snapshot:
        if text:
            return _search(snapshot, {space for _, space in sources}, text, sort, page, page_size)
        everybody = persons_of(snapshot)
        total = len(everybody.numbers)
        page = page if (page - 1) * page_size < total else 1
        numbers = everybody.page(sort, (page - 1) * page_size, page_size)
        return Found(total, page, page_size, describe_rows(numbers, source_ids, snapshot))


def _search(snapshot: Any, spaces: set[int], text: str, sort: str, page: int, page_size: int) -> Found:
    wanted, is_cut = _matching(spaces, text, snapshot)
    rows = _read_page(snapshot, wanted, sort, page, page_size)
    if not rows and page > 1:
        page = 1
        rows = _read_page(snapshot, wanted, sort, page, page_size)
    people = describe_rows([row[0] for row in rows], list(snapshot.source_ids), snapshot)
    return Found(rows[0][2] if rows else 0, page, page_size, people, is_cut)


def _read_page(snapshot: Any, wanted: list[int], sort: str, page: int, page_size: int) -> list[tuple[Any, ...]]:
    if not wanted:
        return []
    column = SORTS.get(sort.lstrip("-"), "first_ts")
    direction = "DESC" if sort.startswith("-") else "ASC"
    sql = _MATCHING.replace("<order>", f"{column} {direction} NULLS LAST, person_no {direction}")
    params = {"numbers": wanted, "owners": wanted}
    return snapshot.execute(sql, {**params, "page_size": page_size, "start": (page - 1) * page_size}).tuples


def _matching(spaces: set[int], text: str, snapshot: Any) -> tuple[list[int], bool]:
    """Return the numbers of the persons who fit the words, and whether there are more."""
    by_id = Q(begins_so("distinct_id", text), id_space__in=spaces)
    fits = DistinctId.objects.filter(by_id | Q(no__in=named_so(snapshot, "person", text))).order_by()
    persons = {row.resolved_no for row in fits[:MOST_MATCHES]}
    return sorted(persons), len(persons) >= MOST_MATCHES


def describe_rows(numbers: list[int], source_ids: list[int], snapshot: Any) -> list[PersonRow]:
    """Return what a list shows of persons, in the order asked."""
    if not numbers:
        return []
    known = describe_people(numbers, source_ids=source_ids, snapshot=snapshot, has_account_ids=False)
    owner_of = {no: person.person_no for person in known.values() for no in person.numbers}
    params = {"numbers": list(owner_of), "owners": list(owner_of.values())}
    activity = {row[0]: row[1:] for row in snapshot.execute(_ACTIVITY, params).tuples}
    group_of = {no: summary.traits.get(ACCOUNT_KEY) for no, summary in known.items()}
    accounts = account_refs([*group_of.values(), *(row[3] for row in activity.values())])
    rows = []
    for no in numbers:
        if no not in known:
            continue
        summary = known[no]
        n_events, first, last, account_no = activity.get(no, (0, None, None, None))
        email = summary.traits.get("email") or summary.traits.get("$email") or ""
        account = accounts.get(group_of[no] or 0) or accounts.get(account_no)
        rows.append(
            PersonRow(no, summary.label, summary.distinct_ids, str(email), account, aware(first), aware(last), n_events)
        )
    return rows
