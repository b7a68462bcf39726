"""Finding persons of a product: everybody, or those whose id, name or e-mail address begins so; page by page."""

from typing import Any

from django.db.models import Q

from insights.events.public import Account, DistinctId, Source, describe_people, open_snapshot
from insights.persons.contracts import AccountRef, Found, PersonRow
from insights.persons.reading import ACCOUNT_KEY, NAME_KEYS, NAMED_SO, aware
from portal.people.public import Product

PAGE_SIZE = 50
MOST_MATCHES = 2_000
SORTS = {"first": "first_ts", "number": "person_no"}

# Ids without an event or a trait (all theirs were taken back) are nobody of this product.
_LIST = """
    WITH seen AS (
        SELECT distinct_no AS no, first_ts FROM {first_seen}
        UNION ALL SELECT subject_no, NULL FROM {traits} WHERE subject = 'person'
    )
    SELECT coalesce(m.person_no, s.no) AS person_no, min(s.first_ts) AS first_ts, count(*) OVER () AS n
    FROM seen s LEFT JOIN {person_map} m ON m.distinct_no = s.no
    WHERE NOT $is_search OR coalesce(m.person_no, s.no) IN (
        SELECT coalesce(o.person_no, w.no) FROM (SELECT unnest($wanted)::UINTEGER AS no) w
        LEFT JOIN {person_map} o ON o.distinct_no = w.no
    )
    GROUP BY 1 ORDER BY <order> LIMIT $page_size OFFSET $start
"""
_ACTIVITY = """
    WITH ids AS (
        SELECT unnest($numbers)::UINTEGER AS no, unnest($numbers)::UINTEGER AS person_no
        UNION ALL SELECT distinct_no, person_no FROM {person_map} WHERE person_no IN (SELECT unnest($numbers))
    )
    SELECT i.person_no, count(*), min(e.ts), max(e.ts), arg_max(e.account_no, e.ts)
    FROM {all_events} e JOIN ids i ON i.no = e.distinct_no GROUP BY 1
"""


def list_persons(
    product: Product, text: str = "", *, sort: str = "-first", page: int = 1, page_size: int = PAGE_SIZE
) -> Found:
    """Return a page of a product's persons; `sort` is a name of SORTS, "-" before it for descending."""
    sources = list(Source.objects.filter(product=product).values_list("pk", "id_space_id"))
    source_ids = [pk for pk, _ in sources]
    with open_snapshot(source_ids, caller="persons.list_persons") as snapshot:
        wanted, is_cut = _matching({space for _, space in sources}, text, snapshot) if text else ([], False)
        rows = _read_page(snapshot, wanted, bool(text), sort, page, page_size)
        if not rows and page > 1:
            page = 1
            rows = _read_page(snapshot, wanted, bool(text), sort, page, page_size)
        people = describe_rows([row[0] for row in rows], source_ids, snapshot)
    return Found(rows[0][2] if rows else 0, page, page_size, people, is_cut)


def _read_page(
    snapshot: Any, wanted: list[int], is_search: bool, sort: str, page: int, page_size: int
) -> list[tuple[Any, ...]]:
    column = SORTS.get(sort.lstrip("-"), "first_ts")
    direction = "DESC" if sort.startswith("-") else "ASC"
    sql = _LIST.replace("<order>", f"{column} {direction} NULLS LAST, person_no {direction}")
    params = {"wanted": wanted, "is_search": is_search, "page_size": page_size, "start": (page - 1) * page_size}
    return snapshot.execute(sql, params).tuples


def _matching(spaces: set[int], text: str, snapshot: Any) -> tuple[list[int], bool]:
    """Return the numbers of the ids that fit the words, and whether there are more."""
    by_id = DistinctId.objects.filter(id_space__in=spaces, distinct_id__istartswith=text)
    found = set(by_id.values_list("no", flat=True)[:MOST_MATCHES])
    params = {"subject": "person", "keys": NAME_KEYS, "text": text.lower(), "most": MOST_MATCHES}
    found |= {no for (no,) in snapshot.execute(NAMED_SO, params).tuples}
    return sorted(found), len(found) >= MOST_MATCHES


def describe_rows(numbers: list[int], source_ids: list[int], snapshot: Any) -> list[PersonRow]:
    """Return what a list shows of persons, in the order asked."""
    if not numbers:
        return []
    known = describe_people(numbers, source_ids=source_ids, snapshot=snapshot)
    activity = {row[0]: row[1:] for row in snapshot.execute(_ACTIVITY, {"numbers": numbers}).tuples}
    by_no, by_text = _accounts(known, activity, source_ids)
    rows = []
    for no in numbers:
        if no not in known:
            continue
        summary = known[no]
        n_events, first, last, account_no = activity.get(no, (0, None, None, None))
        email = summary.traits.get("email") or summary.traits.get("$email") or ""
        account = by_text.get(str(summary.traits.get(ACCOUNT_KEY))) or by_no.get(account_no)
        rows.append(
            PersonRow(no, summary.label, summary.distinct_ids, str(email), account, aware(first), aware(last), n_events)
        )
    return rows


def _accounts(
    known: dict[int, Any], activity: dict[int, tuple[Any, ...]], source_ids: list[int]
) -> tuple[dict[int, AccountRef], dict[str, AccountRef]]:
    """Return the accounts of these persons' groups and newest events, by number and by id."""
    texts = {str(summary.traits[ACCOUNT_KEY]) for summary in known.values() if summary.traits.get(ACCOUNT_KEY)}
    numbers = {row[3] for row in activity.values() if row[3] is not None}
    spaces = Source.objects.filter(pk__in=source_ids).values("id_space")
    found = Account.objects.filter(Q(no__in=numbers) | Q(account_id__in=texts, id_space__in=spaces))
    refs = [AccountRef(no, text) for no, text in found.values_list("no", "account_id")]
    return {ref.no: ref for ref in refs}, {ref.account_id: ref for ref in refs}
