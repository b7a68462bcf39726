"""The results of a survey, counted from its answers: the score, by segment, over time, and how many answered."""

import datetime as dt
import zoneinfo
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, TextField, Value
from django.db.models.functions import Trunc

from insights.questions.public import step_day
from insights.voice.surveys.contracts import Group, Response, Scored
from insights.voice.surveys.models import Answer, Invitation, Survey
from insights.voice.surveys.scoring import rate_response, score_answers

DIMENSIONS = {"segment": "Segment", "plan": "Plan", "via": "How it was answered"}
INTERVALS = {"week": "Week", "month": "Month", "quarter": "Quarter"}
NONE = "(none)"
_VIA = dict(Answer.Via.choices)


@dataclass(frozen=True)
class Results:
    """What a survey came to. `counts` are answers by score; `groups` by a dimension, the largest first; `periods`.

    n_words — answers with words; n_unknown — scores of nobody known, which no metric holds; n_beside — answers that do
    not count, since their person answered more than once.
    """

    scored: Scored | None
    counts: dict[int, int]
    groups: tuple[Group, ...]
    periods: tuple[Group, ...]
    response: Response
    n_answers: int
    n_words: int
    n_unknown: int
    n_beside: int
    by: str
    interval: str


def read_results(survey: Survey, *, now: dt.datetime, by: str = "segment", interval: str = "month") -> Results:
    """Return the results of a survey, in three statements however many answers there are."""
    zone = zoneinfo.ZoneInfo(settings.WORKSPACE_TIME_ZONE)
    rows = _rows(survey, by, interval, zone)
    overall, n_none = _tally(rows)
    totals = Answer.objects.filter(survey=survey).aggregate(
        n=Count("pk", filter=Q(is_counted=True)),
        words=Count("pk", filter=Q(is_counted=True, feedback__isnull=False)),
        unknown=Count("pk", filter=Q(is_counted=True, person=None, score__isnull=False)),
        beside=Count("pk", filter=Q(is_counted=False)),
    )
    asked = Invitation.objects.filter(survey=survey).aggregate(n=Count("pk"), answered=Count("answered_at"))
    others = max(0, totals["n"] - asked["answered"])
    today = now.astimezone(zone).date()
    has_score = survey.scale is not None
    return Results(
        scored=score_answers(survey.kind, overall, n_none) if has_score else None,
        counts={score: overall.get(score, 0) for score in survey.scale.answers} if survey.scale else {},
        groups=tuple(_groups(survey, rows)) if has_score else (),
        periods=tuple(_periods(survey, rows, interval, today, zone)) if has_score else (),
        response=rate_response(asked["n"], asked["answered"], others),
        n_answers=totals["n"],
        n_words=totals["words"],
        n_unknown=totals["unknown"],
        n_beside=totals["beside"],
        by=by,
        interval=interval,
    )


@dataclass(frozen=True)
class _Row:
    period: dt.datetime
    dimension: str
    score: int | None
    n: int


def _rows(survey: Survey, by: str, interval: str, zone: Any) -> list[_Row]:
    """Return how many answers there are of each score, by period and by a dimension, as one statement counts them."""
    found = Answer.objects.filter(survey=survey, is_counted=True).order_by()
    dimension = by if by in DIMENSIONS else Value("", output_field=TextField())
    named = found.values_list(Trunc("answered_at", interval, tzinfo=zone), dimension, "score")
    return [_Row(*row) for row in named.annotate(n=Count("pk"))]


def _tally(rows: Iterable[_Row]) -> tuple[Counter[int], int]:
    counts, n_none = Counter[int](), 0
    for row in rows:
        if row.score is None:
            n_none += row.n
        else:
            counts[row.score] += row.n
    return counts, n_none


def _groups(survey: Survey, rows: list[_Row]) -> list[Group]:
    by_name: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        by_name[_VIA.get(row.dimension, row.dimension) or NONE].append(row)
    found = [Group(name, score_answers(survey.kind, *_tally(those))) for name, those in by_name.items()]
    return sorted(found, key=lambda group: (-group.scored.n, group.label))


def _periods(survey: Survey, rows: list[_Row], interval: str, today: dt.date, zone: Any) -> list[Group]:
    by_day: dict[dt.date, list[_Row]] = defaultdict(list)
    for row in rows:
        by_day[row.period.astimezone(zone).date()].append(row)
    if not by_day:
        return []
    found, day = [], min(by_day)
    while day <= max(by_day):
        scored = score_answers(survey.kind, *_tally(by_day.get(day, [])))
        after = step_day(day, interval)
        found.append(Group(day.isoformat(), scored, day, day <= today < after))
        day = after
    return found


def score_of_lists(surveys: Iterable[Survey]) -> dict[int, Scored]:
    """Return the score of each of several surveys, in one statement."""
    kinds = {survey.pk: survey.kind for survey in surveys if survey.scale is not None}
    rows = Answer.objects.filter(survey__in=kinds, is_counted=True).order_by().values_list("survey", "score")
    counts: dict[int, Counter[int]] = {pk: Counter() for pk in kinds}
    n_none: Counter[int] = Counter()
    for pk, score, n in rows.annotate(n=Count("pk")):
        if score is None:
            n_none[pk] += n
        else:
            counts[pk][score] += n
    return {pk: score_answers(kind, counts[pk], n_none[pk]) for pk, kind in kinds.items()}
