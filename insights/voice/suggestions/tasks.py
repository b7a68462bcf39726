"""Learning that runs in a worker."""

from celery import shared_task

from insights.voice.suggestions import jobs


@shared_task(name="voice.learn_product")
def learn_product(learning_id: int) -> None:
    """Learn a product's themes, likeness and new themes."""
    jobs.run_learning(learning_id)


@shared_task(name="voice.learn_changed")
def learn_changed() -> None:
    """Start learnings again whose worker died, and learn where there is news."""
    jobs.requeue_dead_learnings()
    jobs.learn_changed()
