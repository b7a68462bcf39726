"""Bringing stored values up to date: claimed by UPDATE, computed once, stored with what they restate.

The numbers are those that `ask` gives, for the last 13 months. Pages show what is stored; whoever finds it old asks for
newer ones. A worker may die at any line: its claim runs out, and the next one computes again.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from redis.exceptions import RedisError

from insights.events.public import data_version
from insights.metrics.contracts import Point
from insights.metrics.definitions import MONTHS_STORED, first_day, questions_for
from insights.metrics.models import MetricSeries, MetricValue, MetricVersion, Restatement
from insights.metrics.reading import read_points
from insights.metrics.restating import say_causes
from insights.metrics.summaries import summarise
from insights.questions.public import (
    DEFINITION_VERSION,
    ask,
    holds_until,
    is_answer_current,
    parse_question,
    question_key,
)
from insights.questions.stored import needs_no_look, retry_at
from portal.operations.public import enqueue_on_commit
from portal.people.public import SYSTEM
from portal.shell.public import PortalError

log = logging.getLogger(__name__)

State = MetricSeries.State
CALLER = "insights.metrics.values"
_CLAIM_HOLDS = timedelta(seconds=4 * settings.QUESTION_TIME_LIMIT_S + 60)
_CHECK_EVERY_S = 5
_OWN_FAULT = "The portal met an error of its own while computing this. Ops can find it in the worker's log."


def asked_questions(version: MetricVersion, now: datetime, months: int = MONTHS_STORED) -> list[Any]:
    """Return the parsed questions whose answers hold the version's stored range, or one of so many months."""
    definition = version.definition
    today = local_day(version, now)
    values = questions_for(definition, first_day(definition, today, months), today)
    return [parse_question(value, now=now, default_zone=settings.WORKSPACE_TIME_ZONE) for value in values]


def compute_history(version: MetricVersion, now: datetime, *, months: int) -> list[Point]:
    """Return a version's values of so many months as its question answers them now; for a worker, nothing is stored."""
    answers = [ask(question, user=SYSTEM, caller=CALLER) for question in asked_questions(version, now, months)]
    return read_points(version.definition, answers, local_day(version, now))


def local_day(version: MetricVersion, now: datetime) -> date:
    """Return the day that it is in the question's time zone."""
    return now.astimezone(ZoneInfo(version.question.get("timezone") or settings.WORKSPACE_TIME_ZONE)).date()


def looks_current(series: MetricSeries | None, store_version: int, now: datetime) -> bool:
    """Say whether stored values need no closer look: good, of this version of the store, not at their bound of time."""
    is_good = series is not None and series.state == State.OK
    return is_good and needs_no_look(series.store_version, series.holds_until, store_version, now)


def may_try_again(series: MetricSeries, now: datetime) -> bool:
    """Say whether values may be asked for: those that failed only once their wait is over."""
    if series.state != State.FAILED or series.failed_at is None:
        return True
    return now >= retry_at(series.failed_at, series.n_failures)


def ensure_series(version: MetricVersion) -> MetricSeries:
    """Return the version's row of stored values, making it if it is missing."""
    return MetricSeries.objects.get_or_create(version=version)[0]


def is_still_right(series: MetricSeries, now: datetime) -> bool:
    """Say whether the stored values would come out the same now, and if so note up to which version and time."""
    if series.store_version is None or series.state != State.OK:
        return False
    newest = data_version()  # before the check: a change that comes during it is found by the next one
    try:
        questions = asked_questions(series.version, now)
        is_right = _key_of(questions) == series.asked_key
        is_right = is_right and all(is_answer_current(question, series.store_version) for question in questions)
    except PortalError:
        return False
    if is_right:
        series.store_version, series.holds_until = newest, _holds_until(questions, now)
        mine = MetricSeries.objects.filter(pk=series.pk, computed_at=series.computed_at, state=State.OK)
        mine.update(store_version=newest, holds_until=series.holds_until)
    return is_right


def _key_of(questions: list[Any]) -> str:
    keys = "+".join(question_key(question) for question in questions)
    return hashlib.sha256(keys.encode()).hexdigest()


def _holds_until(questions: list[Any], now: datetime) -> datetime | None:
    bounds = [bound for question in questions if (bound := holds_until(question, now))]
    return min(bounds, default=None)


