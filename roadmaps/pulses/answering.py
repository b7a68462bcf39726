"""Taking answers: one for each link, kept apart from it for good."""

import hashlib
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal.shell.public import BadInput, Conflict, NotFound
from roadmaps.pulses.asking import hash_of
from roadmaps.pulses.models import Pulse, PulseAnswer, PulseFunction, PulseGoal, Ticket

_LONGEST_SECRET = 100


class PulseClosed(Conflict):
    """The pulse takes no answers."""

    code = "pulse_closed"
    message = "This pulse is closed. It takes no more answers."


def find_ticket(secret: str) -> Ticket:
    """Return the right that a link stands for, as long as it was not used."""
    if not secret or len(secret) > _LONGEST_SECRET:
        raise NotFound()
    found = Ticket.objects.select_related("function__pulse__product", "function__pulse__team")
    ticket = found.filter(pk=hash_of(secret)).first()
    if ticket is None:
        raise NotFound()
    return ticket


def goals_in_order(ticket: Ticket) -> list[PulseGoal]:
    """Return the goals in an order of this link's own, so that none is always first; the same each time."""
    goals = ticket.function.pulse.goals.all()
    return sorted(goals, key=lambda goal: hashlib.sha256(f"{ticket.pk}:{goal.pk}".encode()).digest())


@transaction.atomic
def take_answer(
    ticket: Ticket, *, ranks: Sequence[int | None], vision: int | None, execution: int | None
) -> PulseAnswer:
    """Keep an answer and delete the right to give it, in one transaction; of two forms sent at once one is kept.

    `ranks` are of the goals by their places, None where one was not ranked.
    """
    pulse = Pulse.objects.select_for_update(no_key=True).get(pk=ticket.function.pulse_id)
    if not pulse.takes_answers(timezone.localdate()):
        raise PulseClosed()
    n_goals = pulse.goals.count()
    if len(ranks) != n_goals or any(rank is not None and not 1 <= rank <= n_goals for rank in ranks):
        raise BadInput(fields={"ranks": [f"Give each goal a rank from 1 to {n_goals}, or none."]})
    if any(value is not None and not 1 <= value <= 5 for value in (vision, execution)):
        raise BadInput(fields={"vision": ["Choose an answer from 1 to 5."]})
    given = list(ranks) if any(rank is not None for rank in ranks) else []
    if not given and vision is None and execution is None:
        raise BadInput("Answer at least one of the three questions.")
    n_used, _ = Ticket.objects.filter(pk=ticket.pk).delete()
    if not n_used:
        raise NotFound()
    PulseFunction.objects.filter(pk=ticket.function_id).update(n_answered=F("n_answered") + 1)
    return PulseAnswer.objects.create(function_id=ticket.function_id, ranks=given, vision=vision, execution=execution)
