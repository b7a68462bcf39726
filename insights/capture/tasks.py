"""Tasks of the capture API."""

from celery import shared_task

from insights.capture.flushing import flush_inbox as flush


@shared_task(name="capture.flush_inbox")
def flush_inbox() -> None:
    """Store what waits in the inbox."""
    flush()
