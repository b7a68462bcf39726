"""Tasks of the messages room."""

from celery import shared_task

from portal.messages.actions import deliver_mail


@shared_task(name="messages.send_mail")
def send_mail(mail_id: int) -> None:
    """Send one mail."""
    deliver_mail(mail_id)
