"""Cohorts for questions: found as far as a user may see them, and their members read."""

from collections.abc import Sequence
from typing import Any

from insights.cohorts.models import Cohort, CohortEdition
from insights.cohorts.packing import Numbers
from insights.questions.public import CohortInUse
from portal.shell.public import Conflict


def find_cohorts(names: Sequence[str], user: Any) -> dict[str, CohortInUse]:
    """Return the cohorts that a question names, by the name it uses; those the user may not see are absent."""
    cohorts = Cohort.objects.visible_to(user).named(names).select_related("current").defer("current__members")
    found = {}
    for cohort in cohorts:
        for name in {cohort.slug, str(cohort.pk)} & set(names):
            found[name] = as_used(cohort, name)
    return found


def as_used(cohort: Cohort, name: str) -> CohortInUse:
    """Return a cohort as a question uses it."""
    edition = cohort.current
    return CohortInUse(
        name=name,
        title=cohort.name,
        unit=cohort.unit,
        size=edition.size if edition else 0,
        key=edition.key if edition else "",
        as_of=cohort.refreshed_at,
    )


def read_members(cohort: CohortInUse) -> Numbers:
    """Return the sorted numbers of a cohort's members."""
    edition = CohortEdition.objects.filter(pk=int(cohort.key.partition(".")[0])).first()
    if edition is None:
        raise Conflict("A cohort was counted again while its numbers were read. Ask once more.")
    return edition.numbers
