"""What was measured after a release: effects with intervals, and how good a team's bets were; knows no Django."""

from dataclasses import dataclass, field
from datetime import date

DAYS = (30, 90)  # after the release, at which bets are measured


@dataclass(frozen=True)
class Observed:
    """One period of a number: its first and last local day, and its value (a rate is 0 to 1)."""

    starts_on: date
    ends_on: date
    value: float


@dataclass(frozen=True)
class Expected:
    """What a period was and, after the release, would have been without it: the middle and a 95 % interval."""

    starts_on: date
    actual: float
    middle: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Effect:
    """How much a number differs from what it would have been, in its own unit (a rate in points of 0 to 1).

    low, high — the 95 % interval of `value`. actual, expected — means over what was compared: periods after the
    release, or units that adopted and their matches. share — value ÷ expected, None for rates and where that is 0.
    reaches — the chance that the effect is at least the small end of the bet, 0 to 1. why_none — why nothing can be
    said, "" where something can.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    actual: float | None = None
    expected: float | None = None
    reaches: float | None = None
    why_none: str = ""
    path: tuple[Expected, ...] = ()
    facts: dict[str, float | int | str] = field(default_factory=dict)

    @property
    def share(self) -> float | None:
        """Return the effect as a share of what was expected."""
        return self.value / self.expected if self.value is not None and self.expected else None

    @property
    def is_clear(self) -> bool:
        """Say whether the interval does not hold zero."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True)
class Unit:
    """What one person or account did: times in each stretch, and whether it adopted what was released.

    earlier — in the weeks that matching looks at; busy — everything that it did in those weeks; before — in the weeks
    just before the release; after — in the stretch that is measured. Counts of what the metric counts, but `busy`.
    """

    no: int
    is_adopter: bool
    earlier: float
    busy: float
    before: float
    after: float


@dataclass(frozen=True)
class Judged:
    """A bet whose outcome is known: how sure its team was, what it expected (low to high), what was measured.

    All are amounts in the direction of the bet, so that more is better.
    """

    confidence: float
    low: float
    high: float
    measured: float

    @property
    def paid_off(self) -> bool:
        """Say whether the measured effect reached the small end of what was expected."""
        return self.measured >= self.low

    @property
    def is_within(self) -> bool:
        """Say whether it fell in the interval."""
        return self.low <= self.measured <= self.high


@dataclass(frozen=True)
class Calibration:
    """How good some bets were, together.

    n — judged bets; n_paid_off, n_within — of these. sure — mean confidence. brier — mean squared distance of
    confidence and outcome, 0 best, 0.25 for always saying 50 %. reached — sum of measured effects, each as a share of
    the middle of its interval, ÷ n: 1 is no bias, 0.6 says that effects come out at 60 % of what was expected.
    suggested — the confidence to begin the next bet with; None with fewer than 5.
    """

    n: int
    n_paid_off: int = 0
    n_within: int = 0
    sure: float | None = None
    brier: float | None = None
    reached: float | None = None
    suggested: float | None = None
