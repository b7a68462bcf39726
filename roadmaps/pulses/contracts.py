"""The values of an alignment pulse: answers without names, and what groups of at least five say; knows no Django."""

from dataclasses import dataclass

LEAST = 5  # people: of fewer no number is shown, and none can be worked out
BEST = 5  # of a rating; the worst is 1
RATINGS = {"vision": "We share one vision", "execution": "Execution runs smoothly"}


@dataclass(frozen=True)
class Given:
    """One answer: the function of who gave it, and nothing else of them.

    ranks — one for each goal in their order, 1 for what matters most, None for a goal that was not ranked; empty where
    somebody ranked none. vision, execution — 1 (not at all) to 5 (fully), None for “cannot say”.
    """

    function: str
    ranks: tuple[int | None, ...] = ()
    vision: int | None = None
    execution: int | None = None


@dataclass(frozen=True)
class Parting:
    """Which functions may be shown, which only together, and which are in no number, each by name."""

    shown: list[str]
    small: list[str]
    left_out: list[str]


@dataclass(frozen=True)
class Ranked:
    """How a group ranks the goals: w — Kendall's W, 0 to 1; None where all rank all alike. means — mean rank by goal.

    chance — the W that so many people have on average who rank by lot.
    """

    n: int
    w: float | None
    chance: float
    means: list[float]


@dataclass(frozen=True)
class Rated:
    """How a group rates a statement, 1 to 5: sd — standard deviation of its answers; counts — of 1, 2, 3, 4, 5."""

    n: int
    mean: float
    sd: float
    counts: list[int]


@dataclass(frozen=True)
class Gap:
    """How far functions are apart about one thing: share — the distance of the two farthest, 1 as far as can be.

    about — "goal" with its place from 0, or a rating's name. chance — how often so large a distance comes by lot alone,
    0 to 1. Without two functions: high and low are empty, and share is the spread inside (standard deviation ÷ the
    largest that there is).
    """

    about: str
    place: int
    share: float
    high: str = ""
    low: str = ""
    high_mean: float | None = None
    low_mean: float | None = None
    chance: float | None = None
