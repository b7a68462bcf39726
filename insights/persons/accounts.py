"""Accounts: found by id or name, described with their people and their weeks.

An event is of the account that it names, else of its person's group, as everywhere in the portal.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from insights.contacts.contracts import Standing
from insights.contacts.meanings import Keys, accounts_with, build_standing, read_keys, read_known
from insights.contacts.models import AccountRecord
from insights.contacts.written import (
    Spaces,
    accounts_named_so,
    begins_so,
    people_of_account,
    records_of,
    spaces_of,
    typed_accounts,
    workplaces_stamp,
)
from insights.events.public import Account, Source, aware, describe_accounts, open_snapshot
from insights.persons.access import Scope
from insights.persons.contracts import AccountFacts, AccountRef, AccountRow, Counted, Found, Taken, Week
from insights.persons.counting import AccountRoster, Workplaces, accounts_of
from insights.persons.finding import PAGE_SIZE, PIECE, describe_rows
from insights.persons.reading import GROUP_OF, MOST_MATCHES, current_traits, label_of, named_so
from portal.people.public import Product
from portal.shell.public import NotFound, Unavailable

SORTS = {"last": "last", "events": "events", "people": "people", "number": "no"}
N_WEEKS = 5
Typed = list[tuple[dict[str, str], list[int]]]
NEVER_COUNTED = "The accounts are being counted for the first time. Try again in a minute."

# Who acted for the account in its name, and whose group it is; with their events that are the account's.
_PEOPLE = f"""
    WITH members AS (SELECT person_no FROM ({GROUP_OF}) WHERE account_no = $account),
    ids AS (
        SELECT person_no AS no FROM members
        UNION ALL SELECT distinct_no FROM {{person_map}} WHERE person_no IN (SELECT person_no FROM members)
    ),
    near AS (
        SELECT distinct_no, account_no, n_events, first_ts, last_ts FROM {{activity}}
        WHERE account_no = $account OR account_no IS NULL
    ),
    acts AS (SELECT * FROM near WHERE account_no IS NOT NULL OR distinct_no IN (SELECT no FROM ids)),
    acting AS (
        SELECT coalesce(m.person_no, a.distinct_no) AS person_no, sum(a.n_events)::BIGINT AS n,
            min(a.first_ts) AS first, max(a.last_ts) AS last
        FROM acts a LEFT JOIN {{person_map}} m ON m.distinct_no = a.distinct_no GROUP BY 1
    )
    SELECT person_no, m.person_no IS NOT NULL, coalesce(a.n, 0), a.first, a.last
    FROM acting a FULL JOIN members m USING (person_no) ORDER BY person_no
"""
_WEEKS = """
    WITH acts AS (
        SELECT coalesce(m.person_no, e.distinct_no) AS person_no, e.account_no, e.ts
        FROM (SELECT distinct_no, account_no, ts FROM {events} WHERE ts >= $since AND ts < $until
            AND (account_no = $account OR account_no IS NULL)) e
        LEFT JOIN {person_map} m ON m.distinct_no = e.distinct_no
    )
    SELECT b.no, count(*), count(DISTINCT a.person_no)
    FROM acts a JOIN (SELECT unnest($starts) AS low, unnest($ends) AS high, unnest($places) AS no) b
        ON a.ts >= b.low AND a.ts < b.high
    WHERE a.account_no = $account OR a.person_no IN (SELECT unnest($members::UINTEGER[])) GROUP BY 1
"""


class _Acting(NamedTuple):
    """A person of an account: whether it is their group, and their events that are the account's."""

    no: int
    is_member: bool
    n_events: int
    first: dt.datetime | None
    last: dt.datetime | None


def list_accounts(
    product: Product,
    text: str = "",
    *,
    sort: str = "-last",
    page: int = 1,
    page_size: int = PAGE_SIZE,
    asked: Mapping[str, str] | None = None,
) -> Found:
    """Return a page of a product's accounts; `sort` is a name of SORTS, "-" before it for descending.

    asked: values that the accounts must have by meaning, such as {"plan": "team"}.
    """
    of = _Asked.read(product)
    with open_snapshot(of.source_ids, caller="persons.list_accounts") as snapshot:
        typed = typed_accounts(of.own)
        roster, wanted, is_cut = _find(of, text, asked or {}, snapshot, typed)
        if roster is None:
            return Found(0, 1, page_size, [], counted=Counted(None, is_current=False))
        known = read_known(snapshot, of.keys, [said for said, _ in typed])
        total, rows = roster.page(_column(sort), (page - 1) * page_size, page_size, wanted)
        if not rows and page > 1:
            page = 1
            total, rows = roster.page(_column(sort), 0, page_size, wanted)
        shown = _describe(rows, of, snapshot)
    return Found(total, page, page_size, shown, is_cut, Counted(roster.counted_at, roster.is_current), known)


