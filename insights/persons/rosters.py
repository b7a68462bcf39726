"""Everybody of a product, and all of its accounts, in order, exact for the newest version of the store.

A list page reads its numbers from here, and only what it shows of those few from the store. A live source adds a small
part every few seconds: what the large parts tell of persons is read once and kept, by id and before joins, and what
the small ones add is read anew, so that a page costs little whatever comes. Accounts are counted whole.
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
_LAYOUT = 2  # of what is kept; raise it when that changes
LARGE_PART = 50_000  # rows
# Ids without an event or a trait (all theirs were taken back) are nobody of this product.
_SEEN = """
    WITH seen AS (
        SELECT distinct_no AS no, first_ts FROM {activity}
        UNION ALL SELECT DISTINCT subject_no, NULL::TIMESTAMP FROM {traits} WHERE subject = 'person'
    )
    SELECT no, coalesce(epoch_us(min(first_ts)), -1) AS first FROM seen GROUP BY 1
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
_OWNERS = "SELECT distinct_no, person_no FROM {person_map} ORDER BY distinct_no"
Columns = dict[str, Any]  # numpy arrays of equal length


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
        import numpy as np

        seen = _of_all_parts("persons", snapshot, _SEEN)
        # Whoever has no event is earlier than all.
        never = np.iinfo(np.int64).max
        persons, first = _earliest(_owners_of(snapshot, seen["no"]), np.where(seen["first"] < 0, never, seen["first"]))
        first = np.where(first == never, -1, first)
        return persons[np.lexsort((persons, first))[::-1]], int((first >= 0).sum())

    return PersonRoster(*_kept("persons", snapshot, snapshot.data_key, read))


def accounts_of(snapshot: Any) -> AccountRoster:
    """Return the accounts which a snapshot's sources know.

    Counted whole for each version: to put together who acted for which account takes longer here than in the engine.
    """
    return AccountRoster(_kept("accounts", snapshot, snapshot.data_key, lambda: snapshot.fetch_arrays(_ACCOUNTS)[0]))


def _of_all_parts(name: str, snapshot: Any, sql: str) -> Columns:
    """Return the rows of a statement over the large parts, kept from before, and over the small ones."""
    import numpy as np

    large, small = snapshot.split(LARGE_PART)
    kept = _kept(f"{name}:large", snapshot, large.data_key, lambda: large.fetch_arrays(sql)[0])
    fresh, _ = small.fetch_arrays(sql)
    return {column: np.concatenate([kept[column], fresh[column]]) for column in kept}


def _owners_of(snapshot: Any, numbers: "np.ndarray") -> "np.ndarray":
    """Return the person's number of each id's."""
    import numpy as np

    joined, _ = snapshot.fetch_arrays(_OWNERS)
    ids, persons = joined["distinct_no"], joined["person_no"]
    if not len(ids):
        return numbers
    at = np.minimum(np.searchsorted(ids, numbers), len(ids) - 1)
    return np.where(ids[at] == numbers, persons[at], numbers)


def _earliest(keys: "np.ndarray", times: "np.ndarray") -> tuple["np.ndarray", "np.ndarray"]:
    """Return each key once, ascending, with the earliest of its times."""
    import numpy as np

    if not len(keys):
        return keys, times
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    return ordered[starts], np.minimum.reduceat(times[order], starts)


def _kept(name: str, snapshot: Any, data_key: str, read: Callable[[], Any]) -> Any:
    """Return what was kept of the same data; else read it and keep it in the place of what is old."""
    key = f"persons:roster:{_LAYOUT}:{name}:{','.join(map(str, sorted(snapshot.source_ids)))}"
    try:
        found = cache.get(key)
    except (RedisError, OSError):
        log.warning("the cache does not answer; counting without it")
        return read()
    if found is not None and found[0] == data_key:
        return found[1]
    kept = read()
    with suppress(RedisError, OSError):
        cache.set(key, (data_key, kept), timeout=_KEEP_S)
    return kept
