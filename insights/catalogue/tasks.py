"""Tasks of the catalogue."""

from celery import shared_task

from insights.catalogue import reading


@shared_task(name="catalogue.refresh_catalogue")
def refresh_catalogue(source_id: int) -> None:
    """Read what a commit brought, unless the source was read a moment ago."""
    reading.read_after_commit(source_id)


@shared_task(name="catalogue.catch_up")
def catch_up() -> None:
    """Read every source whose newest events the catalogue has not seen."""
    reading.catch_up()
