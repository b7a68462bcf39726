"""All accounts of a product with their counts: exact for a stated version of the store, and how old that is.

Who acted for which account is put together by the engine over all history. Where that takes long, no page waits for it:
it shows the counts that were kept, with their time, and has a worker count again.
"""

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from insights.contacts.written import Spaces, workplaces, workplaces_stamp
from insights.events.public import IdSpace, Source, open_snapshot
from insights.persons.keeping import Kept, end_turn, find_kept, keep, take_turn
from insights.persons.reading import GROUP_OF
from portal.operations.public import enqueue_on_commit

if TYPE_CHECKING:
    import numpy as np

_NAME = "accounts"
QUICK_ROWS = 300_000  # so many rows are counted while a page waits
_ASK_AGAIN_S = 60  # after a counting whose worker died
_REST = 4  # times as long as a counting took, before the next: a live source never stands still
# An event is of the account that it names, else of its person's group. Who works there as their contact says is of its
# people, too, as on its page.
_ACCOUNTS = f"""
    WITH groups AS ({GROUP_OF}),
    acts AS (
        SELECT coalesce(a.account_no, g.account_no) AS account_no, a.person_no, a.n, a.first_ts, a.last_ts FROM (
            SELECT a.account_no, coalesce(m.person_no, a.distinct_no) AS person_no, sum(a.n_events) AS n,
                min(a.first_ts) AS first_ts, max(a.last_ts) AS last_ts
            FROM {{activity}} a LEFT JOIN {{person_map}} m ON m.distinct_no = a.distinct_no GROUP BY ALL
        ) a LEFT JOIN groups g ON a.account_no IS NULL AND g.person_no = a.person_no
    ),
    summed AS (
        SELECT * FROM acts WHERE account_no IS NOT NULL
        UNION ALL SELECT account_no, person_no, 0, NULL, NULL FROM groups WHERE account_no IS NOT NULL
        UNION ALL SELECT DISTINCT subject_no, NULL::UINTEGER, 0, NULL, NULL FROM {{traits}} WHERE subject = 'account'
        UNION ALL SELECT unnest($workplaces::UINTEGER[]), unnest($workers::UINTEGER[]), 0, NULL, NULL
    )
    SELECT account_no::UINTEGER AS no, count(DISTINCT person_no) AS people, sum(n)::BIGINT AS events,
        coalesce(epoch_us(min(first_ts)), -1) AS first, coalesce(epoch_us(max(last_ts)), -1) AS last
    FROM summed GROUP BY account_no ORDER BY no
"""


@dataclass(frozen=True)
class AccountRoster:
    """Columns of equal length by account number: people, events, first and last event; and when they were counted.

    Times are in microseconds since 1970 UTC, -1 for never. Where it is not current, newer data came in since.
    """

    columns: "dict[str, np.ndarray]"
    counted_at: dt.datetime
    is_current: bool = True

    def with_others(self, others: Sequence[int]) -> "AccountRoster":
        """Return it with accounts of which no event tells."""
        import numpy as np

        fresh = np.setdiff1d(np.asarray(others, dtype=np.int64), self.columns["no"].astype(np.int64))
        if not len(fresh):
            return self
        empty = {"no": fresh, "people": np.zeros_like(fresh), "events": np.zeros_like(fresh)}
        never = np.full_like(fresh, -1)
        columns = {
            name: np.concatenate([column, empty.get(name, never).astype(column.dtype)])
            for name, column in self.columns.items()
        }
        return AccountRoster(columns, self.counted_at, self.is_current)

    def page(self, sort: str, start: int, size: int, wanted: Sequence[int] | None = None) -> tuple[int, list[dict]]:
        """Return how many accounts there are, and some of them, by a column ("-" before it for descending).

        Equal ones are in the order of their numbers, those without a time come last. wanted: keep these numbers alone.
        """
        import numpy as np

        no, keys = self.columns["no"], self.columns[sort.lstrip("-")]
        kept = np.arange(len(no)) if wanted is None else np.flatnonzero(np.isin(no, np.asarray(wanted, dtype=no.dtype)))
        keys = keys[kept].astype(np.int64)
        sign = -1 if sort.startswith("-") else 1
        order = kept[np.lexsort((sign * no[kept].astype(np.int64), sign * keys, keys < 0))[start : start + size]]
        return len(kept), [{name: int(column[at]) for name, column in self.columns.items()} for at in order]


@dataclass(frozen=True)
class Workplaces:
    """The id spaces of whose people contacts say where they work, and a number that changes when that does."""

    spaces: Spaces
    stamp: int | None

    @classmethod
    def of(cls, source_ids: Sequence[int]) -> "Workplaces":
        """Return those of the product of these sources."""
        products = Source.objects.filter(pk__in=list(source_ids)).values("product")
        spaces = IdSpace.objects.filter(product__in=products).order_by()
        stamps = spaces.values_list(workplaces_stamp(), flat=True)
        return cls(spaces.values("pk"), stamps.first())


def accounts_of(snapshot: Any, places: Workplaces) -> AccountRoster | None:
    """Return the accounts which a snapshot's sources know, as they were counted last; None while they never were.

    What is quick is counted at once; else a worker is asked to.
    """
    if not snapshot.source_ids:  # nothing is kept under the name of no source: it would be everybody's
        return AccountRoster(_read(snapshot, places), timezone.now())
    kept = find_kept(_NAME, snapshot)
    if kept is not None and kept.is_of(snapshot) and kept.value[1] == places.stamp:
        return _roster(kept)
    if snapshot.n_rows_of_activity <= QUICK_ROWS:
        return _roster(_count(snapshot, places))
    _ask(snapshot)
    return _roster(kept, is_current=False) if kept is not None else None


def count_accounts(source_ids: Sequence[int]) -> int:
    """Count the accounts of these sources, unless it is done for the newest data; return how many there are."""
    started = time.monotonic()
    with open_snapshot(source_ids, caller="persons.count_accounts") as snapshot:
        kept, places = find_kept(_NAME, snapshot), Workplaces.of(source_ids)
        if kept is None or not kept.is_of(snapshot) or kept.value[1] != places.stamp:
            kept = _count(snapshot, places)
        end_turn(_NAME, snapshot, round(_REST * (time.monotonic() - started)))
    return len(kept.value[0]["no"])


def _count(snapshot: Any, places: Workplaces) -> Kept:
    return keep(_NAME, snapshot, (_read(snapshot, places), places.stamp))


def _read(snapshot: Any, places: Workplaces) -> "dict[str, np.ndarray]":
    workers, accounts = workplaces(places.spaces)
    return snapshot.fetch_arrays(_ACCOUNTS, {"workers": workers, "workplaces": accounts})[0]


def _roster(kept: Kept, *, is_current: bool = True) -> AccountRoster:
    return AccountRoster(kept.value[0], kept.read_at, is_current)


def _ask(snapshot: Any) -> None:
    """Have a worker count, once for all who look in the meantime."""
    if take_turn(_NAME, snapshot, _ASK_AGAIN_S):
        with transaction.atomic():
            enqueue_on_commit("persons.count_accounts", source_ids=sorted(snapshot.source_ids))
