"""Everybody of a product, and all of its accounts, in order: worked out once for the same data, then kept.

A list page reads its numbers from here, and only what it shows of those few from the store.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from redis.exceptions import RedisError

from insights.persons.reading import GROUP_OF

if TYPE_CHECKING:
    import numpy as np

log = logging.getLogger(__name__)

_KEEP_S = 24 * 3600
_LAYOUT = 1  # of what is kept; raise it when that changes
# Ids without an event or a trait (all theirs were taken back) are nobody of this product.
_PERSONS = """
    WITH seen AS (
        SELECT distinct_no AS no, first_ts FROM {activity}
        UNION ALL SELECT DISTINCT subject_no, NULL::TIMESTAMP FROM {traits} WHERE subject = 'person'
    )
    SELECT coalesce(m.person_no, s.no)::UINTEGER AS no, coalesce(epoch_us(min(s.first_ts)), -1) AS first
    FROM seen s LEFT JOIN {person_map} m ON m.distinct_no = s.no GROUP BY 1 ORDER BY 2 DESC, 1 DESC
"""
# An event is of the account that it names, else of its person's group.
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
    )
    SELECT account_no::UINTEGER AS no, count(DISTINCT person_no) AS people, sum(n)::BIGINT AS events,
        coalesce(epoch_us(min(first_ts)), -1) AS first, coalesce(epoch_us(max(last_ts)), -1) AS last
    FROM summed GROUP BY account_no ORDER BY no
"""


@dataclass(frozen=True)
class PersonRoster:
    """Everybody's number (uint32), the last to come first; the `n_timed` first of them have an event."""

    numbers: "np.ndarray"
    n_timed: int

    def page(self, sort: str, start: int, size: int) -> list[int]:
        """Return some numbers by "first" (the time of the first event) or "number", "-" before it for descending.

        Whoever has no event comes last by time.
        """
        import numpy as np

        timed, rest = self.numbers[: self.n_timed], self.numbers[self.n_timed :]
        if sort.lstrip("-") == "number":
            ordered = [np.sort(self.numbers)[:: -1 if sort.startswith("-") else 1]]
        else:
            ordered = [timed, rest] if sort.startswith("-") else [timed[::-1], rest[::-1]]
        found: list[int] = []
        for piece in ordered:
            found += piece[max(0, start) : max(0, start + size)].tolist()
            start -= len(piece)
        return found


@dataclass(frozen=True)
class AccountRoster:
    """Columns of equal length by account number: people, events, first and last event.

    Times are in microseconds since 1970 UTC, -1 for never.
    """

    columns: "dict[str, np.ndarray]"

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


def persons_of(snapshot: Any) -> PersonRoster:
    """Return the persons whom a snapshot's sources know."""

    def read() -> tuple["np.ndarray", int]:
        columns, _ = snapshot.fetch_arrays(_PERSONS)
        return columns["no"], int((columns["first"] >= 0).sum())

    return PersonRoster(*_kept("persons", snapshot, read))


def accounts_of(snapshot: Any) -> AccountRoster:
    """Return the accounts which a snapshot's sources know."""
    return AccountRoster(_kept("accounts", snapshot, lambda: snapshot.fetch_arrays(_ACCOUNTS)[0]))


def _kept(name: str, snapshot: Any, read: Callable[[], Any]) -> Any:
    key = f"persons:roster:{_LAYOUT}:{name}:{snapshot.data_key}"
    try:
        kept = cache.get(key)
    except (RedisError, OSError):
        log.warning("the cache does not answer; counting without it")
        return read()
    if kept is None:
        kept = read()
        with suppress(RedisError, OSError):
            cache.set(key, kept, timeout=_KEEP_S)
    return kept
