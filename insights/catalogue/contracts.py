"""What the catalogue tells other rooms: event names and properties with counts and types; no Django."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class EventNameInfo:
    """An event name for a picker: n_events counts all time in the sources asked for."""

    name: str
    n_events: int
    last_seen_at: datetime | None
    status: str = "expected"
    description: str = ""


@dataclass(frozen=True, slots=True)
class PropertyInfo:
    """A property for a picker: of is event, person or account; types are sorted by how many values have them."""

    name: str
    of: str
    n_values: int
    types: tuple[str, ...]
    is_personal: bool = False
    description: str = ""
    examples: tuple[str, ...] = ()

    @property
    def is_numeric(self) -> bool:
        """Say whether sums and averages make sense: some values are numbers."""
        return "number" in self.types
