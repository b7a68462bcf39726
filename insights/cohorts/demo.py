"""Three cohorts of the demo company: who stopped in onboarding, who plans a lot, and a beta's list."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from insights.capture.demo.world import ONBOARDING, PLANNER
from insights.cohorts import actions
from insights.cohorts.counting import count_cohort
from insights.cohorts.lists import read_ids
from insights.cohorts.models import Cohort
from insights.events.public import DistinctId, Source
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User

STOPPED, HEAVY, BETA = "Invited nobody", "Heavy planners", "Timeline beta"
_N_BETA = 40


def seed_cohorts(world: DemoWorld, progress: Progress) -> None:
    """Make the demo's cohorts and count them; what is there already is left as it is."""
    product = Product.objects.filter(slug=PLANNER.slug).first()
    if product is None:
        return
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    wishes = ((STOPPED, _stopped), (HEAVY, _heavy), (BETA, _beta))
    for number, (name, make) in enumerate(wishes, start=1):
        if not Cohort.objects.filter(products=product, name=name).exists():
            cohort = make(product, owner)
            now = timezone.now()
            for weeks in (4, 3, 2, 1, 0) if cohort.kind == Cohort.Kind.RULE else (0,):
                count_cohort(cohort.pk, now - timedelta(weeks=weeks))
        progress(number, len(wishes))


def _stopped(product: Product, owner: User | None) -> Cohort:
    question = {
        "kind": "funnel",
        "products": [product.slug],
        "steps": [{"event": event} for event in ONBOARDING],
        "date_from": "-12w",
    }
    text = "Got as far as a plan and then planned alone. People who invite somebody stay far longer."
    value: dict[str, Any] = {"question": question, "cell": {"step": len(ONBOARDING), "dropped": True}}
    return actions.save_number(value, actor=SYSTEM, name=STOPPED, description=text, owner=owner)


def _heavy(product: Product, owner: User | None) -> Cohort:
    rule = {
        "all": [
            {"did": True, "event": "task created", "at_least": 10, "last_days": 28},
            {"did": True, "event": "report opened", "at_least": 1, "last_days": 28},
        ]
    }
    text = "Ten tasks and a report in four weeks: those to ask first."
    return actions.create_rule(rule, actor=SYSTEM, name=HEAVY, products=[product], description=text, owner=owner)


def _beta(product: Product, owner: User | None) -> Cohort:
    space = Source.objects.filter(product=product).values("id_space")
    known = DistinctId.objects.filter(id_space__in=space, person_no=None).order_by("-no")
    ids = [*known.values_list("distinct_id", flat=True)[:_N_BETA], "beta-guest-1", "beta-guest-2"]
    text = "Who tried the timeline before release 4.2. Two of them never came."
    listed = read_ids("\n".join(ids).encode())
    return actions.create_list(listed, actor=SYSTEM, name=BETA, products=[product], description=text, owner=owner)
