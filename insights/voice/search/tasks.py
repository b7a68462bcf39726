"""Counting words that runs in a worker."""

from celery import shared_task

from insights.voice.search import counting


@shared_task(name="voice.count_words")
def count_words() -> None:
    """Count the words of every team whose texts have changed."""
    counting.count_changed()
