"""Tasks of the event store."""

from celery import shared_task

from insights.events.compaction import compact
from insights.events.compaction import sweep_files as sweep
from insights.events.rollups import note_activity


@shared_task(name="events.compact_parts")
def compact_parts() -> None:
    """Merge the parts of crowded months, and note who did how much in the large ones."""
    compact()
    note_activity()


@shared_task(name="events.sweep_files")
def sweep_files() -> None:
    """Remove files that no reader can still need."""
    sweep()
