"""The joins that made a person, and the identifies that were refused."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from insights.events.public import DistinctId, PersonJoin

MOST_SHOWN = 200


def joins_of(ids: Sequence[DistinctId]) -> QuerySet[PersonJoin]:
    """Return all joins that name one of these ids, newest first, whatever became of them."""
    numbers = [row.no for row in ids]
    joins = PersonJoin.objects.select_related("from_id", "to_id", "batch__source", "created_by")
    return joins.filter(Q(from_id__in=numbers) | Q(to_id__in=numbers)).order_by("-ts", "-pk")


def split_joins(joins: QuerySet[PersonJoin]) -> dict[str, Any]:
    """Return the newest joins, in force or undone, the refusals, and whether there are more of them."""
    found = list(joins[: MOST_SHOWN + 1])
    shown = found[:MOST_SHOWN]
    return {
        "joins": [join for join in shown if join.state != PersonJoin.State.REFUSED],
        "refusals": [join for join in shown if join.state == PersonJoin.State.REFUSED],
        "has_more_joins": len(found) > MOST_SHOWN,
    }
