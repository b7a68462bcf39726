"""The values of alerts: points of a series, conditions, bands, verdicts. No Django."""

from dataclasses import dataclass, field, replace
from typing import Any

# How many buckets make one season, shortest first; those without a season have none.
SEASONS: dict[str, tuple[int, ...]] = {"hour": (24, 168), "day": (7,), "week": (), "month": ()}
# The least history, in buckets, before a series can be unlike its own past.
LEAST_HISTORY = {"hour": 21 * 24, "day": 28, "week": 16}
# How many buckets of its past a series is compared with, at most.
MOST_HISTORY = {"hour": 42 * 24, "day": 126, "week": 78, "month": 36}
# How far back "the same weekday of last week" (or the same hour of it) lies; None where there is none.
WEEK_BACK = {"hour": 168, "day": 7}


@dataclass(frozen=True)
class Point:
    """One bucket of a series.

    value: None where the measure has none. is_partial: the bucket is not over. is_complete: False when what feeds it is
    provably not all there. is_off: a day off, which nothing is compared with. is_breach: it was found to be unlike
    its past before, so that the level of the days after it does not follow it. n_total: of how many a rate is a share.
    """

    label: str
    value: float | None
    is_partial: bool = False
    is_complete: bool = True
    is_off: bool = False
    is_breach: bool = False
    n_total: int | None = None

    @property
    def is_usable(self) -> bool:
        """Say whether others may be compared with it."""
        return self.value is not None and not self.is_partial and self.is_complete and not self.is_off

    def breached(self) -> "Point":
        """Return the same point, marked as unlike its past."""
        return replace(self, is_breach=True)


@dataclass(frozen=True)
class Condition:
    """When a value is worth telling.

    kind "threshold": `side` "above" or "below" `value`. kind "change": by more than `percent` per cent to `side` ("up",
    "down", "either") against `against` ("previous" bucket, "week": the same weekday of last week), and by `least` at
    least. kind "unlike": outside of what its own past leads one to expect, to `side`, with `sense` "calm", "normal",
    "keen". kind "late": a source has no new data `grace_min` minutes after its promise.
    """

    kind: str
    side: str = "either"
    value: float = 0.0
    percent: float = 0.0
    against: str = "previous"
    least: float = 0.0
    sense: str = "normal"
    grace_min: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return what this kind of condition says."""
        keys = {
            "threshold": ("side", "value"),
            "change": ("side", "percent", "against", "least"),
            "unlike": ("side", "sense"),
            "late": ("grace_min",),
        }[self.kind]
        return {"kind": self.kind, **{key: getattr(self, key) for key in keys}}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Condition":
        """Return the condition kept as JSON."""
        return cls(**value)


@dataclass(frozen=True)
class Band:
    """What a bucket was expected to be: between `low` and `high`, most likely `expected`; in the series' own unit."""

    expected: float
    low: float
    high: float


@dataclass(frozen=True)
class Verdict:
    """What a look at one bucket found.

    state: "ok", "breach", "waiting" (far off, but one bucket more must say so too), "skipped" (with the reason why it
    was not looked at). side: "up" or "down" of a breach. reference: what it was compared with, for conditions without
    a band.
    """

    label: str
    state: str
    value: float | None = None
    side: str = ""
    band: Band | None = None
    reference: float | None = None
    reason: str = ""

    @property
    def is_breach(self) -> bool:
        """Say whether it is worth telling."""
        return self.state == "breach"


@dataclass(frozen=True)
class Replay:
    """What an alert would have done over a stretch of the past: a verdict a bucket, and the occurrences.

    occurrences: runs of breaches, as (first label, last label, side); one run tells people once.
    """

    verdicts: tuple[Verdict, ...]
    occurrences: tuple[tuple[str, str, str], ...]
    n_skipped: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
