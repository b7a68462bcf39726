"""What happened to the data since an answer was given: why the same question has another answer now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from insights.events.public import StoreChange, list_changes, open_snapshot
from insights.questions.access import list_sources
from insights.questions.asking import open_run
from insights.questions.contracts import Question
from insights.questions.currency import time_span, uses_traits
from insights.questions.late import closed_until_of, count_since
from insights.questions.members import find_cohorts
from insights.questions.models import EarlierAnswer
from insights.questions.parsing import parse_question


@dataclass(frozen=True)
class Restatement:
    """`n_late` events of buckets that were over came after the answer; `changes` of its times, oldest first.

    `version` is the store's version up to which this holds.
    """

    version: int
    n_late: int
    changes: tuple[StoreChange, ...]


def find_restatement(
    question: Question, facts: dict[str, Any], *, user: Any, caller: str, limit: int = 200
) -> Restatement:
    """Return what changed since an answer with these facts; `question` asks about the same days.

    Parameters: facts — of the answer: its `data_version` and `computed_at`.
    """
    sources = list_sources(question, user)
    ids, answered_at = [source.pk for source in sources], datetime.fromisoformat(facts["computed_at"])
    then = parse_question(question.to_json(), now=answered_at, default_zone=settings.WORKSPACE_TIME_ZONE)
    with open_snapshot(ids, caller=caller) as snapshot:
        run = open_run(question, sources, snapshot, find_cohorts(question, user))
        earlier = EarlierAnswer(
            data_version=facts["data_version"], closed_until=closed_until_of(then, run), computed_at=answered_at
        )
        n_late = count_since(question, run, ids, earlier)
        version = snapshot.version
    span = time_span(question)
    changes = list_changes(ids, facts["data_version"], *span, uses_traits=uses_traits(question), limit=limit)
    return Restatement(version, n_late, tuple(changes))
