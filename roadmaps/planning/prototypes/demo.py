"""The demo's prototypes: three drafts of the guide through inviting, the second and third tried with customers."""

import datetime as dt
import random
from typing import Any

from django.db import transaction

from insights.events.public import DistinctId, IdSpace
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.opportunities.public import Opportunity
from roadmaps.planning.prototypes.actions import create_prototype, decide
from roadmaps.planning.prototypes.models import Prototype
from roadmaps.planning.prototypes.testing import add_test

TASKS = ("Invite a colleague to your plan", "Find out what a guest may see", "Take an invitation back")
# Title, hypothesis, fidelity, link, days ago, people who did each task alone, middle of SUS, people, decision, why.
_DRAFTS: tuple[tuple[Any, ...], ...] = (
    (
        "A page “Invite your team” after signing up",
        "People invite others if we ask them **before** they have a plan.\n\nWrong if more than half skip it.",
        "sketch", "", 128, (), 0, 0, "drop",
        "Seven of eight said: I do not know yet whom to ask. Asked too early, the page is a hurdle.",
    ),
    (
        "Ask for a name where a task has none",
        "The moment to invite is when a task needs somebody.\n\nWrong if people type names and never send.",
        "wireframe", "https://design.example.com/planner/inviting-2", 112, (5, 3, 4), 3.4, 8, "change",
        "The moment is right. What a guest may see is not: five of eight feared to show too much. Say it first.",
    ),
    (
        "Guide with a preview of what a guest sees",
        "Shown what a guest will see, people send the invitation.\n\nWrong if less than two of three send one alone.",
        "clickable", "https://design.example.com/planner/inviting-3", 101, (8, 7, 5), 4.2, 9, "build",
        "Eight of nine sent one alone. Taking one back is still hard to find; that is a line in the menu, not a flow.",
    ),
)  # fmt: skip


def seed_prototypes(world: DemoWorld, progress: Progress) -> None:
    """Make and try the demo's prototypes; what is there already is left as it is."""
    product = Product.objects.select_related("team").filter(slug="planner").first()
    if product is None or Prototype.objects.filter(product=product).exists():
        return
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    named = Initiative.objects.filter(product=product, title="Guide new teams through inviting").first()
    about = Opportunity.objects.filter(product=product, title="Getting the team in").first()
    space, chance = IdSpace.objects.filter(product=product).first(), random.Random(world.seed)
    names = [f"user-{number:05}" for number in range(40, 80)]  # as the demo's events call people
    people = list(
        DistinctId.objects.filter(id_space=space, distinct_id__in=names, person_no=None)
        .order_by("no")
        .values_list("distinct_id", flat=True)
    )
    for number, draft in enumerate(_DRAFTS, 1):
        _seed(world, product, owner, draft, {"initiative": named, "opportunity": about}, people, chance)
        people = people[draft[7] :]
        progress(number, len(_DRAFTS), "prototypes")


@transaction.atomic
def _seed(
    world: DemoWorld,
    product: Product,
    owner: User | None,
    draft: tuple[Any, ...],
    about: dict[str, Any],
    people: list[str],
    chance: random.Random,
) -> None:
    title, hypothesis, fidelity, url, days_ago, alone, middle, n_people, decision, why = draft
    values = {"title": title, "hypothesis": hypothesis, "fidelity": fidelity, "url": url, "owner": owner, **about}
    made = create_prototype(product, actor=SYSTEM, tasks=TASKS if alone else (), **values)
    day = world.ends_on - dt.timedelta(days=days_ago)
    tasks = list(made.tasks.all())
    for place in range(n_people):
        went = {
            task.pk: "done" if (place + 3 * task.place) % n_people < n_alone else "helped" if place % 2 else "failed"
            for task, n_alone in zip(tasks, alone, strict=True)
        }
        felt = [min(5, max(1, round(chance.gauss(middle, 0.7)))) for _ in range(10)]
        sus = [one if number % 2 == 0 else 6 - one for number, one in enumerate(felt)]
        person = people[place] if place < len(people) else ""
        held_on = day + dt.timedelta(days=place // 3)
        add_test(made, actor=SYSTEM, held_on=held_on, person=person, outcomes=went, sus=sus)
    decide(made, actor=SYSTEM, version=made.version, decision=decision, why=why)
    at = dt.datetime.combine(day, dt.time(15), dt.UTC)
    decided_at = at + dt.timedelta(days=5)
    Prototype.objects.filter(pk=made.pk).update(created_at=at, decided_at=decided_at, decided_by=owner)
