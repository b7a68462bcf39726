"""Counting a cohort anew: one worker at a time, with progress; killed at any line, it is simply counted again."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from insights.cohorts.editions import store_edition
from insights.cohorts.lists import match_list
from insights.cohorts.models import Cohort, CohortEdition
from insights.cohorts.numbers import again
from insights.cohorts.packing import Numbers
from insights.cohorts.rules import RuleReader, RuleWork
from insights.events.public import current_version
from insights.questions.public import open_finder
from portal.people.public import SYSTEM
from portal.shell.public import PortalError

log = logging.getLogger(__name__)

CALLER = "insights.cohorts"
_LOCK_CLASS = 7311  # first half of the advisory lock's key; the second is the cohort's number
_OWN_FAULT = "It stopped on an error of the portal. The members are those of before; tell ops (cohort {})."
Tell = Callable[[str, int, int], None]


def count_cohort(cohort_id: int, now: datetime | None = None, *, only_if_asked: bool = False) -> Cohort | None:
    """Count a cohort and store its members if they changed; returns it, or None where there was nothing to do.

    Whoever comes second waits, and with `only_if_asked` has nothing left to do. A fault is kept on the cohort, with the
    members of before.
    """
    with _alone(cohort_id):
        cohort = Cohort.objects.filter(pk=cohort_id).first()
        if cohort is None or (only_if_asked and not cohort.is_busy):
            return None
        _count(cohort, now or timezone.now())
        cohort.refresh_from_db()
        return cohort


def _count(cohort: Cohort, now: datetime) -> None:
    mine = Cohort.objects.filter(pk=cohort.pk, version=cohort.version)
    mine.update(state=Cohort.State.RUNNING, step="Beginning", n_done=0, n_total=None, n_attempts=cohort.n_attempts + 1)

    def tell(step: str, done: int = 0, total: int = 0) -> None:
        mine.update(step=step[:80], n_done=done, n_total=total or None, heartbeat_at=timezone.now())

    try:
        numbers, data_version = find_members(cohort, now, tell)
        if not mine.exists():  # it means something else by now, and is asked to be counted again
            return
        store_edition(cohort, numbers, now=now, data_version=data_version)
        done = {"state": Cohort.State.OK, "refreshed_at": now, "error": ""}
    except PortalError as fault:
        done = {"state": Cohort.State.FAILED, "error": _sentence(fault)}
    except Exception:  # the outermost loop of a job: one cohort must not stop the others
        log.exception("cohort %s failed", cohort.pk)
        done = {"state": Cohort.State.FAILED, "error": _OWN_FAULT.format(cohort.pk)}
    mine.update(**done, step="", n_done=0, n_total=None)


def find_members(cohort: Cohort, now: datetime, tell: Tell) -> tuple[Numbers, int]:
    """Return the members of a cohort as of now, and the version of the data that says so."""
    tell("Reading", 0, 0)
    if cohort.is_frozen and isinstance(cohort.current, CohortEdition):
        return cohort.current.numbers, cohort.current.data_version
    if cohort.kind == Cohort.Kind.LIST:
        return match_list(cohort), current_version([])
    if cohort.kind == Cohort.Kind.RULE:
        products = list(cohort.products.values_list("slug", flat=True))
        rule = RuleReader(products, cohort.unit, SYSTEM, now).read(cohort.definition["rule"])
        with open_finder(rule.base, user=SYSTEM, caller=CALLER) as finder:
            return RuleWork(finder, rule, tell).find(), finder.data_version
    number = again(cohort.definition, now)
    with open_finder(number.question, user=SYSTEM, caller=CALLER) as finder:
        return finder.behind(number.question, number.cell), finder.data_version


def _sentence(fault: PortalError) -> str:
    faults = [f"{path}: {' '.join(said)}" for path, said in fault.fields.items()]
    return " ".join([fault.message, *faults[:3]])[:1000]


@contextmanager
def _alone(cohort_id: int) -> Iterator[None]:
    """Hold a cohort's lock of the database session: it goes with the worker, however that ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_LOCK_CLASS, cohort_id])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_CLASS, cohort_id])


def in_order(cohorts: Any) -> list[Cohort]:
    """Return cohorts so that each comes after those that its definition names."""
    found = {cohort.pk: cohort for cohort in cohorts}
    links = Cohort.uses.through.objects.filter(from_cohort__in=found).values_list("from_cohort", "to_cohort")
    needs: dict[int, set[int]] = {}
    for owner, used in links:
        if used in found:
            needs.setdefault(owner, set()).add(used)
    ordered: list[int] = []
    left = list(found)
    while left:
        ready = [pk for pk in left if needs.get(pk, set()) <= set(ordered)] or left[:1]
        ordered += ready
        left = [pk for pk in left if pk not in ready]
    return [found[pk] for pk in ordered]
