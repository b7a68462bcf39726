"""What the capture API hangs into the shell: its schedule, its step of the night, its keys on a source's page."""

from typing import Any

from insights.capture.flushing import flush_inbox
from portal.shell.public import NightStep, Schedule, registry


def _flush(night: Any) -> None:
    counts = flush_inbox()
    night.count(rows_in=counts.n_read, rows_out=counts.n_accepted, quarantined=counts.n_quarantined)


registry.add(
    Schedule(
        "Flush the capture API's inbox",
        task="capture.flush_inbox",
        every_s=5,
        description="Moves events that the capture API has taken into the event store.",
    )
)
registry.add(NightStep("flush", "Store what the capture API received", _flush, order=20))
