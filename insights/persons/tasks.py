"""Work on persons that runs in a worker."""

from celery import shared_task

from insights.persons import counting, jobs


@shared_task(name="persons.run_job")
def run_job(job_id: int) -> None:
    """Carry out a merge, a split or an erasure."""
    jobs.run_job(job_id)


@shared_task(name="persons.sweep_jobs")
def sweep_jobs() -> None:
    """Start jobs again whose worker died."""
    jobs.requeue_dead_jobs()


@shared_task(name="persons.count_accounts")
def count_accounts(source_ids: list[int]) -> None:
    """Count the accounts of these sources again, for their list."""
    counting.count_accounts(source_ids)
