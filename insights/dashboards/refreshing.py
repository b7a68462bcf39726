"""Bringing answers up to date: for a page that somebody looks at, by hand, by command and in the night."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from redis.exceptions import RedisError

from insights.dashboards.answers import (
    data_version,
    ensure_answers,
    is_still_right,
    looks_current,
    may_try_again,
    own_scope,
    refresh_answer,
    request_refresh,
    stored_answers,
    tile_questions,
)
from insights.dashboards.contracts import Refreshed, Scope
from insights.dashboards.metric_tiles import metric_answers, renew_metrics
from insights.dashboards.models import Dashboard, Tile, TileAnswer
from insights.dashboards.scope import answer_key
from portal.operations.public import enqueue_on_commit
from portal.people.public import require

__all__ = [
    "ask_for_old",
    "bring_up_to_date",
    "check_dashboard",
    "refresh_answer",
    "refresh_now",
    "refresh_tiles",
    "watch_dashboard",
]

_CHECK_EVERY_S = 5


def watch_dashboard(dashboard: Dashboard, scope: Scope) -> bool:
    """Have a worker look closely at a dashboard's answers; at most once in a few seconds for equal scopes."""
    key = answer_key({"dashboard": dashboard.pk, "from": scope.date_from, "to": scope.date_to, "f": scope.filters})
    try:
        if not cache.add(f"dashboards:check:{key}", 1, _CHECK_EVERY_S):
            return False
    except (RedisError, OSError):
        return False  # without the broker's server nobody would look; the next page view asks again
    with transaction.atomic():
        enqueue_on_commit(
            "dashboards.check_dashboard",
            dashboard_id=dashboard.pk,
            date_from=scope.date_from,
            date_to=scope.date_to,
            filters=list(scope.filters),
        )
    return True


def check_dashboard(dashboard_id: int, date_from: str, date_to: str, filters: list) -> int:
    """Ask for every answer of a dashboard that is missing or old; return how many."""
    dashboard = Dashboard.objects.select_related("product").filter(pk=dashboard_id).first()
    if dashboard is None:
        return 0
    now = timezone.now()
    scope = Scope(date_from, date_to, tuple(filters))
    questions = tile_questions(dashboard.tiles.live().with_questions(), scope, now)
    return ask_for_old(questions.values(), now, made_for=_reader_of(dashboard, scope))


def ask_for_old(questions: Iterable[dict], now: datetime, *, made_for: Dashboard | None = None) -> int:
    """Ask for the answer of every question that is missing or old; return how many."""
    answers = ensure_answers(questions, now, made_for=made_for)
    return _enqueue([one for one in answers if may_try_again(one, now) and not is_still_right(one, now)], now)


@transaction.atomic
def _enqueue(answers: Iterable[TileAnswer], now: datetime) -> int:
    asked = request_refresh(answers, now)
    for answer_id in asked:
        enqueue_on_commit("dashboards.refresh_tile", answer_id=answer_id)
    return len(asked)


def refresh_now(dashboard: Dashboard, scope: Scope, *, actor, tile: Tile | None = None) -> int:
    """Ask for all answers of a dashboard, or of one tile, whether they are old or not; return how many."""
    require(actor, "dashboards.read", dashboard)
    now = timezone.now()
    tiles = [tile] if tile else dashboard.tiles.live().with_questions()
    questions = tile_questions(tiles, scope, now)
    return _enqueue(ensure_answers(questions.values(), now, made_for=_reader_of(dashboard, scope)), now)


def _reader_of(dashboard: Dashboard, scope: Scope) -> Dashboard | None:
    """Return the dashboard if the scope is a reader's and not its own."""
    return None if scope == own_scope(dashboard) else dashboard


def bring_up_to_date(questions: Iterable[dict[str, Any]], now: datetime) -> dict[str, TileAnswer]:
    """Return the answers to dashboards' own questions, by key, computing those that are not right any more.

    For work in the background: it waits for what another worker is computing. A question that fails again keeps its
    last good answer, and says so by its state.
    """
    questions, version = list(questions), data_version()
    found = metric_answers(renew_metrics(questions, now))
    for answer in ensure_answers(questions, now):
        if not looks_current(answer, version, now):
            answer.refresh_from_db()  # another worker may have been at it since the rows were read
        if not looks_current(answer, version, now) and may_try_again(answer, now) and not is_still_right(answer, now):
            request_refresh([answer], now)
            answer = refresh_answer(answer.pk) or _wait_for(answer)
        found[answer.key] = answer
    return found


def _wait_for(answer: TileAnswer) -> TileAnswer:
    end = time.monotonic() + settings.QUESTION_TIME_LIMIT_S
    answer.refresh_from_db()
    while answer.state == TileAnswer.State.RUNNING and time.monotonic() < end:
        time.sleep(0.2)
        answer.refresh_from_db()
    return answer


def refresh_tiles(
    tiles: Iterable[Tile],
    now: datetime,
    *,
    is_dry: bool = False,
    progress: Callable[[int, int, str], None] = lambda done, total, note: None,
    problem: Callable[[str], None] = lambda sentence: None,
    count: Callable[[int], None] = lambda n_rows: None,
) -> Refreshed:
    """Recompute the tiles' answers that are not right any more; equal questions once, a failing one stops none.

    A dry run changes nothing; it counts what would be computed.
    """
    names: dict[str, list[str]] = {}
    questions = {}
    for tile in tiles:
        dashboard = tile.dashboard
        asked = tile_questions([tile], own_scope(dashboard), now)[tile.pk]
        questions[answer_key(asked)] = asked
        names.setdefault(answer_key(asked), []).append(f"“{tile}” on “{dashboard}”")
    if is_dry:
        return _dry_run(questions, now)
    answers = ensure_answers(questions.values(), now)
    n_computed = n_skipped = n_failed = 0
    problems: list[str] = []
    for number, answer in enumerate(answers, start=1):
        if is_still_right(answer, now):
            n_skipped += 1
        else:
            request_refresh([answer], now)
            done = refresh_answer(answer.pk)
            if done is None:  # a page asked at the same moment: its worker computes it
                n_skipped += 1
            elif done.state == TileAnswer.State.FAILED:
                n_failed += 1
                problems.append(f"{_some(names[answer.key])}: {done.failure}")
                problem(problems[-1])
            else:
                n_computed += 1
                count(int(done.answer["facts"].get("rows_scanned") or 0))
        progress(number, len(answers), f"{n_computed} computed, {n_skipped} unchanged, {n_failed} failed")
    return Refreshed(len(answers), n_computed, n_skipped, n_failed, tuple(problems))


def _dry_run(questions: dict, now: datetime) -> Refreshed:
    stored = stored_answers(questions.values())
    n_right = sum(is_still_right(answer, now, is_dry=True) for answer in stored.values())
    return Refreshed(len(questions), len(questions) - n_right, n_right, 0)


def _some(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
