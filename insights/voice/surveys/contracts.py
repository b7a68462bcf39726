"""What a survey's score is: its scale, which answers count how, and what a number of answers comes to; no Django."""

from dataclasses import dataclass
from datetime import date

NPS, CSAT, CES, FREE = "nps", "csat", "ces", "free"


@dataclass(frozen=True)
class Scale:
    """A formula with its scale: which answers are positive and which negative, and how it is said.

    `formula` and `margin` are sentences for the screen. `one` is the unit of a single answer.
    """

    kind: str
    name: str
    low: int
    high: int
    positive: tuple[int, ...]
    negative: tuple[int, ...]
    unit: str
    formula: str
    margin: str
    question: str
    low_label: str
    high_label: str

    @property
    def answers(self) -> range:
        """Return all answers that the scale has."""
        return range(self.low, self.high + 1)

    def points(self, score: int) -> float:
        """Return what one answer adds: the mean of these over all answers is the score.

        >>> [SCALES["nps"].points(score) for score in (10, 7, 3)], SCALES["csat"].points(4), SCALES["ces"].points(6)
        ([100.0, 0.0, -100.0], 100.0, 6.0)
        """
        if self.kind == CES:
            return float(score)
        if score in self.positive:
            return 100.0
        return -100.0 if self.kind == NPS and score in self.negative else 0.0


SCALES = {
    NPS: Scale(
        NPS,
        "NPS",
        0,
        10,
        (9, 10),
        tuple(range(7)),
        "points",
        "Share of answers 9 and 10 less share of answers 0 to 6, from \u2212100 to 100.",
        "± 1.96 · 100 · √((p + d \u2212 (p \u2212 d)²) ÷ n), with p the share of 9 and 10, d that of 0 to 6",
        "How likely are you to recommend {product} to a colleague?",
        "Not at all likely",
        "Very likely",
    ),
    CSAT: Scale(
        CSAT,
        "CSAT",
        1,
        5,
        (4, 5),
        (1, 2),
        "%",
        "Share of answers 4 and 5 of 5.",
        "95 % interval by Wilson",
        "How satisfied are you with {product}?",
        "Very dissatisfied",
        "Very satisfied",
    ),
    CES: Scale(
        CES,
        "CES 2.0",
        1,
        7,
        (5, 6, 7),
        (1, 2, 3),
        "of 7",
        "Mean of the answers from 1 to 7; beside it the share of 5 to 7.",
        "± 1.96 · standard deviation ÷ √n; of the share the 95 % interval by Wilson",
        "“{product} made it easy for me to do what I wanted.” How far do you agree?",
        "Strongly disagree",
        "Strongly agree",
    ),
}
FREE_QUESTION = "What would make {product} better for you?"


@dataclass(frozen=True)
class Scored:
    """What a number of answers comes to.

    value, low, high — the score with its 95 % interval in the scale's unit; None with `reason` "too_few" under five
    answers. share, share_low, share_high — of positive answers, 0 to 1. n — answers that count; n_none — those that
    were no answer, left out.
    """

    n: int
    n_positive: int = 0
    n_neutral: int = 0
    n_negative: int = 0
    n_none: int = 0
    value: float | None = None
    low: float | None = None
    high: float | None = None
    share: float | None = None
    share_low: float | None = None
    share_high: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Group:
    """The score of a segment or of a period, by its name; a period names its first day and may not be over."""

    label: str
    scored: Scored
    starts_on: date | None = None
    is_partial: bool = False


@dataclass(frozen=True)
class Response:
    """How many were asked and how many answered; the rate has its Wilson interval, None of fewer than five."""

    n_asked: int
    n_answered: int
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    n_others: int = 0  # who answered without being asked here: by the API or an import


@dataclass(frozen=True)
class Standing:
    """For whom an answer was given, as their account stood then."""

    plan: str = ""
    segment: str = ""
