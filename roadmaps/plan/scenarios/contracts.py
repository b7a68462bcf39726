"""What a plan is made of and what comes of it, as values; no Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

MOST_ITEMS = 300
MOST_MONTHS = 100_000.0
MOST_STRETCHES = 12


@dataclass(frozen=True)
class Stretch:
    """Some days, both included, with the person-months that there are in them."""

    starts_on: date
    ends_on: date
    months: float

    @property
    def n_days(self) -> int:
        """Return how many days it has."""
        return (self.ends_on - self.starts_on).days + 1


@dataclass(frozen=True)
class Work:
    """One initiative of a plan: its number, effort in person-months, value, goal, and days that were said of it.

    value — what it is worth by itself; None: not scored. effort — None: nobody said. ends_on — as planned. p85 — the
    day by which its forecast has 85 % chance.
    """

    key: int
    effort: float | None = None
    value: float | None = None
    goal: int | None = None
    ends_on: date | None = None
    promised_on: date | None = None
    p85: date | None = None


@dataclass(frozen=True)
class Slot:
    """Where a plan has room for an initiative: its place, the effort of all down to it, and the days of its work.

    begins, ends — None where it does not fit, or nobody said an effort or a capacity.
    """

    work: Work
    place: int
    effort_so_far: float
    fits: bool
    begins: date | None = None
    ends: date | None = None

    @property
    def out_on(self) -> date | None:
        """Return the later of the day that the capacity allows and the planned end; None where neither is known."""
        return max((one for one in (self.ends, self.work.ends_on) if one), default=None) if self.fits else None

    @property
    def breaks(self) -> bool:
        """Say whether a promise would be broken: it does not fit, or is out too late."""
        promised = self.work.promised_on
        if promised is None:
            return False
        return not self.fits or (self.out_on is not None and self.out_on > promised)

    @property
    def is_early(self) -> bool:
        """Say whether it is planned to end before the day that its forecast calls safe."""
        return bool(self.fits and self.out_on and self.work.p85 and self.out_on < self.work.p85)


@dataclass(frozen=True)
class Plan:
    """A plan whole: every slot by the initiative's number, in order; capacity is None where none was said."""

    slots: Mapping[int, Slot]
    capacity: float | None

    @property
    def fitting(self) -> list[Slot]:
        """Return the slots of what fits."""
        return [one for one in self.slots.values() if one.fits]

    @property
    def value(self) -> float:
        """Return what those that fit are worth together."""
        return sum(one.work.value for one in self.fitting if one.work.value is not None)

    @property
    def n_fit(self) -> int:
        """Return how many fit."""
        return len(self.fitting)

    @property
    def n_unscored(self) -> int:
        """Return how many of those that fit nobody scored: they add nothing to the value."""
        return sum(1 for one in self.fitting if one.work.value is None)

    @property
    def n_without_effort(self) -> int:
        """Return of how many nobody said the effort: they take nothing of the capacity."""
        return sum(1 for one in self.slots.values() if one.work.effort is None)

    @property
    def effort_in(self) -> float:
        """Return the effort of those that fit."""
        return sum(one.work.effort or 0.0 for one in self.fitting)

    @property
    def broken(self) -> list[Slot]:
        """Return the slots whose promise would be broken."""
        return [one for one in self.slots.values() if one.breaks]

    @property
    def over_on(self) -> date | None:
        """Return the last day of the work that fits."""
        return max((one.ends for one in self.fitting if one.ends), default=None)

    def served(self) -> dict[int, int]:
        """Return how many initiatives that fit serve each goal."""
        found: dict[int, int] = {}
        for one in self.fitting:
            if one.work.goal is not None:
                found[one.work.goal] = found.get(one.work.goal, 0) + 1
        return found


@dataclass(frozen=True)
class GoalShift:
    """A goal and how many that fit serve it in either plan."""

    goal: int
    n_before: int
    n_after: int

    @property
    def kind(self) -> str:
        """Return "lost" (everything), "won" (first served), "unserved" by both, "less", "more" or "same"."""
        if not self.n_after:
            return "lost" if self.n_before else "unserved"
        if not self.n_before:
            return "won"
        return "same" if self.n_before == self.n_after else "less" if self.n_after < self.n_before else "more"


@dataclass(frozen=True)
class Comparison:
    """Two plans beside each other: what comes in and falls out, promises, and goals; numbers are of initiatives."""

    before: Plan
    after: Plan
    goals: Sequence[GoalShift]
    comes_in: Sequence[int]
    falls_out: Sequence[int]
    broken_before: frozenset[int]
    broken_after: frozenset[int]

    @property
    def value_apart(self) -> float:
        """Return by how much the second is worth more."""
        return self.after.value - self.before.value
