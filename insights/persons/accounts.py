"""Accounts: found by id or name, described with their people and their weeks.

An event is of the account that it names, else of its person's group, as everywhere in the portal.
"""

import datetime as dt
from contextlib import nullcontext
from typing import Any

from insights.events.public import Account, Source, describe_accounts, open_snapshot
from insights.persons.access import Scope
from insights.persons.contracts import AccountFacts, AccountRow, Found, Week
from insights.persons.finding import MOST_MATCHES, PAGE_SIZE, describe_rows
from insights.persons.reading import GROUP_OF, NAME_KEYS, NAMED_SO, aware, current_traits, label_of
from portal.people.public import Product

SORTS = {"last": "last_ts", "events": "n_events", "people": "n_people", "number": "account_no"}
N_WEEKS = 5

_OF_ACCOUNTS = (
    f"WITH groups AS ({GROUP_OF}), "
    """acts AS (
        SELECT coalesce(e.account_no, g.account_no) AS account_no, coalesce(m.person_no, e.distinct_no) AS person_no,
            e.ts
        FROM <events> e LEFT JOIN {person_map} m ON m.distinct_no = e.distinct_no
        LEFT JOIN groups g ON g.person_no = coalesce(m.person_no, e.distinct_no)
    )"""
)
_LIST = (
    _OF_ACCOUNTS.replace("<events>", "{all_events}")
    + """, summed AS (
        SELECT account_no, person_no, count(*) AS n, min(ts) AS first_ts, max(ts) AS last_ts
        FROM acts WHERE account_no IS NOT NULL GROUP BY ALL
        UNION ALL SELECT account_no, person_no, 0, NULL, NULL FROM groups WHERE account_no IS NOT NULL
        UNION ALL SELECT DISTINCT subject_no, NULL::UINTEGER, 0, NULL, NULL FROM {traits} WHERE subject = 'account'
    )
    SELECT account_no, count(DISTINCT person_no) AS n_people, min(first_ts), max(last_ts) AS last_ts,
        sum(n)::BIGINT AS n_events, count(*) OVER () AS total
    FROM summed WHERE NOT $is_search OR account_no IN (SELECT unnest($wanted))
    GROUP BY account_no ORDER BY <order> LIMIT $page_size OFFSET $start"""
)
_PEOPLE = (
    _OF_ACCOUNTS.replace("<events>", "{all_events}")
    + """, people AS (
        SELECT person_no FROM acts WHERE account_no = $account UNION SELECT person_no FROM groups
        WHERE account_no = $account
    )
    SELECT person_no, count(*) OVER () FROM people ORDER BY person_no LIMIT $page_size OFFSET $start"""
)
_WEEKS = (
    _OF_ACCOUNTS.replace("<events>", "{events}")
    + """
    SELECT b.no, count(*), count(DISTINCT a.person_no)
    FROM acts a JOIN (SELECT unnest($starts) AS low, unnest($ends) AS high, unnest($places) AS no) b
        ON a.ts >= b.low AND a.ts < b.high
    WHERE a.account_no = $account GROUP BY 1"""
)


def list_accounts(
    product: Product, text: str = "", *, sort: str = "-last", page: int = 1, page_size: int = PAGE_SIZE
) -> Found:
    """Return a page of a product's accounts; `sort` is a name of SORTS, "-" before it for descending."""
    sources = list(Source.objects.filter(product=product).values_list("pk", "id_space_id"))
    source_ids = [pk for pk, _ in sources]
    with open_snapshot(source_ids, caller="persons.list_accounts") as snapshot:
        wanted: list[int] = []
        if text:
            by_id = Account.objects.filter(id_space__in={space for _, space in sources}, account_id__istartswith=text)
            params = {"subject": "account", "keys": NAME_KEYS, "text": text.lower(), "most": MOST_MATCHES}
            wanted = list(by_id.values_list("no", flat=True)[:MOST_MATCHES])
            wanted += [no for (no,) in snapshot.execute(NAMED_SO, params).tuples]
        rows = _read_page(snapshot, wanted, bool(text), sort, page, page_size)
        if not rows and page > 1:
            page = 1
            rows = _read_page(snapshot, wanted, bool(text), sort, page, page_size)
    shown = _describe(rows, source_ids)
    return Found(rows[0][5] if rows else 0, page, page_size, shown, len(wanted) >= MOST_MATCHES)


