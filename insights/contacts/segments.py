"""How the accounts of a product fall into groups: by segment, or by whatever else is known of them."""

import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.core.cache import cache
from django.db.models import BigIntegerField, CharField, Value
from django.db.models.functions import Cast

from insights.contacts.finding import ACCOUNT_KEY, source_ids_of
from insights.contacts.models import AccountRecord, Meaning, TraitName
from insights.contacts.written import spaces_of
from insights.events.public import LATEST_VALUE, open_snapshot
from portal.people.public import Product

GROUPED_BY = (Meaning.SEGMENT, Meaning.PLAN, Meaning.STATUS)
_KEPT_S = 3600

# Each account that an event or a trait names: what is said of it, and whether it was seen of late. An event without an
# account is that of its person's group.
_ACCOUNTS = f"""
    WITH groups AS (
        SELECT t.subject_no AS distinct_no, try_cast({LATEST_VALUE} ->> '$' AS UINTEGER) AS no FROM {{traits}} t
        WHERE t.subject = 'person' AND t.key = $account_key GROUP BY t.subject_no
    ), acted AS (
        SELECT distinct_no, account_no, max(last_ts) AS last_ts FROM {{activity}} GROUP BY 1, 2
    ), named AS (
        SELECT coalesce(a.account_no, g.no) AS no, a.last_ts FROM acted a LEFT JOIN groups g USING (distinct_no)
        UNION ALL SELECT no, NULL FROM groups
        UNION ALL SELECT subject_no, NULL FROM {{traits}} WHERE subject = 'account'
    ), said AS (
        SELECT t.subject_no AS no, {LATEST_VALUE} ->> '$' AS value FROM {{traits}} t
        WHERE t.subject = 'account' AND t.key = $key GROUP BY t.subject_no
    ), accounts AS (
        SELECT n.no, coalesce(any_value(s.value), '') AS value,
            coalesce(max(n.last_ts) >= $active_from, false) AS is_active
        FROM named n LEFT JOIN said s ON s.no = n.no WHERE n.no IS NOT NULL GROUP BY n.no
    )
"""
_SIZES = (
    f"{_ACCOUNTS} SELECT value, is_active, count(*) FROM accounts WHERE no NOT IN (SELECT unnest($some)) GROUP BY ALL"
)
# Those who did anything for accounts of some groups of late, in an order that `day` alone decides.
_PEOPLE = f"""{_ACCOUNTS}, asked AS (
        SELECT no FROM accounts WHERE value IN (SELECT unnest($names)) AND no NOT IN (SELECT unnest($apart))
        UNION SELECT unnest($typed)
    )
    SELECT a.distinct_no FROM acted a LEFT JOIN groups g USING (distinct_no)
    WHERE a.last_ts >= $active_from AND coalesce(a.account_no, g.no) IN (SELECT no FROM asked)
    GROUP BY a.distinct_no ORDER BY hash(a.distinct_no::VARCHAR || $day), a.distinct_no LIMIT $most
"""
_SOME = f"{_ACCOUNTS} SELECT no, value, is_active FROM accounts WHERE no IN (SELECT unnest($some))"


@dataclass(frozen=True)
class Group:
    """How many accounts are in a group, and how many of them were active of late."""

    n_accounts: int = 0
    n_active: int = 0


@dataclass(frozen=True)
class Groups:
    """The groups of a product's accounts, "" for those of which nothing is known; and which is that of some accounts.

    `of` holds the group of each account that was asked for, `known` those of them that count in the sizes, `active`
    those that were active of late.
    """

    meaning: str
    sizes: Mapping[str, Group]
    of: Mapping[int, str] = field(default_factory=dict)
    known: frozenset[int] = frozenset()
    active: frozenset[int] = frozenset()

    @property
    def n_accounts(self) -> int:
        """Return how many accounts there are."""
        return sum(group.n_accounts for group in self.sizes.values())

    @property
    def n_named(self) -> int:
        """Return of how many accounts the group is known."""
        return self.n_accounts - self.sizes.get("", Group()).n_accounts


