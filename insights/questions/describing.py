"""Names and traits of people and accounts, by their numbers."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from insights.events.public import LATEST_VALUE, Account, DistinctId
from insights.questions.behind import Behind

if TYPE_CHECKING:
    from insights.events.public import Snapshot

_LATEST = (
    f"select no, key, {LATEST_VALUE} from"
    " (select {number} as no, t.key, t.value, t.ts, t.batch_no from {{traits}} t{join} where t.subject = $subject) t"
    " where list_contains($wanted::uinteger[], no) group by no, key order by no, key"
)


def describe_units(unit: str, numbers: Sequence[int], snapshot: "Snapshot") -> tuple[Behind, ...]:
    """Return id and current traits of each person or account, in the order asked."""
    model, field = (Account, "account_id") if unit == "account" else (DistinctId, "distinct_id")
    ids = dict(model.objects.filter(pk__in=numbers).values_list("pk", field))
    traits: dict[int, dict[str, Any]] = {}
    for number, key, value in _read_traits(unit, numbers, snapshot):
        traits.setdefault(number, {})[key] = json.loads(value)
    return tuple(Behind(number, ids.get(number, str(number)), traits.get(number, {})) for number in numbers)


def _read_traits(unit: str, numbers: Sequence[int], snapshot: "Snapshot") -> list[tuple[Any, ...]]:
    if not numbers:
        return []
    number, join = "t.subject_no", ""
    if unit == "person" and snapshot.has_joins:
        number = "coalesce(m.person_no, t.subject_no)"
        join = " left join {person_map} m on m.distinct_no = t.subject_no"
    sql = _LATEST.format(number=number, join=join)
    return snapshot.execute(sql, {"subject": unit, "wanted": list(numbers)}).tuples
