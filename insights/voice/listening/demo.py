"""The demo's reasons to call, its list of whom to call next, one planned call and what its team wants."""

from insights.cohorts.public import Cohort
from insights.voice.listening.actions import set_target
from insights.voice.listening.calling import claim_call
from insights.voice.listening.models import Call, CallReason, ContactTarget
from insights.voice.listening.picking import make_list, not_planned
from insights.voice.listening.reasons import add_reason
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User

# Name of the demo's cohort, why, how much.
REASONS = (("Invited nobody", "dropped", 3), ("Heavy planners", "power", 2), ("Timeline beta", "other", 1))


def seed_listening(world: DemoWorld, progress: Progress) -> None:
    """Say who is worth a call, make the list, plan one call; what is there already is left."""
    product = Product.objects.select_related("team").filter(slug="planner").first()
    if product is None or CallReason.objects.filter(product=product).exists():
        return
    if not ContactTarget.objects.filter(team=product.team).exists():
        set_target(product.team, actor=SYSTEM, per_person=1, per_team=2)
    cohorts = {cohort.name: cohort for cohort in Cohort.objects.filter(products=product)}
    for name, why, weight in REASONS:
        if name in cohorts:
            add_reason(product, cohorts[name], actor=SYSTEM, why=why, weight=weight)
    progress(1, 2, "reasons to call")
    make_list(product, actor=SYSTEM, today=world.ends_on)
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    one = not_planned(product).select_related("person__id_space").first()
    if owner is not None and one is not None and not Call.objects.filter(product=product).exists():
        note = "What stood between the first plan and the first colleague? Let them show the moment, do not explain."
        claim_call(product, one.person, actor=owner, suggestion=one, note=note)
    progress(2, 2, "whom to call")
