"""Asking: authorised first, then from the cache, else computed once however many ask at the same time."""

import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from insights.events.public import Source, current_version, open_snapshot
from insights.questions.access import list_sources, refuse_personal
from insights.questions.calendar import earlier_period
from insights.questions.contracts import Question, TrendQuestion
from insights.questions.facts import build_facts
from insights.questions.keys import question_key
from insights.questions.kinds import KINDS
from insights.questions.members import CohortInUse, find_cohorts
from insights.questions.running import Run
from insights.questions.turns import fair_turn

log = logging.getLogger(__name__)

_KEEP_S = 24 * 3600
_POLL_S = 0.05
_AWAY = (RedisError, OSError)


def ask(question: Question, *, user: Any, caller: str, use_cache: bool = True) -> dict[str, Any]:
    """Return the answer, as definitions describe it, with its facts.

    Raises: BadInput for a product or source that the user may not see; the store's errors when it takes too long.
    """
    sources, cohorts, key = _authorise(question, user)
    if not use_cache:
        with fair_turn(user):
            return _compute(question, sources, cohorts, caller, key)
    found = _get(key)
    if found is not None:
        return found
    with _alone(key) as is_first:
        found = None if is_first else _get(key)
        if found is not None:
            return found
        with fair_turn(user):
            return _compute(question, sources, cohorts, caller, key)


def find_answer(question: Question, *, user: Any) -> dict[str, Any] | None:
    """Return the answer if it is at hand, without computing anything; refuses as `ask` does."""
    _, _, key = _authorise(question, user)
    found: dict[str, Any] | None = _get(key)
    return found


Used = tuple[CohortInUse, ...]


def _authorise(question: Question, user: Any) -> tuple[list[Source], Used, str]:
    """Return the sources that the user may ask, the cohorts used, and the name of the answer in the cache."""
    sources = list_sources(question, user)
    cohorts = find_cohorts(question, user)
    refuse_personal(question, user)
    ids = [source.pk for source in sources]
    key = question_key(question, cohorts)
    return sources, cohorts, f"answer:{key}:{current_version(ids)}:{'-'.join(map(str, ids))}"


def open_run(question: Question, sources: list[Source], snapshot: Any, cohorts: Used) -> Run:
    """Return a run of a question, with the cohorts that it names, against an open snapshot."""
    return Run(question, snapshot, {source.pk: source.slug for source in sources}, cohorts)


def _compute(question: Question, sources: list[Source], cohorts: Used, caller: str, key: str) -> dict[str, Any]:
    started = time.monotonic()
    with open_snapshot([source.pk for source in sources], caller=caller) as snapshot:
        run = open_run(question, sources, snapshot, cohorts)
        answer = compute(question, run)
        answer["facts"] = build_facts(question, run, sources, took_s=time.monotonic() - started)
    _put(key, answer)
    return answer


def compute(question: Question, run: Run) -> dict[str, Any]:
    """Return the answer of a run, with what it is compared with, without its facts."""
    if question.compare:
        interval = getattr(question, "interval", None) or "day"
        earlier = question.at(earlier_period(question.period, interval, question.compare, question.week_start))
        run.before = run.comparing(earlier)
    answer = {"kind": question.kind, **KINDS[question.kind].answer(question, run)}
    if run.before:
        _compare(question, run, run.before, answer)
    return answer


def _compare(question: Question, run: Run, before: Run, answer: dict[str, Any]) -> None:
    """Add the same question about the earlier range, in the same groups."""
    run.share_with(before)
    answer["compare"] = {"mode": question.compare, **KINDS[question.kind].answer(before.question, before)}
    run.n_scanned += before.n_scanned
    if isinstance(question, TrendQuestion):
        labels = answer["compare"]["labels"]
        places = _places_before(question, answer["labels"], labels)
        answer["compare_labels"] = [None if place is None else labels[place] for place in places]
        found = {(line["index"], line["group"], str(line["breakdown"])): line for line in answer["compare"]["series"]}
        for line in answer["series"]:
            match = found.get((line["index"], line["group"], str(line["breakdown"])))
            values = match["values"] if match else [None] * len(labels)
            line["compare_values"] = [None if place is None else values[place] for place in places]


def _places_before(question: TrendQuestion, labels: list[str], before: list[str]) -> list[int | None]:
    """Return the place of each bucket's counterpart: one after the other, but a year before that of the same date.

    So 29 February has none, and the days after it still stand beside their own dates.
    """
    if question.compare != "year" or question.interval in ("week", "all"):
        return list(range(len(before)))
    places = {label: place for place, label in enumerate(before)}
    return [places.get(f"{int(label[:4]) - 1}{label[4:]}") for label in labels]


@contextmanager
def _alone(key: str) -> Iterator[bool]:
    """Let one asker compute; the others wait for its answer. Gives False to those who waited."""
    lock, token = f"{key}:lock", uuid.uuid4().hex
    limit_s = settings.QUESTION_TIME_LIMIT_S + 10
    try:
        is_mine = cache.add(lock, token, timeout=limit_s)
    except _AWAY:
        log.warning("the cache does not answer; asking without it")
        yield True
        return
    if is_mine:
        try:
            yield True
        finally:
            _release(lock, token)
        return
    give_up_at = time.monotonic() + limit_s
    while time.monotonic() < give_up_at and _get(key) is None and _get(lock) is not None:
        time.sleep(_POLL_S)
    yield False


def _release(lock: str, token: str) -> None:
    if _get(lock) == token:
        try:
            cache.delete(lock)
        except _AWAY:
            log.warning("the cache does not answer; its lock will expire")


def _get(key: str) -> Any:
    try:
        return cache.get(key)
    except _AWAY:
        return None


def _put(key: str, answer: dict[str, Any]) -> None:
    try:
        cache.set(key, answer, timeout=_KEEP_S)
    except _AWAY:
        log.warning("the cache does not answer; an answer was not kept")
