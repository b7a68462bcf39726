"""Tasks of the closing room."""

from celery import shared_task

from insights.voice.closing import telling
from insights.voice.closing.models import StatusChange
from portal.people.public import User


@shared_task(name="voice.send_tellings")
def send_tellings(change_id: int, actor_id: int) -> None:
    """Send the drafts of a status to whom they may be sent."""
    change = StatusChange.objects.dressed().filter(pk=change_id).first()
    actor = User.objects.filter(pk=actor_id, is_active=True).first()
    if change is not None and actor is not None:
        telling.send_all(change, actor=actor)


@shared_task(name="voice.settle_tellings")
def settle_tellings() -> None:
    """Note what became of letters on their way."""
    telling.settle_letters()
