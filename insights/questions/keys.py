"""A question's name in caches."""

import hashlib
import json
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from insights.questions.calendar import cut
from insights.questions.contracts import DEFINITION_VERSION, Question, TrendQuestion
from insights.questions.members import CohortInUse, current_cohorts


def question_key(question: Question, cohorts: Sequence[CohortInUse] | None = None) -> str:
    """Return a stable key: equal for questions whose answers over the same data are equal.

    The relative range is resolved, and how many buckets are over is part of it, so a key lives for a bucket at most.
    So are the cohorts that it names, with their members: `cohorts` as they were found for it, else as they are now; and
    the versions of the saved insights whose numbers it takes.
    """
    value = question.to_json()
    del value["date_from"], value["date_to"]
    value["period"] = [question.period.start.isoformat(), question.period.end.isoformat()]
    value["n_over"] = n_buckets_over(question)
    value["definitions"] = DEFINITION_VERSION
    used = current_cohorts(question) if cohorts is None else cohorts
    if used:
        value["cohorts"] = sorted([cohort.name, cohort.key] for cohort in used)
    if isinstance(question, TrendQuestion) and question.insights:
        value["insights"] = sorted([one.number, one.version] for one in question.insights.values())
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def n_buckets_over(question: Question) -> int:
    """Return how many buckets of the range were over at the question's `now`; 0 where no answer depends on that."""
    interval = getattr(question, "interval", None)
    if interval is None:
        if not question.settling:
            return 0
        interval = "day"  # of whom it can be told by now is told by whole days
    buckets = cut(question.period, interval, ZoneInfo(question.timezone))
    return buckets.partial(question.now - question.settling).count(False)
