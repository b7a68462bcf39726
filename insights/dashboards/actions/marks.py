"""Each person's own marks: stars, the dashboard on Home, and what they looked at last."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from insights.dashboards.models import Dashboard, HomeDashboard, RecentView, Star
from portal.audit.public import record
from portal.people.public import require


@transaction.atomic
def set_star(dashboard: Dashboard, *, actor: Any, is_starred: bool) -> None:
    """Star a dashboard for the actor, or take the star away; doing it twice changes nothing."""
    require(actor, "dashboards.read", dashboard)
    if is_starred:
        _, changed = Star.objects.get_or_create(user=actor, dashboard=dashboard)
    else:
        changed, _ = Star.objects.filter(user=actor, dashboard=dashboard).delete()
    if changed:
        record(actor, "dashboard.starred" if is_starred else "dashboard.unstarred", dashboard)


@transaction.atomic
def set_home(dashboard: Dashboard, *, actor: Any) -> None:
    """Show a dashboard on the actor's Home."""
    require(actor, "dashboards.read", dashboard)
    HomeDashboard.objects.update_or_create(user=actor, defaults={"dashboard": dashboard})
    record(actor, "dashboard.put_on_home", dashboard)


@transaction.atomic
def clear_home(dashboard: Dashboard, *, actor: Any) -> None:
    """Take a dashboard off the actor's Home."""
    if HomeDashboard.objects.filter(user=actor, dashboard=dashboard).delete()[0]:
        record(actor, "dashboard.taken_off_home", dashboard)


def note_view(dashboard: Dashboard, user: Any) -> None:
    """Remember that a user looked at a dashboard just now, to the minute; reading is not audited."""
    now = timezone.now()
    seen_at = getattr(dashboard, "viewed_at", None)  # from `with_marks`
    if seen_at and now - seen_at < timedelta(minutes=1):
        return
    if RecentView.objects.filter(user=user, dashboard=dashboard).update(viewed_at=now):
        return
    try:
        with transaction.atomic():
            RecentView.objects.create(user=user, dashboard=dashboard, viewed_at=now)
    except IntegrityError:  # a second tab was first
        RecentView.objects.filter(user=user, dashboard=dashboard).update(viewed_at=now)
