"""Where an answer comes from: what was read, left out, quarantined and late, and how to get it again."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.db.models import Count, Q
from django.urls import reverse

from insights.events.public import QuarantinedRow, Source
from insights.questions.contracts import DEFINITION_VERSION, Question, TrendQuestion
from insights.questions.keys import question_key
from insights.questions.late import count_late
from insights.questions.members import CohortInUse
from insights.questions.running import Run
from insights.questions.sql import Statement
from insights.questions.words import say_question

_REASONS = {
    "no_account": "events without an account, and whose person has none",
    "not_a_number": "events whose value is not a number",
    "no_value": "events without the value",
}


def build_facts(question: Question, run: Run, sources: list[Source], *, took_s: float) -> dict[str, Any]:
    """Return the facts of an answer; times are ISO in UTC, counts are rows."""
    value = question.to_json()
    if question.unit == "account":
        run.left_out["no_account"] += _count_without_account(question, run)
    n_quarantined, n_without_time = _count_quarantined(run, sources)
    data_until = run.snapshot.data_until
    return {
        "definition_version": DEFINITION_VERSION,
        "question": value,
        "in_words": say_question(value),
        "key": question_key(question, run.cohorts),
        "range": {
            "from": question.period.start.isoformat(),
            "to": (question.period.end - timedelta(microseconds=1)).isoformat(),
            "timezone": question.timezone,
        },
        "sources": [source.slug for source in sources],
        "cohorts": [_say_cohort(cohort) for cohort in run.cohorts],
        "insights": _say_insights(question),
        "data_until": data_until and _utc(data_until).isoformat(),
        "data_version": run.snapshot.version,
        "computed_at": question.now.astimezone(UTC).isoformat(),
        "took_s": round(took_s, 3),
        "rows_scanned": run.n_scanned,
        "left_out": [
            {"reason": reason, "why": _REASONS[reason], "count": count}
            for reason, count in sorted(run.left_out.items())
            if count
        ],
        "unknown_events": _unknown(question, run),
        "quarantined": n_quarantined,
        "quarantined_without_time": n_without_time,
        "late_events": count_late(question, run, sources),
        "sql": run.sql,
        "link": _link(value),
    }


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _say_cohort(cohort: CohortInUse) -> dict[str, Any]:
    """Return which members of a cohort the answer rests on: how many, and when they were counted."""
    as_of = cohort.as_of and _utc(cohort.as_of).isoformat()
    return {"name": cohort.name, "title": cohort.title, "unit": cohort.unit, "size": cohort.size, "as_of": as_of}


def _say_insights(question: Question) -> list[dict[str, Any]]:
    """Return which series were taken from which saved insight, as it was then."""
    taken = question.insights if isinstance(question, TrendQuestion) else {}
    return [
        {"series": place, "insight": one.number, "title": one.title, "version": one.version, "link": one.url}
        for place, one in taken.items()
    ]


def _unknown(question: Question, run: Run) -> list[str]:
    """Return the event names that no source has ever sent, most often a slip of the pen."""
    names = {spec.event for spec in question.event_specs() if spec.event is not None}
    return sorted(names - set(run.scope.codes))


def _count_quarantined(run: Run, sources: list[Source]) -> tuple[int, int]:
    """Return how many quarantined rows lie in the range, and how many have no readable time."""
    rows = QuarantinedRow.objects.filter(source__in=sources, state=QuarantinedRow.State.OPEN)
    since, until = _utc(run.buckets.since), _utc(run.buckets.until)
    in_range = Q(event_time__gte=since, event_time__lt=until)
    found = rows.aggregate(n=Count("pk", filter=in_range), n_without=Count("pk", filter=Q(event_time=None)))
    return found["n"], found["n_without"]


def _count_without_account(question: Question, run: Run) -> int:
    """Count the events of the range that fit a spec but belong to no account."""
    statement = Statement()
    rows = run.event_rows(statement)
    account = rows.account()
    fits = " or ".join(f"({' and '.join(rows.matches(spec) or ['true'])})" for spec in question.event_specs())
    where = [f"({fits})", *rows.between(run.buckets.since, run.buckets.until), *rows.holds(question.filters)]
    final = rows.select({"n": "count(*)"}, [*where, f"{account} is null"])
    ((count,),) = run.execute(statement, final, run.buckets.since, run.buckets.until)
    return count


def _link(value: dict[str, Any]) -> str:
    """Return the address of the page that shows this question."""
    return f"{reverse('explore:explore')}?q={quote(json.dumps(value, separators=(',', ':')))}"
