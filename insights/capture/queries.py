"""What the capture API of a source is doing: what waits, and what became of the newest."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min, Sum

from insights.events.public import Batch, InboxRequest, Source


@dataclass(frozen=True)
class Traffic:
    """Events that wait in the inbox and since when; totals of what was stored."""

    n_waiting: int
    waiting_since: datetime | None
    n_read: int
    n_accepted: int
    n_duplicates: int
    n_quarantined: int
    n_joins_refused: int
    stored_at: datetime | None


def describe_traffic(source: Source) -> Traffic:
    """Return the counts of a capture source."""
    waiting = InboxRequest.objects.filter(source=source).aggregate(n=Sum("n_items"), since=Min("received_at"))
    names = ("n_read", "n_accepted", "n_duplicates", "n_quarantined", "n_joins_refused")
    done = Batch.objects.filter(source=source, kind=Batch.Kind.API, state=Batch.State.DONE)
    totals = done.aggregate(**{name: Sum(name) for name in names}, stored_at=Max("finished_at"))
    counts = {name: totals[name] or 0 for name in names}
    return Traffic(waiting["n"] or 0, waiting["since"], **counts, stored_at=totals["stored_at"])
