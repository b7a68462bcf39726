"""The night's step: every cohort that is not archived is counted anew, after those that it goes by; old editions go."""

from datetime import datetime
from typing import Any

from insights.cohorts.counting import count_cohort, in_order
from insights.cohorts.editions import thin_editions
from insights.cohorts.models import Cohort
from portal.people.public import SYSTEM
from portal.shell.public import find_uses


def count_cohorts(night: Any) -> None:
    """Count every live cohort; one that fails keeps its members and is named."""
    cohorts = in_order(Cohort.objects.filter(archived_at=None).order_by("pk"))
    n_failed = 0
    for number, cohort in enumerate(cohorts, start=1):
        night.check_still_mine()
        counted = count_cohort(cohort.pk, night.now)
        if counted is not None and counted.state == Cohort.State.FAILED:
            n_failed += 1
            night.problem(f"{counted}: {counted.error}")
        words = f"{number} of {len(cohorts)} counted" + (f", {n_failed} could not be" if n_failed else "")
        night.progress(number, len(cohorts), words)
    thin_editions(night.now)
    forget_passing(night.now)


def forget_passing(now: datetime) -> int:
    """Remove cohorts that were made in passing, which nobody kept and nothing uses; return how many went."""
    old = Cohort.objects.filter(kept_until__lt=now)
    gone = [cohort.pk for cohort in old if not find_uses(cohort, SYSTEM)]
    Cohort.objects.filter(pk__in=gone).delete()
    return len(gone)
