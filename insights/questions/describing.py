"""Names and traits of people and accounts, by their numbers."""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from insights.events.public import LATEST_VALUE, Account, DistinctId, open_snapshot
from insights.questions.behind import Behind

if TYPE_CHECKING:
    from insights.events.public import Snapshot

# Of all ids of a person one value wins.
_LATEST = f"""
    WITH wanted AS (SELECT unnest($wanted::UINTEGER[]) AS no),
    ids AS (SELECT no, no AS owner FROM wanted{{joined}})
    SELECT ids.owner, t.key, {LATEST_VALUE} FROM {{traits}} t JOIN ids ON ids.no = t.subject_no
    WHERE t.subject = $subject GROUP BY ids.owner, t.key ORDER BY ids.owner, t.key
"""
_JOINED = " UNION ALL SELECT distinct_no, person_no FROM {person_map} WHERE person_no IN (SELECT no FROM wanted)"
_PIECE = 10_000


def describe_units(unit: str, numbers: Sequence[int], snapshot: "Snapshot") -> tuple[Behind, ...]:
    """Return id and current traits of each person or account, in the order asked."""
    model, field = (Account, "account_id") if unit == "account" else (DistinctId, "distinct_id")
    ids = dict(model.objects.filter(pk__in=numbers).values_list("pk", field))
    traits: dict[int, dict[str, Any]] = {}
    for number, key, value in _read_traits(unit, numbers, snapshot):
        traits.setdefault(number, {})[key] = json.loads(value)
    return tuple(Behind(number, ids.get(number, str(number)), traits.get(number, {})) for number in numbers)


def describe_in_pieces(
    unit: str, numbers: Sequence[int], source_ids: Sequence[int], *, caller: str
) -> Iterator[Behind]:
    """Yield id and current traits of many, in the order asked, for a file; whoever is gone meanwhile is left out.

    A snapshot a piece, so that a file that is fetched slowly never runs out of a question's time.
    """
    model = Account if unit == "account" else DistinctId
    for start in range(0, len(numbers), _PIECE):
        piece = numbers[start : start + _PIECE]
        there = set(model.objects.filter(pk__in=piece).values_list("pk", flat=True))
        with open_snapshot(source_ids, caller=caller) as snapshot:
            yield from describe_units(unit, [number for number in piece if number in there], snapshot)


def _read_traits(unit: str, numbers: Sequence[int], snapshot: "Snapshot") -> list[tuple[Any, ...]]:
    if not numbers:
        return []
    sql = _LATEST.replace("{joined}", _JOINED if unit == "person" and snapshot.has_joins else "")
    return snapshot.execute(sql, {"subject": unit, "wanted": list(numbers)}).tuples
