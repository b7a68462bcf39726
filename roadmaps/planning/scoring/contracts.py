"""What a scoring model is made of and what a score says, as values; no Django."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from roadmaps.planning.scoring.formats import say_number

LABELS = {"measured": "measured", "estimated": "estimated", "guessed": "guessed"}
# How sure a score may be of itself, by its weakest input (definitions: Priorities).
CAPS = {"measured": 1.0, "estimated": 0.8, "guessed": 0.5}
STALE_AFTER_DAYS = 90
MOVED_BY = 0.20
_NO_LIMIT = 1e12


@dataclass(frozen=True)
class Rung:
    """One step of a scale, and what it says: the rubric."""

    value: float
    says: str

    @property
    def number(self) -> str:
        """Return its value for reading."""
        return say_number(self.value)


@dataclass(frozen=True)
class Input:
    """One thing that a model asks about an initiative.

    `least` and `most` are what may be given; with `rungs` only their values. `role` is "confidence" (capped by the
    labels of the others; `full` is what stands for 100 %), "effort" (the initiative's own, in person-months) or "".
    `weight` is its share in a weighted model, 0 to 1.
    """

    key: str
    label: str
    unit: str = ""
    helps: str = ""
    least: float = 0.0
    most: float = _NO_LIMIT
    rungs: tuple[Rung, ...] = ()
    role: str = ""
    full: float = 1.0
    weight: float | None = None

    @property
    def takes_range(self) -> bool:
        """Say whether low and high may be given beside the likely value: of all but confidence."""
        return self.role != "confidence"

    @property
    def bounds(self) -> str:
        """Return in words what may be given where there are no steps."""
        words = f"{say_number(self.least)} or more"
        return f"{words}, at most {say_number(self.most)}" if self.most < _NO_LIMIT else words


@dataclass(frozen=True)
class Definition:
    """What a version of a model asks and how it makes a score of it; `unit` is the score's, for its help.

    `counts_unblocked`: an initiative's score holds the scores of those that wait for it, each once.
    """

    kind: str
    inputs: tuple[Input, ...]
    formula: str
    unit: str = ""
    counts_unblocked: bool = False

    @property
    def is_label(self) -> bool:
        """Say whether it sorts into labels and makes no number."""
        return self.kind == "moscow"

    def find(self, key: str) -> Input | None:
        """Return one of its inputs."""
        return next((one for one in self.inputs if one.key == key), None)


@dataclass(frozen=True)
class Given:
    """What was said of one input: a likely value, its range where one was given, and how it is known.

    `agreed` is the value that somebody last looked at; a measured one may have moved since. `bound` names what it is
    measured by, as "cohort:12"; `by` is who gave it.
    """

    likely: float
    low: float | None = None
    high: float | None = None
    label: str = "guessed"
    source: str = ""
    on: date | None = None
    bound: str = ""
    agreed: float | None = None
    by: int | None = None

    @property
    def is_range(self) -> bool:
        """Say whether it may be more than one value."""
        return self.low is not None and self.high is not None and self.low < self.high

    @property
    def ends(self) -> tuple[float, float]:
        """Return the ends of its range; twice its value where none was given."""
        return (
            self.likely if self.low is None else self.low,
            self.likely if self.high is None else self.high,
        )

    @property
    def moved(self) -> float | None:
        """Return by which share a measured value moved since somebody looked at it; None where nobody can say."""
        if not self.bound or self.agreed is None:
            return None
        if self.agreed == 0:
            return None if self.likely == 0 else 1.0
        return (self.likely - self.agreed) / abs(self.agreed)

    @property
    def has_moved(self) -> bool:
        """Say whether it moved by more than is left alone."""
        moved = self.moved
        return moved is not None and abs(moved) > MOVED_BY + 1e-12

    def is_old(self, today: date) -> bool:
        """Say whether it was said too long ago to be relied upon."""
        return self.on is not None and (today - self.on).days > STALE_AFTER_DAYS


@dataclass(frozen=True)
class Sheet:
    """All that was said of one initiative under one model: by input key; `needs` are the ids of what waits for it."""

    key: int
    given: dict[str, Given]
    unblocks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Worked:
    """A score, worked out: at the likely values, and from and to, when every range goes against or for it.

    `value` is None where an input is missing or something is divided by 0; `cap` is how much confidence its labels
    allow, `is_capped` whether that made it less than was said.
    """

    value: float | None
    least: float | None
    most: float | None
    weakest: str
    cap: float
    is_capped: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What a number of this portal is now, the day that it is of, and what it is called."""

    value: float
    on: date
    title: str


@dataclass(frozen=True)
class Measure:
    """A kind of number of this portal that an input can be bound to; rooms register theirs.

    offers(user, initiative) are pairs (number of the thing or None, title). read(pairs of (initiative id, thing id))
    returns a Reading for each pair, or a sentence on why there is none. may_bind(readers, thing id) says whether all
    who can read the initiative may know the number: `readers` stands for them as a user.
    """

    name: str
    label: str
    offers: Callable[[Any, Any], list[tuple[int | None, str]]]
    read: Callable[[Sequence[tuple[int, int | None]]], dict[tuple[int, int | None], "Reading | str"]]
    may_bind: Callable[[Any, int | None], bool]
    order: int = 100