def group_accounts(
    product: Product, meaning: str = "", *, active_from: datetime, numbers: Collection[int] = ()
) -> Groups:
    """Return a product's accounts by segment, plan or status, and the group of each of the given accounts.

    An account counts that an event or a trait names, or of which something was typed; what was typed wins over a trait.
    Active are those with an event since `active_from`. Where no meaning is asked for, it is the segment, or the plan
    where that is known of more accounts and the segment of less than half.
    """
    typed, keys = _what_was_said(product)
    params = {"account_key": ACCOUNT_KEY, "active_from": active_from.astimezone(UTC).replace(tzinfo=None)}
    with open_snapshot(source_ids_of([product.pk]), caller="contacts.group_accounts") as snapshot:

        def group(by: str) -> Groups:
            said = {no: _clean(row[by]) for no, row in typed.items()}
            return _group(snapshot, by, {**params, "key": keys[by]}, said, {*numbers})

        found = group(meaning or Meaning.SEGMENT)
        if not meaning and 2 * found.n_named < found.n_accounts:
            found = max(found, group(Meaning.PLAN), key=lambda groups: groups.n_named)
    return found


def people_of_groups(
    product: Product, meaning: str, names: Collection[str], *, active_from: datetime, day: str, most: int
) -> list[int]:
    """Return the numbers of ids that did anything since `active_from` for accounts of these groups.

    At most so many, drawn by the day: nobody is always first.
    """
    typed, keys = _what_was_said(product)
    apart = sorted(no for no, row in typed.items() if _clean(row[meaning]))
    params = {
        "account_key": ACCOUNT_KEY,
        "key": keys[meaning],
        "active_from": active_from.astimezone(UTC).replace(tzinfo=None),
        "names": sorted(names),
        "apart": apart,
        "typed": [no for no in apart if _clean(typed[no][meaning]) in names],
        "day": day,
        "most": most,
    }
    with open_snapshot(source_ids_of([product.pk]), caller="contacts.people_of_groups") as snapshot:
        return [no for (no,) in snapshot.execute(_PEOPLE, params).tuples] if names else []


def _what_was_said(product: Product) -> tuple[dict[int, dict[str, str]], dict[str, str]]:
    """Return what was typed of a product's accounts, and which trait says what, in one statement."""
    spaces = spaces_of(product)
    what, number = CharField(), BigIntegerField()
    records = AccountRecord.objects.filter(account__id_space__in=spaces).order_by()
    names = TraitName.objects.filter(id_space__in=spaces).order_by()
    rows = records.values_list(Value("typed", what), Cast("account_id", number), *GROUPED_BY).union(
        names.values_list(Value("trait", what), Cast("pk", number), "meaning", "key", Value("", what)), all=True
    )
    typed: dict[int, dict[str, str]] = {}
    keys = {str(meaning): str(meaning) for meaning in GROUPED_BY}
    for kind, no, *values in sorted(rows, reverse=True):  # of several traits for one meaning, the first that was said
        if kind == "typed":
            typed[no] = dict(zip(map(str, GROUPED_BY), values, strict=True))
        else:
            keys[values[0]] = values[1]
    return typed, keys


def _group(snapshot: Any, meaning: str, params: dict[str, Any], typed: Mapping[int, str], numbers: set[int]) -> Groups:
    asked = sorted(typed.keys() | numbers)
    rows = _kept(snapshot, _SIZES, {**params, "some": sorted(typed)})
    found = (
        {no: (value, flag) for no, value, flag in _kept(snapshot, _SOME, {**params, "some": asked})} if asked else {}
    )
    counts: dict[tuple[str, bool], int] = {}
    for value, is_active, n_accounts in rows:
        counts[_clean(value), is_active] = counts.get((_clean(value), is_active), 0) + n_accounts
    of = {no: typed.get(no) or _clean(found.get(no, ("", False))[0]) for no in asked}
    active = frozenset(no for no, (_, is_active) in found.items() if is_active)
    for no in typed:
        counts[of[no], no in active] = counts.get((of[no], no in active), 0) + 1
    names = sorted({value for value, _ in counts}, key=lambda text: (text == "", text.casefold()))
    n_active = {name: counts.get((name, True), 0) for name in names}
    sizes = {name: Group(counts.get((name, False), 0) + n_active[name], n_active[name]) for name in names}
    known = numbers & (found.keys() | typed.keys())
    return Groups(meaning, sizes, {no: of[no] for no in numbers}, frozenset(known), active & numbers)


def _clean(value: str | None) -> str:
    return (value or "").strip()


def _kept(snapshot: Any, sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement that reads all accounts, kept for an hour unless newer data comes."""
    mark = zlib.crc32(repr((sql, snapshot.source_ids, sorted(params.items()))).encode())
    key = f"contacts.group_accounts:{snapshot.version}:{mark}:{len(params['some'])}"
    rows = cache.get(key)
    if rows is None:
        rows = [tuple(row) for row in snapshot.execute(sql, params).tuples]
        cache.set(key, rows, _KEPT_S)
    return rows
