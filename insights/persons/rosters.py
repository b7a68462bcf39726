"""Everybody of a product, in order, exact for the newest version of the store.

A list page reads its numbers from here, and only what it shows of those few from the store. What the parts tell of
persons, by id and before joins, is kept; what came since is read and put on top, so that a page costs little whatever
comes. After an undo or an erasure, which take away, all is read again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from insights.events.public import was_taken_from
from insights.persons.keeping import find_kept, keep

if TYPE_CHECKING:
    import numpy as np

WORTH_KEEPING = 50_000  # rows of parts that came since
# Ids without an event or a trait (all theirs were taken back) are nobody of this product.
_SEEN = """
    WITH seen AS (
        SELECT distinct_no AS no, first_ts FROM {activity}
        UNION ALL SELECT DISTINCT subject_no, NULL::TIMESTAMP FROM {traits} WHERE subject = 'person'
    )
    SELECT no, coalesce(epoch_us(min(first_ts)), $never) AS first FROM seen GROUP BY 1
"""
_OWNERS = "SELECT distinct_no, person_no FROM {person_map} ORDER BY distinct_no"
_NEVER = 2**63 - 1  # the first time of whoever has no event


@dataclass(frozen=True)
class PersonRoster:
    """Everybody's number (uint32), the last to come first; the `n_timed` first of them have an event."""

    numbers: "np.ndarray"
    n_timed: int

    def only(self, wanted: Sequence[int]) -> "PersonRoster":
        """Return those of these numbers who are in it, in its order."""
        import numpy as np

        kept = np.isin(self.numbers, np.asarray(wanted, dtype=self.numbers.dtype))
        return PersonRoster(self.numbers[kept], int(kept[: self.n_timed].sum()))

    def with_others(self, others: "Sequence[int] | np.ndarray") -> "PersonRoster":
        """Return it with persons of whom no event tells, after all others."""
        import numpy as np

        if not len(others):
            return self
        fresh = np.unique(np.asarray(others, dtype=np.uint32))
        fresh = fresh[~np.isin(fresh, self.numbers)]
        return PersonRoster(np.concatenate([self.numbers, fresh[::-1]]), self.n_timed)

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


def persons_of(snapshot: Any) -> PersonRoster:
    """Return the persons whom a snapshot's sources know."""
    kept = find_kept("persons", snapshot)
    if kept is None or not kept.is_of(snapshot):
        kept = keep("persons", snapshot, _put_in_order(snapshot))
    return PersonRoster(*kept.value)


def _put_in_order(snapshot: Any) -> tuple["np.ndarray", int]:
    import numpy as np

    ids, times = _read_seen(snapshot)
    persons, first = _earliest(_owners_of(snapshot, ids), times)
    # Whoever has no event is earlier than all.
    first = np.where(first == _NEVER, -1, first)
    return persons[np.lexsort((persons, first))[::-1]], int((first >= 0).sum())


def _read_seen(snapshot: Any) -> tuple["np.ndarray", "np.ndarray"]:
    """Return each id's number, ascending, with the time of its first event: what was kept, and what came since."""
    kept = find_kept("seen", snapshot)
    if kept is None or was_taken_from(snapshot.source_ids, kept.version, snapshot.version):
        return keep("seen", snapshot, _earliest(*_seen_in(snapshot))).value
    fresh = snapshot.since(kept.version)
    if not fresh.parts:
        return kept.value
    (ids, times), (more_ids, more_times) = kept.value, _seen_in(fresh)
    import numpy as np

    both = _earliest(np.concatenate([ids, more_ids]), np.concatenate([times, more_times]))
    is_much = sum(part.n_rows for part in fresh.parts) >= WORTH_KEEPING
    return keep("seen", snapshot, both).value if is_much else both


def _seen_in(snapshot: Any) -> tuple["np.ndarray", "np.ndarray"]:
    found, _ = snapshot.fetch_arrays(_SEEN, {"never": _NEVER})
    return found["no"], found["first"]


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
