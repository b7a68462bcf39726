"""Words of dashboards that cross the room's wall; no Django."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Scope:
    """What a dashboard lays over every tile's question: dates and filters, as in a question; "" = each tile's own."""

    date_from: str = ""
    date_to: str = ""
    filters: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Freshness:
    """What a tile says about its age.

    state: fresh, stale (a newer answer is on its way), pending (no answer yet), failed (the last try failed).
    """

    state: str
    sentence: str
    computed_at: Any = None
    data_until: Any = None
    failure: str = ""
    has_answer: bool = False


@dataclass(frozen=True)
class Refreshed:
    """What a refresh of many answers did: counts of answers, and one sentence for each that failed."""

    n_due: int = 0
    n_computed: int = 0
    n_skipped: int = 0
    n_failed: int = 0
    problems: tuple[str, ...] = field(default_factory=tuple)
