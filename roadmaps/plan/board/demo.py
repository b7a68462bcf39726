"""The demo company's roadmap: promises, a saved view, and how each initiative does."""

from datetime import timedelta

from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User
from roadmaps.plan.board import actions
from roadmaps.plan.board.healing import refresh_health
from roadmaps.plan.board.models import Promise, SavedView
from roadmaps.plan.board.state import State
from roadmaps.planning.initiatives.public import Initiative, Stage
from roadmaps.planning.releases.public import released_on

_WHOM = (
    ("Ridgeway Logistics, at the quarterly review", "You can see holidays in the plan before your season begins."),
    ("The advisory board", "We come back with something to try, not with a slide."),
)


def seed_promises(world: DemoWorld, progress: Progress) -> None:
    """Promise some of the demo's initiatives, before forecasts are held against it; what is there is left as it is."""
    product = Product.objects.filter(slug="planner").first()
    if product is None or Promise.objects.exists():
        return
    today = world.ends_on
    found = list(Initiative.objects.filter(product=product).order_by("position", "pk"))
    out = released_on([one.pk for one in found])
    for one in [one for one in found if one.pk in out][:1]:
        due_on, made_on = out[one.pk] + timedelta(days=8), out[one.pk] - timedelta(days=50)
        words = "Inviting your colleagues will be part of the first plan."
        whom = "Harbour Foods, on the phone"
        actions.make_promise(one, actor=SYSTEM, to_whom=whom, due_on=due_on, made_on=made_on, words=words)
    under_way = [one for one in found if one.stage in (Stage.BUILDING, Stage.PROTOTYPING)]
    for number, (one, (whom, words)) in enumerate(zip(under_way, _WHOM, strict=False)):
        due_on, made_on = today + timedelta(days=20 + 35 * number), today - timedelta(days=30)
        actions.make_promise(one, actor=SYSTEM, to_whom=whom, due_on=due_on, made_on=made_on, words=words)
    progress(1, 1, "promises")


def seed_roadmap(world: DemoWorld, progress: Progress) -> None:
    """Keep a view of the demo's roadmap and work out how its initiatives do; what is there is left as it is."""
    product = Product.objects.select_related("team").filter(slug="planner").first()
    if product is None or SavedView.objects.exists():
        return
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    if owner is not None:
        view = State(view="timeline", product=product.slug, lanes="goal", colour="stage")
        actions.save_view(actor=owner, name="For the weekly planning", state=view, team=product.team)
    refresh_health(list(Initiative.objects.filter(product=product).values_list("pk", flat=True)), today=world.ends_on)
    progress(1, 1, "health")
