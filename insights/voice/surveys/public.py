"""What other rooms may use of surveys."""

from insights.voice.surveys.access import get_survey
from insights.voice.surveys.contracts import SCALES, Group, Response, Scale, Scored
from insights.voice.surveys.models import Answer, Survey
from insights.voice.surveys.results import Results, read_results, score_of_lists
from insights.voice.surveys.scoring import say_interval, say_score

__all__ = [
    "SCALES",
    "Answer",
    "Group",
    "Response",
    "Results",
    "Scale",
    "Scored",
    "Survey",
    "get_survey",
    "read_results",
    "say_interval",
    "say_score",
    "score_of_lists",
]
