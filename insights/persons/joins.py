"""The joins that made a person, and the identifies that were refused."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from insights.events.public import DistinctId, PersonJoin

MOST_SHOWN = 100


def joins_of(ids: Sequence[DistinctId]) -> QuerySet[PersonJoin]:
    """Return all joins that name one of these ids, newest first, whatever became of them."""
    numbers = [row.no for row in ids]
    joins = PersonJoin.objects.select_related("from_id", "to_id", "batch__source", "created_by")
    return joins.filter(Q(from_id__in=numbers) | Q(to_id__in=numbers)).order_by("-ts", "-pk")


def split_joins(joins: QuerySet[PersonJoin]) -> dict[str, Any]:
    """Return the joins in force or undone, the refusals, and how many of each there are."""
    refused = joins.filter(state=PersonJoin.State.REFUSED)
    made = joins.exclude(state=PersonJoin.State.REFUSED)
    return {
        "joins": list(made[:MOST_SHOWN]),
        "refusals": list(refused[:MOST_SHOWN]),
        "n_joins": made.count(),
        "n_refusals": refused.count(),
    }
