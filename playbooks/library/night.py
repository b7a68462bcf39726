"""The night's step: what was not reviewed for long enough is due, and its owner hears of it once."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from playbooks.library.models import Playbook
from portal.audit.public import record
from portal.messages.public import notify, notify_ops
from portal.people.public import SYSTEM


def find_due(night: Any) -> None:
    """Mark the playbooks whose review is due; each is claimed by its state, so a second run tells nobody again."""
    today = timezone.localdate(night.now)
    rows = Playbook.objects.filter(state=Playbook.State.PUBLISHED, review_on__lte=today).order_by("pk")
    due = list(rows.values_list("pk", flat=True))
    for number, pk in enumerate(due, start=1):
        night.check_still_mine()
        _mark_due(pk)
        night.progress(number, len(due), "playbooks due for review")


@transaction.atomic
def _mark_due(pk: int) -> None:
    claimed = Playbook.objects.filter(pk=pk, state=Playbook.State.PUBLISHED).update(state=Playbook.State.DUE)
    if not claimed:
        return
    playbook = Playbook.objects.select_related("face", "owner").get(pk=pk)
    record(SYSTEM, "playbook.review_due", playbook, before={"state": "published"}, after={"state": "due"})
    said = f"“{playbook}” was to be reviewed by {playbook.review_on:%-d %b %Y}. Say that it still holds, or change it."
    key = f"playbook-due:{pk}:{playbook.review_on:%Y-%m-%d}"
    if playbook.owner is not None and playbook.owner.is_active:
        notify([playbook.owner], said, key=key, url=playbook.get_absolute_url(), kind="warn")
    else:
        notify_ops(said, key=key, url=playbook.get_absolute_url())