def take_accounts(
    product: Product, text: str = "", *, sort: str = "-last", most: int, asked: Mapping[str, str] | None = None
) -> Taken:
    """Return all of a product's accounts that fit, up to `most`, for a file; described while it is written."""
    of = _Asked.read(product)
    with open_snapshot(of.source_ids, caller="persons.take_accounts") as snapshot:
        roster, wanted, is_cut = _find(of, text, asked or {}, snapshot, typed_accounts(of.own))
    if roster is None:
        raise Unavailable(NEVER_COUNTED)
    total, found = roster.page(_column(sort), 0, most, wanted)

    def describe() -> Iterator[AccountRow]:
        for start in range(0, len(found), PIECE):
            yield from _describe(found[start : start + PIECE], of)

    return Taken(total, len(found), describe(), is_cut, Counted(roster.counted_at, roster.is_current))


@dataclass(frozen=True)
class _Asked:
    """Whose accounts are asked for: a product's sources, the spaces of their ids, and those of its own."""

    source_ids: list[int]
    spaces: set[int]
    own: Spaces
    keys: Keys
    places: Workplaces

    @classmethod
    def read(cls, product: Product) -> "_Asked":
        own = spaces_of(product)
        rows = Source.objects.filter(product=product).values_list("pk", "id_space_id", workplaces_stamp())
        source_ids, spaces, stamps = [list(column) for column in zip(*rows, strict=True)] or [[], [], [None]]
        return cls(source_ids, set(spaces), own, read_keys(own), Workplaces(own, stamps[0]))


def _find(
    of: _Asked, text: str, asked: Mapping[str, str], snapshot: Any, typed: Typed
) -> tuple[AccountRoster | None, list[int] | None, bool]:
    """Return all accounts, the numbers of those that fit (None: all do), and whether more fit than are looked at."""
    matching = _matching(of, text, snapshot) if text else None
    is_cut = _is_cut(matching)
    wanted = None if matching is None else set(matching)
    if (narrowed := accounts_with(snapshot, of.own, of.keys, asked)) is not None:
        wanted = set(narrowed) if wanted is None else wanted.intersection(narrowed)
    roster = accounts_of(snapshot, of.places)
    if roster is not None:
        roster = roster.with_others([no for _, numbers in typed for no in numbers])
    return roster, None if wanted is None else sorted(wanted), is_cut


def _column(sort: str) -> str:
    return ("-" if sort.startswith("-") else "") + SORTS.get(sort.lstrip("-"), "last")


def _is_cut(wanted: list[int] | None) -> bool:
    return wanted is not None and len(wanted) > MOST_MATCHES


def _describe(rows: list[dict[str, int]], of: _Asked, snapshot: Any = None) -> list[AccountRow]:
    numbers = [row["no"] for row in rows]
    known = describe_accounts(numbers, source_ids=of.source_ids, snapshot=snapshot)
    records = records_of(numbers, of.own)
    described = []
    for row in rows:
        text, traits = known.get(row["no"], (str(row["no"]), {}))
        described.append(_row(row, text, build_standing(traits, records.get(row["no"]), of.keys)))
    return described


def _matching(of: _Asked, text: str, snapshot: Any) -> list[int]:
    by_id = Account.objects.order_by().filter(begins_so("account_id", text), id_space__in=of.spaces)
    written = accounts_named_so(of.own, text)[: MOST_MATCHES + 1]
    found = by_id.values_list("no", flat=True)[: MOST_MATCHES + 1].union(written)
    return [*found, *named_so(snapshot, "account", text)]


def _row(row: dict[str, int], account_id: str, standing: Standing) -> AccountRow:
    return AccountRow(
        no=row["no"],
        label=standing.name or account_id,
        account_id=account_id,
        n_people=row["people"],
        first_seen_at=_time(row["first"]),
        last_seen_at=_time(row["last"]),
        n_events=row["events"],
        standing=standing,
    )


