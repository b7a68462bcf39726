"""What goes with coming back, or with converting, as a value; knows no database."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from insights.questions.contracts import EventSpec, Question


@dataclass(frozen=True, kw_only=True)
class GoesWithQuestion(Question):
    """Which events of the first days, counted from each one's first `target` event, go with doing `returning` later.

    Days are 24 hours. Later is from the end of the first `days` on, before `until` days are over.
    """

    kind: ClassVar[str] = "goes_with"
    has_breakdown: ClassVar[bool] = False
    target: EventSpec
    returning: EventSpec
    days: int = 7
    until: int = 28

    @property
    def settling(self) -> timedelta:
        """Return how long after their first event people are followed."""
        return timedelta(days=self.until)

    def own_json(self) -> dict[str, Any]:
        """Return both specs and the days."""
        return {
            "target": self.target.to_json(),
            "returning": self.returning.to_json(),
            "days": self.days,
            "until": self.until,
        }

    def event_specs(self) -> tuple[EventSpec, ...]:
        """Return target and later event, and any event: whatever happens in the first days is looked at."""
        return (self.target, self.returning, EventSpec(None))
