"""Tasks of the portal's own running."""

from celery import shared_task

from portal.operations import demo, outbox


@shared_task(name="operations.deliver_message")
def deliver_message(message_id: int) -> None:
    """Do the work of one outbox message."""
    outbox.deliver_message(message_id)


@shared_task(name="operations.sweep_outbox")
def sweep_outbox() -> None:
    """Send again what the broker lost."""
    outbox.sweep_outbox()


@shared_task(name="operations.seed_demo")
def seed_demo() -> None:
    """Make the demo workspace."""
    demo.seed_demo()