@transaction.atomic
def request_values(versions: Iterable[MetricVersion], now: datetime) -> int:
    """Have a worker compute versions' values; return how many were not asked for already."""
    return sum(_request(ensure_series(version), now) for version in versions)


@transaction.atomic
def _request(series: MetricSeries, now: datetime) -> bool:
    """Have a worker compute values, unless that was asked for, or done since the row was read; say whether it was."""
    is_asked = Q(state__in=[State.WAITING, State.RUNNING], requested_at__gt=now - _CLAIM_HOLDS)
    as_read = MetricSeries.objects.filter(pk=series.pk, computed_at=series.computed_at, failed_at=series.failed_at)
    if not as_read.exclude(is_asked).update(state=State.WAITING, requested_at=now):
        return False
    enqueue_on_commit("metrics.refresh_series", series_id=series.pk)
    return True


def watch_values(versions: Iterable[MetricVersion]) -> int:
    """Have a worker look closely at the values of versions that a page found old; once in a few seconds for each."""
    n = 0
    for version in versions:
        try:
            if not cache.add(f"metrics:check:{version.pk}", 1, _CHECK_EVERY_S):
                continue
        except (RedisError, OSError):
            continue  # without the broker's server nobody would look; the next page view asks again
        with transaction.atomic():
            enqueue_on_commit("metrics.check_values", version_id=version.pk)
        n += 1
    return n


def check_values(version_id: int, clock: Callable[[], datetime] = timezone.now) -> None:
    """Look closely at a version's values, and compute them if they are missing or old."""
    version = MetricVersion.objects.filter(pk=version_id).first()
    if version is not None:
        series = ensure_series(version)
        if not is_still_right(series, clock()):
            _request(series, clock())


def refresh_series(series_id: int, clock: Callable[[], datetime] = timezone.now) -> MetricSeries | None:
    """Compute and store values that wait; None when another worker has them or nobody waits for them.

    When the question fails, the reason is stored and the last good values stay.
    """
    now = clock()
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, claimed_at__lte=now - _CLAIM_HOLDS)
    if not MetricSeries.objects.filter(free, pk=series_id).update(state=State.RUNNING, claimed_at=now):
        return None
    series = MetricSeries.objects.select_related("version__metric").get(pk=series_id)
    try:
        _compute(series, now, clock)
    except PortalError as error:
        _fail(series, _sentence(error), now, clock())
    except Exception:  # the outermost loop of a job: one metric must not stop the others
        log.exception("metrics: values of version %s failed", series.version_id)
        _fail(series, _OWN_FAULT, now, clock())
    series.refresh_from_db()
    return series


def _fail(series: MetricSeries, sentence: str, claimed_at: datetime, at: datetime) -> None:
    mine = MetricSeries.objects.filter(pk=series.pk, state=State.RUNNING, claimed_at=claimed_at)
    mine.update(state=State.FAILED, failure=sentence, failed_at=at, n_failures=F("n_failures") + 1)


def _sentence(error: PortalError) -> str:
    faults = [f"{path}: {' '.join(said)}" for path, said in error.fields.items()]
    return " ".join([error.message, *faults[:3]])[:1000]


def _compute(series: MetricSeries, now: datetime, clock: Callable[[], datetime]) -> None:
    newest, started = data_version(), time.perf_counter()
    version = series.version
    questions = asked_questions(version, now)
    answers = [ask(question, user=SYSTEM, caller=CALLER) for question in questions]
    points = read_points(version.definition, answers, local_day(version, now))
    facts = answers[-1]["facts"]
    with transaction.atomic():
        mine = MetricSeries.objects.select_for_update().filter(pk=series.pk, state=State.RUNNING, claimed_at=now)
        if not mine.exists():
            return  # the claim ran out, and somebody else has stored newer values
        at = clock()
        _store(series, points, questions, facts, at)
        mine.update(
            state=State.OK,
            computed_at=at,
            holds_until=_holds_until(questions, now),
            data_until=facts.get("data_until"),
            store_version=newest,
            asked_key=_key_of(questions),
            definition_version=DEFINITION_VERSION,
            duration_ms=round((time.perf_counter() - started) * 1000),
            facts=facts,
            summary=summarise(version, _all_points(version)),
            explained={},
            failure="",
            failed_at=None,
            n_failures=0,
        )
        if version.state == MetricVersion.State.CURRENT:
            enqueue_on_commit("metrics.explain_change", series_id=series.pk)


