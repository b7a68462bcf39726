"""Who is told that a tracker cannot be read: its owner, else ops, once it was so for a day."""

from datetime import datetime, timedelta

from portal.messages.public import notify, notify_ops, send
from portal.people.public import can, can_see
from roadmaps.delivery.work.models import Connection

TOLD_AFTER = timedelta(days=1)


def tell_failing(now: datetime) -> int:
    """Tell of each connection that fails for a day, once until it was read well again; return how many were told."""
    failing = Connection.objects.failing().filter(failing_since__lte=now - TOLD_AFTER)
    return sum(_tell(one, now) for one in failing.select_related("tracker__team"))


def _tell(connection: Connection, now: datetime) -> int:
    tracker, owner = connection.tracker, connection.tracker.owner
    key = f"tracker-failing:{connection.pk}:{connection.failing_since:%Y-%m-%dT%H:%M:%S}"
    subject = f"“{tracker}” was not read for a day"
    url = tracker.get_absolute_url()
    if owner is None or not can_see(owner, tracker):
        return notify_ops(f"{subject}. {connection.error}", key=key, url=url)
    whose = "" if can(owner, "connections.edit", tracker) else " Ops can mend how it is read."
    said = f"{connection.error}{whose} What is shown of its work is as old as that."
    if not notify([owner], f"{subject}. {said}", key=key, url=url, kind="warn"):
        return 0
    send(owner, subject, said, key=f"{key}:{owner.pk}", url=url, now=now)
    return 1
