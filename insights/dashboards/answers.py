"""Stored answers: which are due, who computes them, and what is kept when that fails.

A page shows what is stored. Whoever finds an answer old asks for a new one; the asking and the computing are claimed
by UPDATE, so an answer is computed once however many tiles, pages, workers or nights want it.
"""

import logging
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from insights.dashboards.contracts import Scope
from insights.dashboards.metric_tiles import is_metric, metric_answers, metric_question, watch_metrics
from insights.dashboards.models import Dashboard, Tile, TileAnswer
from insights.dashboards.scope import answer_key, scoped_question
from insights.events.public import data_version
from insights.questions.public import ask, holds_until, is_answer_current, parse_question, pin_insights, question_key
from insights.questions.stored import needs_no_look, retry_at
from portal.people.public import SYSTEM
from portal.shell.public import PortalError

log = logging.getLogger(__name__)

State = TileAnswer.State
_CALLER = "insights.dashboards.tile"
# A worker that has not come back by then is gone: a question ends at its time limit, and is tried twice at most.
_CLAIM_HOLDS = timedelta(seconds=2 * settings.QUESTION_TIME_LIMIT_S + 60)
MOST_OF_READERS = 240  # answers a dashboard keeps of its readers' own scopes: twenty scopes of a dozen tiles
_KEEP_UNUSED = timedelta(days=30)
_NOTE_USE_EVERY = timedelta(days=1)
_OWN_FAULT = "An error of the portal's own stopped this question. The worker's log has the details."


def tile_questions(tiles: Iterable[Tile], scope: Scope, now: datetime) -> dict[int, dict[str, Any]]:
    """Return the question that each tile but the texts asks under a scope, in full, by the tile's id."""
    # The workspace's day, whoever looks: else two readers would ask two questions.
    today = timezone.localdate(now, ZoneInfo(settings.WORKSPACE_TIME_ZONE))
    asked = {
        tile.pk: metric_question(tile, scope)
        if tile.kind == Tile.Kind.METRIC
        else scoped_question(
            tile.asks or {}, scope, product=tile.about, keeps_own_dates=tile.keeps_own_dates, today=today
        )
        for tile in tiles
        if tile.kind != Tile.Kind.TEXT
    }
    # Saved insights are written out: once one is changed, this is another question, with an answer of its own.
    return dict(zip(asked, pin_insights(list(asked.values())), strict=True))


def own_scope(dashboard: Dashboard) -> Scope:
    """Return the scope that a dashboard has when nobody changes it in the address."""
    return Scope(dashboard.date_from, dashboard.date_to, tuple(dashboard.filters))


def stored_answers(questions: Iterable[dict[str, Any]]) -> dict[str, TileAnswer]:
    """Return the stored answers to questions, by key; one query, and three more where metrics are among them."""
    questions = list(questions)
    keys = {answer_key(question) for question in questions if not is_metric(question)}
    found = {answer.key: answer for answer in TileAnswer.objects.filter(key__in=keys)} if keys else {}
    return found | metric_answers([question for question in questions if is_metric(question)])


def ensure_answers(
    questions: Iterable[dict[str, Any]], now: datetime, *, made_for: Dashboard | None = None
) -> list[TileAnswer]:
    """Return a row for each different question, making those that are missing, and note that they are in use.

    `made_for` is the dashboard on which a reader chose dates or filters of their own; only so many such answers are
    kept for it. Without it the questions are a dashboard's own, and their answers stay. Values of metrics are another
    room's: a worker is asked to look at them.
    """
    questions = list(questions)
    watch_metrics(questions)
    by_key = {answer_key(question): question for question in questions if not is_metric(question)}
    if not by_key:
        return []
    rows = [TileAnswer(key=key, question=question, used_at=now, made_for=made_for) for key, question in by_key.items()]
    TileAnswer.objects.bulk_create(rows, ignore_conflicts=True)
    found = TileAnswer.objects.filter(key__in=by_key)
    if made_for is None:
        found.filter(made_for__isnull=False).update(made_for=None)
        found.filter(used_at__lt=now - _NOTE_USE_EVERY).update(used_at=now)
    else:  # to the moment: what was looked at longest ago goes first
        found.filter(used_at__lt=now).update(used_at=now)
        _forget_oldest(made_for, by_key)
    return list(found.order_by("pk"))


def _forget_oldest(dashboard: Dashboard, in_use: Iterable[str]) -> None:
    """Remove the answers of readers' own dates and filters that are too many; one that is being computed stays."""
    made = TileAnswer.objects.filter(made_for=dashboard)
    kept = made.order_by("-used_at", "-pk").values("pk")[:MOST_OF_READERS]
    made.exclude(pk__in=kept).exclude(key__in=in_use).exclude(state=State.RUNNING).delete()


