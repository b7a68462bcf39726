"""Counting that runs in a worker."""

from celery import shared_task

from insights.cohorts import counting


@shared_task(name="cohorts.count_cohort")
def count_cohort(cohort_id: int) -> None:
    """Count a cohort that was asked to be counted."""
    counting.count_cohort(cohort_id, only_if_asked=True)
