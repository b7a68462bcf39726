"""The work of an initiative, as its page shows it: how much is done and left, and what is stuck."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, Q
from django.utils import timezone

from portal.people.public import can
from roadmaps.delivery.work.models import Phase, Tracker, WorkItem
from roadmaps.delivery.work.queries import local_today, local_zone, open_item

_SHOWN = 8


def show_work(initiative: Any, user: Any) -> dict[str, Any] | None:
    """Return the work of an initiative; None where its product has no tracker that the reader may see."""
    items = WorkItem.objects.visible_to(user).filter(initiative=initiative)
    counts = items.aggregate(
        n=Count("pk"),
        n_done=Count("pk", filter=Q(phase=Phase.DONE)),
        n_dropped=Count("pk", filter=Q(phase=Phase.DROPPED)),
        n_doing=Count("pk", filter=Q(phase=Phase.DOING)),
        n_added=Count("pk", filter=Q(opened_at__gte=timezone.now() - timedelta(days=28))),
        first=Min("started_at"),
        last=Max("finished_at"),
    )
    tracker = Tracker.objects.visible_to(user).filter(product_id=initiative.product_id).order_by("pk").first()
    if not counts["n"] and tracker is None:
        return None
    n_all = counts["n"] - counts["n_dropped"]
    oldest = items.in_work().order_by(F("started_at").asc(nulls_last=True), "pk")[:_SHOWN]
    return {
        "initiative": initiative,
        "tracker": tracker,
        "counts": counts,
        "n_all": n_all,
        "n_left": n_all - counts["n_done"],
        "percent": round(100 * counts["n_done"] / n_all) if n_all else None,
        "oldest": [open_item(item, None, local_today(), local_zone()) for item in oldest],
        "may_edit": tracker is not None and can(user, "trackers.edit", tracker),
    }
