"""Work on imports that runs in a worker."""

from celery import shared_task

from insights.imports import running


@shared_task(name="imports.run_task")
def run_task(batch_id: int) -> None:
    """Check, run or undo an import."""
    running.run_task(batch_id)


@shared_task(name="imports.sweep_imports")
def sweep_imports() -> None:
    """Start work again whose worker died."""
    running.requeue_dead_imports()
