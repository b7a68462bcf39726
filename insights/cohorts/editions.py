"""Editions: stored when a counting found a cohort changed, one a day, thinned with age."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from insights.cohorts.models import Cohort, CohortEdition
from insights.cohorts.packing import Numbers
from insights.events.public import DistinctId

EVERY_DAY, EVERY_WEEK = 60, 366  # days for which every day's edition is kept, then one a week, then one a month
_AT_ONCE = 5000


def local_day(moment: datetime) -> date:
    """Return a moment's day in the workspace's time zone."""
    return moment.astimezone(ZoneInfo(settings.WORKSPACE_TIME_ZONE)).date()


@transaction.atomic
def store_edition(cohort: Cohort, numbers: Numbers, *, now: datetime, data_version: int) -> CohortEdition:
    """Make these the members from now on; equal ones leave the current edition as it is."""
    import numpy as np

    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    latest = locked.editions.order_by("-counted_on").first()
    if latest is None or not np.array_equal(latest.numbers, numbers):
        latest = _store(locked, latest, numbers, now)
    latest.data_version = data_version
    if locked.is_frozen:  # its numbers stay, so that a join can be taken back; who was joined since counts once
        latest.size = len(_as_joined(numbers, numbers))
    latest.save()
    Cohort.objects.filter(pk=cohort.pk).update(current=latest)
    return latest


def _store(cohort: Cohort, latest: CohortEdition | None, numbers: Numbers, now: datetime) -> CohortEdition:
    day = local_day(now)
    before = latest
    if latest is not None and latest.counted_on >= day:
        before = cohort.editions.filter(counted_on__lt=latest.counted_on).order_by("-counted_on").first()
        edition, edition.revision = latest, latest.revision + 1
    else:
        edition = CohortEdition(cohort=cohort, counted_on=day)
    edition.counted_at = now
    edition.set_numbers(numbers)
    _count_moves(edition, before, cohort.unit)
    return edition


def _count_moves(edition: CohortEdition, before: CohortEdition | None, unit: str) -> None:
    """Say how many entered and left since the edition before; who was joined to another person did not leave."""
    import numpy as np

    old, new = before.numbers if before else np.empty(0, np.uint32), edition.numbers
    if unit == Cohort.Unit.PERSON:
        old = _as_joined(old, np.setdiff1d(old, new, assume_unique=True))
    edition.n_entered = len(np.setdiff1d(new, old, assume_unique=True))
    edition.n_left = len(np.setdiff1d(old, new, assume_unique=True))


def _as_joined(old: Numbers, gone: Numbers) -> Numbers:
    import numpy as np

    persons: dict[int, int] = {}
    for start in range(0, len(gone), _AT_ONCE):
        rows = DistinctId.objects.filter(pk__in=gone[start : start + _AT_ONCE].tolist(), person_no__isnull=False)
        persons |= dict(rows.values_list("pk", "person_no"))
    if not persons:
        return old
    kept = np.setdiff1d(old, np.fromiter(persons, np.uint32), assume_unique=True)
    return np.union1d(kept, np.fromiter(persons.values(), np.uint32))


def edition_on(cohort: Cohort, day: date) -> CohortEdition | None:
    """Return the edition that held at the end of a day, or None before the first."""
    return cohort.editions.filter(counted_on__lte=day).order_by("-counted_on").first()


def list_history(cohort: Cohort) -> list[CohortEdition]:
    """Return every edition but its members, the oldest first."""
    return list(cohort.editions.defer("members").order_by("counted_on"))


def thin_editions(now: datetime) -> int:
    """Remove old editions: after 60 days all but a week's last, after a year all but a month's last."""
    today, n_gone = local_day(now), 0
    old = today - timedelta(days=EVERY_DAY)
    for cohort in Cohort.objects.filter(editions__counted_on__lt=old).distinct().order_by("pk"):
        n_gone += _thin(cohort, today)
    return n_gone


@transaction.atomic
def _thin(cohort: Cohort, today: date) -> int:
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    days = list(cohort.editions.order_by("counted_on").values_list("counted_on", flat=True))
    gone = superfluous(days, today)
    if not gone:
        return 0
    cohort.editions.filter(counted_on__in=gone).exclude(pk=cohort.current_id).delete()
    before = None
    for edition in cohort.editions.order_by("counted_on").iterator(chunk_size=1):
        if before is not None and any(before.counted_on < day < edition.counted_on for day in gone):
            _count_moves(edition, before, cohort.unit)
            edition.save(update_fields=["n_entered", "n_left"])
        before = edition
    return len(gone)


def superfluous(days: Sequence[date], today: date) -> list[date]:
    """Return which of the sorted days' editions go: of each old week, and of each older month, all but the last.

    >>> superfluous([date(2024, 1, 1), date(2024, 1, 2), date(2024, 6, 30)], date(2024, 7, 1))
    [datetime.date(2024, 1, 1)]
    """

    def bucket(day: date) -> tuple[Any, ...]:
        age = (today - day).days
        if age <= EVERY_DAY:
            return ("day", day)
        return ("week", *day.isocalendar()[:2]) if age <= EVERY_WEEK else ("month", day.year, day.month)

    return [day for day, later in pairwise(days) if bucket(day) == bucket(later)]