def looks_current(answer: TileAnswer | None, version: int, now: datetime) -> bool:
    """Say whether an answer needs no closer look: good, of this version, and not yet at its bound of time."""
    is_good = answer is not None and answer.state == State.OK
    return is_good and needs_no_look(answer.version, answer.holds_until, version, now)


def may_try_again(answer: TileAnswer, now: datetime) -> bool:
    """Say whether an answer may be asked for: one that failed only once its wait is over."""
    if answer.state != State.FAILED or answer.failed_at is None:
        return True
    return now >= retry_at(answer.failed_at, answer.n_failures)


def is_still_right(answer: TileAnswer, now: datetime, *, is_dry: bool = False) -> bool:
    """Say whether a stored answer would come out the same now, and if so note up to which version and time.

    Exact: range and buckets that are over are the same (`question_key`), and no event, trait or person that it rests on
    changed since its version. A dry look notes nothing.
    """
    if answer.answer is None or answer.version is None or answer.state != State.OK:
        return False
    # Read before the check: a change that comes during it is found by the next one.
    version = data_version()
    try:
        question = parse_question(answer.question, now=now, default_zone=settings.WORKSPACE_TIME_ZONE)
        is_right = question_key(question) == answer.asked_key and is_answer_current(question, answer.version)
    except PortalError:
        return False
    if is_right and not is_dry:
        until = holds_until(question, now)
        mine = TileAnswer.objects.filter(pk=answer.pk, computed_at=answer.computed_at, state=State.OK)
        mine.update(version=version, holds_until=until)
        answer.version, answer.holds_until = version, until
    return is_right


def request_refresh(answers: Iterable[TileAnswer], now: datetime) -> list[int]:
    """Mark answers as waiting for a worker; return the ids of those that were not asked for already.

    One that a worker has brought up to date since its row was read is not asked for either.
    """
    asked = []
    for answer in answers:
        is_asked = Q(state__in=[State.WAITING, State.RUNNING], requested_at__gt=now - _CLAIM_HOLDS)
        as_read = TileAnswer.objects.filter(pk=answer.pk, computed_at=answer.computed_at, failed_at=answer.failed_at)
        if as_read.exclude(is_asked).update(state=State.WAITING, requested_at=now):
            asked.append(answer.pk)
    return asked


def refresh_answer(answer_id: int, clock=timezone.now) -> TileAnswer | None:
    """Compute one waiting answer and store it; None when another worker has it or nobody waits for it.

    When the question fails, the reason is stored and the last good answer stays.
    """
    now = clock()
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, claimed_at__lte=now - _CLAIM_HOLDS)
    claim = TileAnswer.objects.filter(free, pk=answer_id)
    if not claim.update(state=State.RUNNING, claimed_at=now):
        return None
    answer = TileAnswer.objects.get(pk=answer_id)
    mine = TileAnswer.objects.filter(pk=answer_id, state=State.RUNNING, claimed_at=now)
    try:
        fields = _compute(answer.question, now, clock)
    except PortalError as error:
        fields = _failed(_sentence(error), clock())
    except Exception:  # the outermost loop of a job: one tile must not stop the others
        log.exception("dashboards: answer %s failed", answer.pk)
        fields = _failed(_OWN_FAULT, clock())
    mine.update(**fields)
    answer.refresh_from_db()
    return answer


def _compute(value: dict[str, Any], now: datetime, clock) -> dict[str, Any]:
    version = data_version()
    question = parse_question(value, now=now, default_zone=settings.WORKSPACE_TIME_ZONE)
    started = time.perf_counter()
    answer = ask(question, user=SYSTEM, caller=_CALLER)
    return {
        "state": State.OK,
        "answer": answer,
        "asked_key": answer["facts"]["key"],
        "version": version,
        "computed_at": clock(),
        "holds_until": holds_until(question, now),
        "data_until": answer["facts"].get("data_until"),
        "duration_ms": round((time.perf_counter() - started) * 1000),
        "failure": "",
        "failed_at": None,
        "n_failures": 0,
    }


def _failed(sentence: str, at: datetime) -> dict[str, Any]:
    return {"state": State.FAILED, "failure": sentence, "failed_at": at, "n_failures": F("n_failures") + 1}


def _sentence(error: PortalError) -> str:
    faults = [f"{path}: {' '.join(said)}" for path, said in error.fields.items()]
    return " ".join([error.message, *faults[:3]])[:1000]


def forget_unused(now: datetime) -> int:
    """Remove answers that no page and no night has used for a month; return how many."""
    return TileAnswer.objects.filter(used_at__lt=now - _KEEP_UNUSED).delete()[0]