def _time(microseconds: int) -> dt.datetime | None:
    """Return a roster's time, exact to the microsecond."""
    if microseconds < 0:
        return None
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=microseconds)


def read_account(
    scope: Scope, account: Account, *, today: dt.datetime | None = None, page: int = 1, page_size: int = PAGE_SIZE
) -> tuple[AccountFacts, Found]:
    """Return an account in full and a page of its people, of one version of the store.

    Weeks begin on Mondays of `today`'s zone, the last one running; without `today` none are read.
    Raises NotFound where nothing that the reader sees knows the account.
    """
    with open_snapshot(scope.source_ids, caller="persons.read_account") as snapshot:
        people = _read_people(snapshot, scope, account)
        _check_known(snapshot, scope, account, people)
        traits = current_traits(snapshot, "account", [account.no])
        weeks = _read_weeks(snapshot, account, people, today) if today else ()
        page = page if (page - 1) * page_size < len(people) else 1
        shown = [person.no for person in people[(page - 1) * page_size : page * page_size]]
        own = [scope.space.pk] if scope.sees_written else []
        rows = describe_rows(shown, scope.source_ids, snapshot, own, AccountRef(account.no, account.account_id))
    values = {trait.key: trait.value for trait in traits}
    standing = build_standing(values, _record_of(scope, account), read_keys([scope.space.pk]))
    facts = AccountFacts(
        no=account.no,
        label=standing.name or label_of(traits, account.account_id),
        account_id=account.account_id,
        n_people=len(people),
        first_seen_at=aware(min((person.first for person in people if person.first), default=None)),
        last_seen_at=aware(max((person.last for person in people if person.last), default=None)),
        n_events=sum(person.n_events for person in people),
        standing=standing,
        id_space=scope.space.slug,
        traits=tuple(traits),
        weeks=weeks,
    )
    return facts, Found(len(people), page, page_size, rows)


def read_account_weeks(scope: Scope, account: Account, *, today: dt.datetime) -> tuple[Week, ...]:
    """Return the weeks of an account alone, as `read_account` does."""
    with open_snapshot(scope.source_ids, caller="persons.read_account_weeks") as snapshot:
        people = _read_people(snapshot, scope, account)
        _check_known(snapshot, scope, account, people)
        return _read_weeks(snapshot, account, people, today)


def _read_people(snapshot: Any, scope: Scope, account: Account) -> list[_Acting]:
    people = [_Acting(*row) for row in snapshot.execute(_PEOPLE, {"account": account.no}).tuples]
    if scope.sees_written:
        known = {person.no for person in people}
        more = [no for no in people_of_account(account.no) if no not in known]
        people += [_Acting(no, True, 0, None, None) for no in dict.fromkeys(more)]
    return people


def _record_of(scope: Scope, account: Account) -> AccountRecord | None:
    return getattr(account, "record", None) if scope.sees_written else None


def _check_known(snapshot: Any, scope: Scope, account: Account, people: list[_Acting]) -> None:
    if scope.is_whole or people or _record_of(scope, account) is not None:
        return
    if not current_traits(snapshot, "account", [account.no]):
        raise NotFound()


def _read_weeks(snapshot: Any, account: Account, people: list[_Acting], today: dt.datetime) -> tuple[Week, ...]:
    monday = today.replace(hour=0, minute=0, second=0, microsecond=0) - dt.timedelta(days=today.weekday())
    starts = [monday - dt.timedelta(weeks=N_WEEKS - 1 - no) for no in range(N_WEEKS)]
    bounds = [start.astimezone(dt.UTC).replace(tzinfo=None) for start in [*starts, monday + dt.timedelta(weeks=1)]]
    members = [person.no for person in people if person.is_member]
    params = {"account": account.no, "members": members, "since": bounds[0], "until": bounds[-1]}
    params |= {"starts": bounds[:-1], "ends": bounds[1:], "places": list(range(N_WEEKS))}
    rows = snapshot.execute(_WEEKS, params, since=bounds[0], until=bounds[-1]).tuples
    counts = {no: (n_events, n_people) for no, n_events, n_people in rows}
    return tuple(Week(start, *counts.get(no, (0, 0)), is_partial=no == N_WEEKS - 1) for no, start in enumerate(starts))
