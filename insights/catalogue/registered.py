"""What the catalogue hangs into the shell: its schedule and its step of the night."""

from typing import Any

from insights.catalogue.reading import catch_up
from portal.shell.public import NightStep, Schedule, registry


def _read(night: Any) -> None:
    n_sources = len(catch_up())
    night.progress(n_sources, n_sources, f"{n_sources} sources had something new")


registry.add(
    Schedule(
        "Catch up with the catalogue",
        task="catalogue.catch_up",
        every_s=60,
        description="Lists event names and properties of what was stored since.",
    )
)
registry.add(NightStep("catalogue", "Bring the catalogue up to date", _read, order=40))