def _read_page(snapshot: Any, wanted: list[int], is_search: bool, sort: str, page: int, page_size: int) -> list:
    column = SORTS.get(sort.lstrip("-"), "last_ts")
    direction = "DESC" if sort.startswith("-") else "ASC"
    sql = _LIST.replace("<order>", f"{column} {direction} NULLS LAST, account_no {direction}")
    params = {"wanted": wanted, "is_search": is_search, "page_size": page_size, "start": (page - 1) * page_size}
    return snapshot.execute(sql, params).tuples


def _describe(rows: list[tuple[Any, ...]], source_ids: list[int]) -> list[AccountRow]:
    known = describe_accounts([row[0] for row in rows], source_ids=source_ids) if rows else {}
    shown = []
    for no, n_people, first, last, n_events, _ in rows:
        text, traits = known.get(no, (str(no), {}))
        shown.append(
            AccountRow(no, str(traits.get("name") or text), text, n_people, aware(first), aware(last), n_events)
        )
    return shown


def read_account(scope: Scope, account: Account, *, today: dt.datetime, page: int = 1) -> tuple[AccountFacts, Found]:
    """Return an account in full and a page of its people, of one version of the store."""
    with open_snapshot(scope.source_ids, caller="persons.read_account") as snapshot:
        facts = describe_account(scope, account, today=today, snapshot=snapshot)
        return facts, list_people_of(scope, account, page=page, snapshot=snapshot)


def describe_account(scope: Scope, account: Account, *, today: dt.datetime, snapshot: Any = None) -> AccountFacts:
    """Return what these sources know of an account; weeks begin on Mondays of `today`'s zone, the last one running."""
    opened = open_snapshot(scope.source_ids, caller="persons.describe_account")
    with nullcontext(snapshot) if snapshot else opened as snapshot:
        found = _read_page(snapshot, [account.no], True, "-last", 1, 1)
        traits = current_traits(snapshot, "account", [account.no])
        weeks = _read_weeks(snapshot, account, today)
    _, n_people, first, last, n_events, _ = found[0] if found else (0, 0, None, None, 0, 0)
    return AccountFacts(
        no=account.no,
        label=label_of(traits, account.account_id),
        account_id=account.account_id,
        n_people=n_people,
        first_seen_at=aware(first),
        last_seen_at=aware(last),
        n_events=n_events,
        id_space=scope.space.slug,
        traits=tuple(traits),
        weeks=weeks,
    )


def _read_weeks(snapshot: Any, account: Account, today: dt.datetime) -> tuple[Week, ...]:
    monday = today.replace(hour=0, minute=0, second=0, microsecond=0) - dt.timedelta(days=today.weekday())
    starts = [monday - dt.timedelta(weeks=N_WEEKS - 1 - no) for no in range(N_WEEKS)]
    bounds = [start.astimezone(dt.UTC).replace(tzinfo=None) for start in [*starts, monday + dt.timedelta(weeks=1)]]
    params = {"account": account.no, "starts": bounds[:-1], "ends": bounds[1:], "places": list(range(N_WEEKS))}
    rows = snapshot.execute(_WEEKS, params, since=bounds[0], until=bounds[-1]).tuples
    counts = {no: (n_events, n_people) for no, n_events, n_people in rows}
    return tuple(Week(start, *counts.get(no, (0, 0)), is_partial=no == N_WEEKS - 1) for no, start in enumerate(starts))


def list_people_of(
    scope: Scope, account: Account, *, page: int = 1, page_size: int = PAGE_SIZE, snapshot: Any = None
) -> Found:
    """Return a page of the people who acted for an account, or are of its group."""
    opened = open_snapshot(scope.source_ids, caller="persons.list_people_of")
    with nullcontext(snapshot) if snapshot else opened as snapshot:
        params = {"account": account.no, "page_size": page_size, "start": (page - 1) * page_size}
        rows = snapshot.execute(_PEOPLE, params).tuples
        people = describe_rows([row[0] for row in rows], scope.source_ids, snapshot)
    return Found(rows[0][1] if rows else 0, page, page_size, people)
