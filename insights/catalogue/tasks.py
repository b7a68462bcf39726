"""Tasks of the catalogue."""

from celery import shared_task

from insights.catalogue import reading


@shared_task(name="catalogue.refresh_catalogue")
def refresh_catalogue(source_id: int, at_once: bool = False) -> None:
    """Read what a commit brought; unless it is wanted at once, not when the source was read a moment ago."""
    read = reading.read_source if at_once else reading.read_after_commit
    read(source_id)


@shared_task(name="catalogue.catch_up")
def catch_up() -> None:
    """Read every source whose newest events the catalogue has not seen."""
    reading.catch_up()
