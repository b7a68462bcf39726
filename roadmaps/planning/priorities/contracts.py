"""What the pages of priorities show, as values; no Django."""

from dataclasses import dataclass

MOST_CAPACITY = 100_000.0
MOST_FIRST = 10


@dataclass(frozen=True)
class Place:
    """Where an initiative stands: its rank among those that the reader sees, and the effort of all down to it.

    `is_in` says whether it fits the capacity with all before it; None where no capacity was said.
    """

    rank: int
    effort_so_far: float
    is_in: bool | None


@dataclass(frozen=True)
class Ranked:
    """One scored initiative of an order: its number, score with ends, and effort in person-months."""

    key: int
    value: float
    least: float
    most: float
    effort: float | None


@dataclass(frozen=True)
class Order:
    """An order whole: every place, how many have no score, and what fits the capacity."""

    places: dict[int, Place]
    ranked: tuple[Ranked, ...]
    n_without: int
    capacity: float | None = None

    @property
    def n_in(self) -> int:
        """Return how many fit the capacity."""
        return sum(1 for one in self.places.values() if one.is_in)

    @property
    def n_top(self) -> int:
        """Return how many are "the first": those that fit the capacity, else ten; at most half of all."""
        return max(1, min(self.n_in or MOST_FIRST, 50, len(self.ranked) // 2))

    @property
    def effort_in(self) -> float:
        """Return the effort of those that fit."""
        return max((one.effort_so_far for one in self.places.values() if one.is_in), default=0.0)

    @property
    def n_without_effort(self) -> int:
        """Return of how many nobody said the effort: they take nothing of the capacity."""
        return sum(1 for one in self.ranked if one.effort is None)


@dataclass(frozen=True)
class Bubble:
    """One initiative on the chart: its place in the drawing, and what it is made of."""

    key: int
    title: str
    url: str
    x: float
    y: float
    left: float
    top: float
    radius: float
    rank: int
    version: int
    may_move: bool
    said_x: str
    said_y: str


@dataclass(frozen=True)
class Axis:
    """One axis of the chart: which input, from where to where, its ticks as (place in the drawing, words)."""

    key: str
    label: str
    least: float
    most: float
    ticks: tuple[tuple[float, str], ...]
    steps: tuple[float, ...] = ()


@dataclass(frozen=True)
class Differing:
    """An initiative in two orders."""

    key: int
    rank_a: int
    rank_b: int

    @property
    def apart(self) -> int:
        """Return how many places lie between."""
        return self.rank_b - self.rank_a

    @property
    def said(self) -> str:
        """Return where the second model puts it against the first, in words."""
        if not self.apart:
            return "same"
        return f"{abs(self.apart)} {'lower' if self.apart > 0 else 'higher'}"


@dataclass(frozen=True)
class MoveShown:
    """What moved, in words, because of what, and to which place; None where it left the order."""

    title: str
    url: str
    text: str
    because: tuple[str, ...]
    rank: int | None = None
