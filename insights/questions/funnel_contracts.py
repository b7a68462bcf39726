"""A funnel as a value: its steps, those that are optional, and what ends an attempt; knows no database.

Steps are counted from 1 as the answer shows them. A step that is not optional is *required*: the attempts of a funnel
are those of its required steps, which have numbers of their own.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from insights.questions.contracts import EventSpec, Question, Window

TWO_WEEKS = Window(14, "day")


@dataclass(frozen=True)
class Step(EventSpec):
    """A step; an optional one is reported and never blocks."""

    is_optional: bool = False

    @property
    def takes_any(self) -> bool:
        """Say whether whatever happens is such an event."""
        return self.event is None and not self.filters

    def to_json(self) -> dict[str, Any]:
        """Return the canonical JSON value."""
        return {**super().to_json(), "optional": True} if self.is_optional else super().to_json()


@dataclass(frozen=True)
class Exclusion(EventSpec):
    """An event that ends an attempt which has reached step `after` and not yet step `before`, both counted from 1."""

    after: int = 1
    before: int = 2

    def to_json(self) -> dict[str, Any]:
        """Return the canonical JSON value."""
        return {**super().to_json(), "after": self.after, "before": self.before}


def in_order_shown(steps: tuple[Step, ...], order: str) -> tuple[Step, ...]:
    """Return the steps as an answer shows them: in any order the optional ones come last."""
    return tuple(sorted(steps, key=lambda step: step.is_optional)) if order == "any" else steps


@dataclass(frozen=True, kw_only=True)
class FunnelQuestion(Question):
    """Who gets from step to step."""

    kind: ClassVar[str] = "funnel"
    steps: tuple[Step, ...]
    order: str = "ordered"
    window: Window = TWO_WEEKS
    exclusions: tuple[Exclusion, ...] = ()
    attribution: str | int = "first"
    view: str = "steps"
    interval: str | None = None  # of the view `trend` alone

    @property
    def settling(self) -> timedelta:
        """Return the window where buckets are asked: who began in one may still convert."""
        return timedelta(microseconds=self.window.microseconds if self.view == "trend" else 0)

    @property
    def shown(self) -> tuple[Step, ...]:
        """Return the steps as the answer shows them."""
        return in_order_shown(self.steps, self.order)

    @property
    def required(self) -> tuple[Step, ...]:
        """Return the steps of which attempts are made."""
        return tuple(step for step in self.steps if not step.is_optional)

    @property
    def optional(self) -> tuple[Step, ...]:
        """Return the steps that are only reported."""
        return tuple(step for step in self.steps if step.is_optional)

    def n_required(self, number: int) -> int:
        """Return how many of the first so many steps that are shown are required."""
        return sum(not step.is_optional for step in self.shown[:number])

    @property
    def barred(self) -> list[tuple[int, int]]:
        """Return between which required steps, by their own numbers, each exclusion ends an attempt."""
        return [(self.n_required(item.after), self.n_required(item.before)) for item in self.exclusions]

    def own_json(self) -> dict[str, Any]:
        """Return the steps and the options."""
        found = {
            "steps": [step.to_json() for step in self.steps],
            "order": self.order,
            "window": self.window.to_json(),
            "exclusions": [item.to_json() for item in self.exclusions],
            "attribution": self.attribution,
            "view": self.view,
        }
        return {**found, "interval": self.interval} if self.interval else found

    def event_specs(self) -> tuple[EventSpec, ...]:
        """Return the required steps, what ends an attempt, and the optional steps."""
        return (*self.required, *self.exclusions, *self.optional)
