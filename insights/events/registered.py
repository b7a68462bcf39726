"""What the event store hangs into the registry."""

from collections.abc import Iterator
from typing import Any

from insights.events.compaction import compact, crowded, sweep_files
from insights.events.engine import store_dir
from insights.events.models import Part
from insights.events.rollups import note_activity, roll_up_firsts
from portal.shell.public import BackupFiles, NightStep, Schedule, registry

_TIDY = 8


def _list_parts() -> Iterator[tuple[str, str]]:
    # Of one version: the caller reads in one snapshot of the database.
    yield from Part.objects.filter(removed_version=None).values_list("path", "checksum")


def compact_at_night(night: Any) -> None:
    """Merge months that grew crowded; at night from fewer parts on than by day, when loads wait for the writer."""
    n_months, n_done = len(crowded(_TIDY)), 0

    def tell(month: str) -> None:
        nonlocal n_done
        night.progress(n_done, n_months, month)
        n_done += 1

    compact(_TIDY, progress=tell)
    roll_up_firsts()
    note_activity()
    sweep_files()


registry.add(BackupFiles("events", folder=store_dir, list_files=_list_parts, are_immutable=True))
registry.add(NightStep("events.compact", "Compact the event store", compact_at_night, order=30))
registry.add(
    Schedule(
        "Merge small event files",
        task="events.compact_parts",
        every_s=300,
        description="Merges the parts of months with more than 20 of them, and notes who did how much in large parts.",
    )
)
registry.add(
    Schedule(
        "Remove old event files",
        task="events.sweep_files",
        every_s=600,
        description="Removes replaced files once no question can still read them.",
    )
)
