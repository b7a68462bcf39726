"""What the capture API hangs into the shell: its schedule, its step of the night, its keys on a source's page."""

from collections.abc import Callable
from typing import Any

from insights.capture.flushing import flush_inbox, flush_source
from insights.capture.replaying import replay_items
from insights.events.public import Batch, InboxRequest
from insights.sources.replay import register_replayer
from portal.shell.public import DemoSeed, NightStep, PersonEraser, Schedule, registry


def _flush(night: Any) -> None:
    counts = flush_inbox()
    night.count(rows_in=counts.n_read, rows_out=counts.n_accepted, quarantined=counts.n_quarantined)


def _flush_space(space: Any, distinct_ids: Any, actor: Any) -> dict[str, int]:
    """Store what waits, so that the event store, which comes last, erases it with the rest."""
    sources = InboxRequest.objects.filter(source__id_space=space).values_list("source", flat=True).distinct()
    for source_id in list(sources.order_by("source")):
        flush_source(source_id)
    return {}


register_replayer(Batch.Kind.API, replay_items)
registry.add(PersonEraser("capture", _flush_space, order=50))
registry.add(
    Schedule(
        "Flush the capture API's inbox",
        task="capture.flush_inbox",
        every_s=5,
        description="Moves events that the capture API has taken into the event store.",
    )
)
registry.add(NightStep("flush", "Store what the capture API received", _flush, order=20))


def _seed(piece: str) -> Callable[..., None]:
    def run(demo: Any, progress: Any) -> None:
        from insights.capture.demo import seed  # numpy: only whoever makes the demo pays for it

        getattr(seed, piece)(demo, progress)

    return run


registry.add(DemoSeed("Teams and products", _seed("seed_teams"), order=10))
registry.add(DemoSeed("A year of events", _seed("seed_events"), order=20))
registry.add(DemoSeed("Catalogue", _seed("seed_catalogue"), order=30))
