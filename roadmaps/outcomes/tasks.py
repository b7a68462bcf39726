"""Tasks of outcomes; each is a thin door."""

from celery import shared_task
from django.utils import timezone

from roadmaps.outcomes.measuring import measure_again
from roadmaps.outcomes.models import Bet


@shared_task(name="outcomes.measure_again")
def measure_bet_again(bet_id: int) -> None:
    """Measure one bet again at all days that are over."""
    bet = Bet.objects.of_rows().filter(pk=bet_id).first()
    if bet is not None:
        measure_again(bet, now=timezone.now())
