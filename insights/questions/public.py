"""What other rooms may use of questions."""

from insights.questions.access import check_question, reads_personal
from insights.questions.asking import ask, find_answer
from insights.questions.behind import Behind, Everybody, PeoplePage
from insights.questions.calendar import floor_day, step_day
from insights.questions.causes import Cause, list_causes
from insights.questions.clock import holds_until
from insights.questions.contracts import (
    DEFINITION_VERSION,
    Breakdown,
    EventSpec,
    Filter,
    FilterGroup,
    LifecycleQuestion,
    PathsQuestion,
    Question,
    RetentionQuestion,
    StickinessQuestion,
    TrendQuestion,
    TrendSeries,
)
from insights.questions.currency import is_answer_current, time_span, uses_traits
from insights.questions.describing import describe_in_pieces
from insights.questions.finding import Finder, open_finder
from insights.questions.funnel_contracts import FunnelQuestion
from insights.questions.keys import question_key
from insights.questions.kinds import KINDS as QUESTION_KINDS
from insights.questions.members import CohortInUse, CohortProvider, find_named_cohorts, named_cohorts
from insights.questions.mentions import asks_about, how_mentioned, mention_of_cohort, mention_of_insight
from insights.questions.parsing import parse_question
from insights.questions.people import list_people, take_people
from insights.questions.rates import MIN_N, rate_of, wilson_interval
from insights.questions.restated import Restatement, find_restatement
from insights.questions.saved import (
    InsightProvider,
    SavedInsight,
    can_be_series,
    named_insights,
    pin_insights,
    require_insights,
)
from insights.questions.words import say_question, title_question

__all__ = [
    "DEFINITION_VERSION",
    "MIN_N",
    "QUESTION_KINDS",
    "Behind",
    "Breakdown",
    "Cause",
    "CohortInUse",
    "CohortProvider",
    "EventSpec",
    "Everybody",
    "Filter",
    "FilterGroup",
    "Finder",
    "FunnelQuestion",
    "InsightProvider",
    "LifecycleQuestion",
    "PathsQuestion",
    "PeoplePage",
    "Question",
    "Restatement",
    "RetentionQuestion",
    "SavedInsight",
    "StickinessQuestion",
    "TrendQuestion",
    "TrendSeries",
    "ask",
    "asks_about",
    "can_be_series",
    "check_question",
    "describe_in_pieces",
    "find_answer",
    "find_named_cohorts",
    "find_restatement",
    "floor_day",
    "holds_until",
    "how_mentioned",
    "is_answer_current",
    "list_causes",
    "list_people",
    "mention_of_cohort",
    "mention_of_insight",
    "named_cohorts",
    "named_insights",
    "open_finder",
    "parse_question",
    "pin_insights",
    "question_key",
    "rate_of",
    "reads_personal",
    "require_insights",
    "say_question",
    "step_day",
    "take_people",
    "time_span",
    "title_question",
    "uses_traits",
    "wilson_interval",
]
