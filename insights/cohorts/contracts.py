"""What a rule is made of, as values; knows no database."""

from dataclasses import dataclass
from typing import Any

from insights.questions.contracts import Question, TrendQuestion


@dataclass(frozen=True)
class Did:
    """Who did (or did not do) something at least so many times in a time, or ever."""

    question: TrendQuestion
    at_least: int
    did: bool
    last_days: int | None
    between: tuple[str, str] | None

    def to_json(self) -> dict[str, Any]:
        """Return the canonical JSON value."""
        spec = self.question.series[0]
        found: dict[str, Any] = {
            "did": self.did,
            "event": spec.event,
            "filters": [item.to_json() for item in spec.filters],
            "at_least": self.at_least,
        }
        if self.last_days is not None:
            found["last_days"] = self.last_days
        if self.between is not None:
            found["date_from"], found["date_to"] = self.between
        return found


@dataclass(frozen=True)
class Fits:
    """Who fits a condition on traits, or is in another cohort: the one filter of a question."""

    question: Question

    def to_json(self) -> dict[str, Any]:
        """Return the canonical JSON value."""
        return self.question.filters[0].to_json()


@dataclass(frozen=True)
class Group:
    """Conditions of which any or all hold, or (`not`) one that does not."""

    mode: str
    items: tuple["Condition", ...]

    def to_json(self) -> dict[str, Any]:
        """Return the canonical JSON value."""
        values = [item.to_json() for item in self.items]
        return {self.mode: values[0] if self.mode == "not" else values}


Condition = Did | Fits | Group


@dataclass(frozen=True)
class Rule:
    """Who belongs to a cohort; `base` is a question about everybody in its products."""

    base: Question
    root: Condition

    def to_json(self) -> dict[str, Any]:
        """Return the canonical JSON value."""
        return self.root.to_json()


@dataclass(frozen=True)
class Number:
    """A number of an answer, behind which the members are."""

    question: Question
    cell: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return the canonical JSON value."""
        return {"question": self.question.to_json(), "cell": self.cell}
