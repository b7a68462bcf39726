"""How far features are used, as a value: a feature is a named group of events; knows no database."""

from dataclasses import dataclass
from typing import Any, ClassVar

from insights.questions.contracts import EventSpec, Question

WORD_DAYS = 64  # days of which one mask tells


@dataclass(frozen=True)
class Feature:
    """A feature of a product: whoever did one of its events used it; core ones make the adoption of the score."""

    name: str
    events: tuple[EventSpec, ...]
    is_core: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the canonical JSON value."""
        return {"name": self.name, "events": [spec.to_json() for spec in self.events], "core": self.is_core}


@dataclass(frozen=True, kw_only=True)
class AdoptionQuestion(Question):
    """Who uses which features, how much, how soon, and whether they stay."""

    kind: ClassVar[str] = "adoption"
    has_breakdown: ClassVar[bool] = False
    features: tuple[Feature, ...]
    interval: str = "week"

    def own_json(self) -> dict[str, Any]:
        """Return features and interval."""
        return {"features": [feature.to_json() for feature in self.features], "interval": self.interval}

    def event_specs(self) -> tuple[EventSpec, ...]:
        """Return the events of the features, and any event: whatever happens is activity."""
        return (*(spec for feature in self.features for spec in feature.events), EventSpec(None))
