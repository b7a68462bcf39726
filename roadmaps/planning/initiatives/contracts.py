"""What crosses the walls of initiatives: panels of their page, and who hears of a change; no Django."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

GAP = 1024  # between the positions of two initiatives that were added one after the other
# What is kept of an initiative as it was, by the names of its columns.
KEPT = (
    *("title", "stage", "sent_stage", "horizon", "objective_id", "team_id", "product_id", "owner_id", "visibility"),
    *("starts_on", "ends_on", "promised_on", "position", "effort_months"),
)


@dataclass(frozen=True)
class InitiativePanel:
    """A block that a room to the right hangs on the page of an initiative; the page asks for it once it stands.

    context(initiative, request) returns what the template reads, or None to stay away.
    """

    slug: str
    title: str
    template: str
    context: Callable[[Any, Any], dict[str, Any] | None]
    order: int = 100

    @property
    def name(self) -> str:
        """Return the name that it is registered under."""
        return self.slug


@dataclass(frozen=True)
class InitiativeListener:
    """A room that hears of each change of an initiative, in the transaction that makes it.

    heard(initiative, before, actor) is called with the row as it is now and the columns that changed as they were
    (`before`, empty for a new one). An error takes the whole change back.
    """

    name: str
    heard: Callable[[Any, dict[str, Any], Any], None]
    order: int = 100
