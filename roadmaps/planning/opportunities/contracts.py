"""What crosses the walls of opportunities: kinds of evidence, demand, panels of the page; no Django."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from insights.voice.findings.contracts import EvidenceKind

NICE, IMPORTANT, CRITICAL = 1, 2, 3
FEEDBACK, FINDING, THEME = "feedback", "finding", "theme"


@dataclass(frozen=True)
class ProofKind(EvidenceKind):
    """A kind of evidence that opportunities rest on beside those of findings: a finding itself, a theme, feedback."""


@dataclass(frozen=True)
class OpportunityPanel:
    """A block that a room to the right hangs on the page of an opportunity; the page asks for it once it stands.

    context(opportunity, request) returns what the template reads, or None to stay away.
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
class Demand:
    """Who asks for an opportunity: pieces of feedback and conversations, different people, different accounts.

    An account counts once, whoever and however often it asked, at the highest weight that anybody gave it:
    n_nice + n_important + n_critical = n_accounts.
    """

    n_pieces: int = 0
    n_people: int = 0
    n_accounts: int = 0
    n_critical: int = 0
    n_important: int = 0
    n_nice: int = 0
    last_said_on: date | None = None


@dataclass(frozen=True)
class DemandSegment:
    """The accounts of one segment that ask: how many of them, of how many there are, and what they pay."""

    name: str
    n_accounts: int
    n_known: int
    revenue: float | None = None


@dataclass(frozen=True)
class DemandStory:
    """Demand in full: revenue is the sum over the n_with_revenue accounts of which it is known, in `unit`.

    segments: by the trait or list that accounts are grouped by, named in `grouped_by`; they add up to n_accounts.
    """

    demand: Demand
    revenue: float | None = None
    n_with_revenue: int = 0
    unit: str = ""
    grouped_by: str = ""
    segments: tuple[DemandSegment, ...] = ()
