"""The values of forecasts of work: when so many items will be done, and how many until when; knows no Django."""

from dataclasses import dataclass
from datetime import date

PERCENTS = (50, 85, 95)


@dataclass(frozen=True)
class Answer:
    """When n items will be done, in weeks of 1, 2, …; and how many are done in so many weeks.

    chances — of being done by the end of week 1, 2, …, each 0 to 1, up to the week in which it is certain or nobody
    looks further. weeks — by percent, the first week that reaches it; None: later than is looked ahead. done_in — by
    percent, how many items are done by the end of week 1, 2, … with at least that chance. why_none — why nothing can
    be said, "" where it can.
    """

    n_items: int = 0
    n_weeks: int = 0
    chances: tuple[float, ...] = ()
    weeks: dict[int, int | None] | None = None
    done_in: dict[int, tuple[int, ...]] | None = None
    why_none: str = ""


@dataclass(frozen=True)
class Dates:
    """When a thing will be done, by chance; None: not within what is looked ahead. why_none as in `Answer`."""

    made_on: date
    p50: date | None = None
    p85: date | None = None
    p95: date | None = None
    n_left: int = 0
    n_done: int = 0
    n_ahead: int = 0
    why_none: str = ""

    @property
    def n_all(self) -> int:
        """Return how many items the thing has: its scope."""
        return self.n_left + self.n_done


@dataclass(frozen=True)
class Coverage:
    """Of so many forecasts whose date is known by now, how many actual dates fell on or before each percentile."""

    n: int
    hits: dict[int, int]

    def share(self, percent: int) -> float | None:
        """Return the share of hits, 0 to 1; None where there is nothing to judge by."""
        return self.hits[percent] / self.n if self.n else None
