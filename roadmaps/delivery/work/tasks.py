"""Work of this room that runs in a worker."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from portal.operations.public import enqueue_on_commit
from roadmaps.delivery.work import writing
from roadmaps.delivery.work.pulling import running
from roadmaps.delivery.work.telling import tell_failing


@shared_task(name="delivery.renew_tracker")
def renew_tracker(tracker_id: int) -> None:
    """Work a tracker's items out anew: its statuses or rules have changed."""
    writing.renew_tracker(tracker_id)


@shared_task(name="delivery.pull_tracker")
def pull_tracker(connection_id: int) -> None:
    """Read what changed in a tracker."""
    running.pull(connection_id)


@shared_task(name="delivery.pull_due")
@transaction.atomic
def pull_due() -> None:
    """Announce readings whose time has come, and those whose worker died; tell of those that fail for long."""
    for connection_id in running.requeue_dead_pulls():
        enqueue_on_commit("delivery.pull_tracker", connection_id=connection_id)
    running.announce_due()
    tell_failing(timezone.now())
