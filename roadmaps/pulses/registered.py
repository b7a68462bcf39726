"""What pulses hang into the shell: search, a command, who uses an objective, the night, the demo."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from portal.people.public import can
from portal.shell.public import Command, DemoSeed, NightStep, Schedule, SearchHit, SearchProvider, UsedBy, registry
from roadmaps.goals.public import Objective
from roadmaps.pulses import demo
from roadmaps.pulses.actions import close_due
from roadmaps.pulses.models import Pulse, PulseGoal


def _find(user: Any, text: str, limit: int) -> Iterable[SearchHit]:
    found = Pulse.objects.visible_to(user).matching(text).select_related("product")
    for one in found.order_by("-pk")[:limit]:
        yield SearchHit("Pulse", one.name, one.get_absolute_url(), f"{one.product} · {one.get_state_display().lower()}")


def _using(thing: Any, user: Any) -> Any:
    if not isinstance(thing, Objective):
        return None
    asking = PulseGoal.objects.filter(objective=thing).values("pulse")
    return Pulse.objects.visible_to(user).filter(pk__in=asking)


def _show(values: dict[str, Any]) -> SearchHit:
    return SearchHit("Pulse", values["name"], Pulse(pk=values["pk"]).get_absolute_url(), values["product__name"])


def _close_at_night(night: Any) -> None:
    """Close the pulses whose last day is over; their numbers are there in the morning."""
    n_closed = close_due(timezone.localdate(night.now))
    night.progress(n_closed, n_closed, "pulses")


registry.add(SearchProvider("Pulses", _find, order=42))
registry.add(
    Command("New alignment pulse", "pulses:pulse-new", can_see=lambda user: can(user, "pulses.create"), order=42)
)
registry.add(UsedBy("Pulse", _using, ("pk", "name", "product__name"), _show))
registry.add(NightStep("pulses", "Close pulses whose time is over", _close_at_night, order=51))
registry.add(
    Schedule(
        "pulses-letters",
        "pulses.write_waiting",
        every_s=600,
        description="Go on with the letters of pulses whose worker died.",
    )
)
registry.add(DemoSeed("pulses", demo.seed_pulses, order=71))
