"""Tasks of the event store."""

from celery import shared_task

from insights.events.compaction import compact
from insights.events.compaction import sweep_files as sweep


@shared_task(name="events.compact_parts")
def compact_parts() -> None:
    """Merge the parts of crowded months."""
    compact()


@shared_task(name="events.sweep_files")
def sweep_files() -> None:
    """Remove files that no reader can still need."""
    sweep()
