"""Starting refreshes: by schedule once a night, by hand when nobody else has."""

import uuid
import zoneinfo
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from portal.audit.public import record
from portal.operations.public import enqueue_on_commit
from portal.people.public import SYSTEM, require
from portal.refresh import access  # noqa: F401 - names the rule of "refreshes.start"
from portal.refresh.models import Refresh, RefreshStep, State
from portal.shell.public import BadInput, Conflict, NightStep, registry


@transaction.atomic
def start_refresh(*, actor, key: str = "", names: list[str] | None = None) -> Refresh:
    """Start a refresh of all steps or of the named ones; a second one of the same key or kind is a Conflict."""
    require(actor, "refreshes.start")
    steps = [step for step in registry.all(NightStep) if names is None or step.name in names]
    if not steps:
        raise BadInput("There is no step of that name to run.")
    is_by_hand = actor is not SYSTEM
    try:
        with transaction.atomic():
            refresh = Refresh.objects.create(
                key=key or f"hand {uuid.uuid4()}",
                trigger=Refresh.Trigger.HAND if is_by_hand else Refresh.Trigger.SCHEDULE,
                started_by=actor if is_by_hand else None,
            )
    except IntegrityError:
        raise Conflict("A refresh is waiting or running already. Watch it on its page; it covers everything.") from None
    RefreshStep.objects.bulk_create(
        RefreshStep(refresh=refresh, name=step.name, label=step.label, position=position)
        for position, step in enumerate(steps, start=1)
    )
    record(actor, "refresh.started", refresh, note=", ".join(names or []))
    enqueue_on_commit("refresh.run_steps", refresh_id=refresh.pk)
    return refresh


def start_nightly(now: datetime) -> Refresh | None:
    """Start the refresh of the night that `now` falls in; None when it was started already."""
    night = now.astimezone(zoneinfo.ZoneInfo(settings.WORKSPACE_TIME_ZONE)).date()
    try:
        return start_refresh(actor=SYSTEM, key=f"night {night.isoformat()}")
    except Conflict:
        return None


def retry_failed_steps(refresh: Refresh, *, actor) -> Refresh:
    """Start a refresh of the steps of another that failed or met problems."""
    names = [step.name for step in refresh.steps.all() if step.state == State.FAILED or step.problems]
    if not names:
        raise BadInput("Every step of this refresh went well; there is nothing to try again.")
    return start_refresh(actor=actor, names=names)