def _all_points(version: MetricVersion) -> list[Point]:
    rows = version.values.order_by("starts_on")
    return [Point(row.starts_on, row.value, row.n_success, row.n_total, row.is_partial) for row in rows]


def _store(
    series: MetricSeries, points: list[Point], questions: list[Any], facts: dict[str, Any], at: datetime
) -> None:
    """Write the points, and a restatement for each period that was over and comes out differently."""
    version = series.version
    old = {row.starts_on: row for row in version.values.all()}
    changed = {point.starts_on for point in points if (row := old.get(point.starts_on)) and _is_restated(row, point)}
    why = ""
    if changed:
        causes = [
            say_causes(one, facts["sources"], series.store_version, series.definition_version) for one in questions
        ]
        why = "; ".join(dict.fromkeys(causes))[:500]
        rows = [
            Restatement(version=version, starts_on=point.starts_on, before=old[point.starts_on].value,
                        after=point.value, found_at=at, why=why)
            for point in points if point.starts_on in changed
        ]  # fmt: skip
        Restatement.objects.bulk_create(rows)
    values = [
        MetricValue(version=version, starts_on=point.starts_on, value=point.value, n_success=point.n_success,
                    n_total=point.n_total, is_partial=point.is_partial, computed_at=at)
        for point in points
    ]  # fmt: skip
    for row in values:
        _mark(row, old.get(row.starts_on), at if row.starts_on in changed else None, why)
    MetricValue.objects.bulk_create(
        values, update_conflicts=True, unique_fields=["version", "starts_on"], update_fields=_UPDATED
    )


_MARKS = ("first_value", "restated_at", "restated_why")
_UPDATED = ["value", "n_success", "n_total", "is_partial", "computed_at", *_MARKS]


def _mark(row: MetricValue, old: MetricValue | None, restated_at: datetime | None, why: str) -> None:
    """Keep beside a value what was said first when its period was over, and why it is another one now."""
    if old is None:
        return
    for name in _MARKS:
        setattr(row, name, getattr(old, name))
    if restated_at is not None:
        if old.restated_at is None:
            row.first_value = old.value
        row.restated_at, row.restated_why = restated_at, why


def _is_restated(row: MetricValue, point: Point) -> bool:
    """Say whether a period that was over now says something else; equal to the last digits is the same."""
    if row.is_partial:
        return False
    if row.value is None or point.value is None:
        return row.value is not point.value
    return abs(row.value - point.value) > 1e-9 * max(1.0, abs(row.value))


def bring_up_to_date(version: MetricVersion, now: datetime) -> None:
    """Compute a version's values here and now if they are not right any more: for work in the background."""
    refresh_versions([version], now)


def refresh_versions(
    versions: Iterable[MetricVersion],
    now: datetime,
    *,
    progress: Callable[[int, int, str], None] = lambda done, total, note: None,
    problem: Callable[[str], None] = lambda sentence: None,
) -> tuple[int, int, int]:
    """Compute the values that are not right any more; return how many were computed, unchanged, and failed."""
    n_computed = n_same = n_failed = 0
    todo = list(versions)
    for number, version in enumerate(todo, start=1):
        series = ensure_series(version)
        if is_still_right(series, now):
            n_same += 1
        else:
            request = MetricSeries.objects.filter(pk=series.pk).exclude(
                state=State.RUNNING, claimed_at__gt=now - _CLAIM_HOLDS
            )
            request.update(state=State.WAITING, requested_at=now)
            done = refresh_series(series.pk, lambda: now)
            if done is None:  # a page asked at the same moment: its worker computes it
                n_same += 1
            elif done.state == State.FAILED:
                n_failed += 1
                problem(f"“{version.metric}”: {done.failure}")
            else:
                n_computed += 1
        progress(number, len(todo), f"{n_computed} computed, {n_same} unchanged, {n_failed} failed")
    return n_computed, n_same, n_failed
