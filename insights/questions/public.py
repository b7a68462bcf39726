"""What other rooms may use of questions."""

from insights.questions.contracts import (
    DEFINITION_VERSION,
    Behind,
    Breakdown,
    EventSpec,
    Filter,
    FilterGroup,
    FunnelQuestion,
    LifecycleQuestion,
    PeoplePage,
    Question,
    RetentionQuestion,
    StickinessQuestion,
    TrendQuestion,
    TrendSeries,
)
from insights.questions.keys import describe_question, question_key
from insights.questions.kinds import KINDS as QUESTION_KINDS
from insights.questions.parsing import parse_question

__all__ = [
    "DEFINITION_VERSION",
    "QUESTION_KINDS",
    "Behind",
    "Breakdown",
    "EventSpec",
    "Filter",
    "FilterGroup",
    "FunnelQuestion",
    "LifecycleQuestion",
    "PeoplePage",
    "Question",
    "RetentionQuestion",
    "StickinessQuestion",
    "TrendQuestion",
    "TrendSeries",
    "describe_question",
    "parse_question",
    "question_key",
]
