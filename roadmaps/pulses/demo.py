"""The demo's pulses: one of last quarter and one that just closed; nobody in them has a name."""

import datetime as dt
import random

from django.db import transaction
from django.utils import timezone

from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User
from roadmaps.goals.public import Objective
from roadmaps.pulses.actions import close_pulse, create_pulse
from roadmaps.pulses.models import Pulse, PulseAnswer, PulseFunction

# Function: people asked, answered; how it orders the goals (smaller: earlier); mean of vision and of execution.
_NOW = {
    "Product": (9, 8, (2.0, 1.0, 3.0, 4.2), 4.3, 3.6),
    "Engineering": (16, 13, (3.4, 2.9, 1.1, 3.6), 3.2, 2.6),
    "Design": (8, 7, (2.2, 1.2, 3.4, 4.0), 4.0, 3.4),
    "Marketing": (8, 6, (1.6, 2.0, 4.0, 2.2), 2.6, 3.8),
    "Customer success": (7, 4, (2.4, 1.4, 1.8, 3.0), 3.2, 3.0),
}
_BEFORE = {
    "Product": (8, 7, (2.0, 1.6, 2.6, 3.8), 3.8, 3.2),
    "Engineering": (15, 11, (3.2, 3.2, 1.2, 3.2), 2.4, 2.4),
    "Design": (7, 6, (2.6, 1.4, 2.8, 3.6), 3.2, 3.2),
    "Marketing": (8, 6, (1.8, 2.8, 3.8, 1.6), 2.0, 3.4),
}


def seed_pulses(world: DemoWorld, progress: Progress) -> None:
    """Ask and answer the demo's pulses; what is there already is left as it is."""
    product = Product.objects.select_related("team").filter(slug="planner").first()
    goals = list(Objective.objects.filter(product=product, state="open", visibility="company").order_by("pk")[:4])
    if product is None or len(goals) < 2 or Pulse.objects.filter(product=product).exists():
        return
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    chance = random.Random(world.seed)
    waves = (("last quarter", 98, _BEFORE), ("this quarter", 6, _NOW))
    for number, (when, days_ago, functions) in enumerate(waves, 1):
        _seed_closed(product, owner, goals, f"How aligned are we? {when.capitalize()}", days_ago, functions, chance)
        progress(number, len(waves), "pulses")


@transaction.atomic
def _seed_closed(product, owner, goals, name, days_ago, functions, chance) -> None:
    today = timezone.localdate()
    pulse = create_pulse(product, name=name, goals=goals, closes_on=today, actor=SYSTEM, owner=owner)
    at = timezone.now() - dt.timedelta(days=days_ago)
    Pulse.objects.filter(pk=pulse.pk).update(state=Pulse.State.OPEN, opened_at=at - dt.timedelta(days=10))
    for function_name, (n_asked, n_answered, order, vision, execution) in functions.items():
        function = PulseFunction.objects.create(pulse=pulse, name=function_name, n_asked=n_asked, n_answered=n_answered)
        PulseAnswer.objects.bulk_create(
            PulseAnswer(
                function=function,
                ranks=_ranks(order[: len(goals)], chance),
                vision=_rating(vision, chance),
                execution=_rating(execution, chance),
            )
            for _ in range(n_answered)
        )
    close_pulse(pulse, actor=SYSTEM)
    Pulse.objects.filter(pk=pulse.pk).update(closed_at=at, closes_on=timezone.localdate(at), created_at=at)


def _ranks(order, chance: random.Random) -> list[int | None]:
    """Return an order near the function's own; some rank only what matters most to them."""
    felt = [value + chance.gauss(0, 0.8) for value in order]
    ranks: list[int | None] = [1 + sum(one < value for one in felt) for value in felt]
    if chance.random() < 0.25:
        ranks = [rank if rank is not None and rank <= 2 else None for rank in ranks]
    return ranks


def _rating(mean: float, chance: random.Random) -> int | None:
    return None if chance.random() < 0.03 else min(5, max(1, round(chance.gauss(mean, 0.8))))
