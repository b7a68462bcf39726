"""Tasks of the pulses room."""

from celery import shared_task

from roadmaps.pulses import asking


@shared_task(name="pulses.write_letters")
def write_letters(pulse_id: int) -> None:
    """Write to those of a pulse who were not written to."""
    asking.write_letters(pulse_id)


@shared_task(name="pulses.write_waiting")
def write_waiting() -> None:
    """Go on with letters whose worker died."""
    for pulse_id in asking.pulses_to_write():
        asking.write_letters(pulse_id)
