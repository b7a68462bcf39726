"""Tasks of the refresh; each is a thin door to an action."""

from celery import shared_task
from django.utils import timezone

from portal.refresh import actions
from portal.refresh.work import find_abandoned_refreshes, work_on_refresh

_FOUR_HOURS_S = 4 * 3600


@shared_task(name="refresh.start_nightly")
def start_nightly() -> None:
    """Start tonight's refresh, once."""
    actions.start_nightly(timezone.now())


# Longer than the broker's visibility timeout on purpose: a second delivery finds the lease taken and returns.
@shared_task(name="refresh.run_steps", soft_time_limit=_FOUR_HOURS_S, time_limit=_FOUR_HOURS_S + 60)
def run_steps(refresh_id: int) -> None:
    """Work through a refresh."""
    work_on_refresh(refresh_id)


@shared_task(name="refresh.take_over", soft_time_limit=_FOUR_HOURS_S, time_limit=_FOUR_HOURS_S + 60)
def take_over() -> None:
    """Go on with a refresh whose worker is gone."""
    for refresh_id in find_abandoned_refreshes():
        work_on_refresh(refresh_id)
