"""Work of surveys in a worker: rounds of asking, and answers on their way into the event store."""

from celery import shared_task

from insights.voice.surveys import asking, loading


@shared_task(name="voice.run_sending")
def run_sending(sending_id: int) -> None:
    """Go through one round of asking."""
    asking.run_sending(sending_id)


@shared_task(name="voice.load_answers")
def load_answers() -> None:
    """Make events of new answers, and start rounds again whose worker died."""
    asking.requeue_dead_sendings()
    loading.load_all()
