"""Reading the map of a product, as far as a user may see its pieces; constant in queries."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from portal.people.public import Product
from roadmaps.goals.public import KeyResult, Objective, Statement, show_key_results
from roadmaps.plan.goal_map.contracts import Leaf, Plan, Tree, build_tree
from roadmaps.planning.initiatives.public import Initiative, Stage
from roadmaps.planning.opportunities.public import Opportunity

_MOST_GOALS = 200
_MOST_PLANS = 10_000


@dataclass(frozen=True)
class GoalMap:
    """A product's map: its vision in its first words, the tree, and how much there is of each kind."""

    product: Product
    vision: Statement | None
    vision_words: str
    tree: Tree
    n_opportunities: int
    n_initiatives: int


def read_map(user: Any, product: Product, *, today: Any) -> GoalMap:
    """Return the map of a product: goals that are worked on, of the product and those of the company above them."""
    visions = Statement.objects.visible_to(user).filter(product=product, kind=Statement.Kind.VISION)
    vision = visions.select_related("current", "product").first()
    opportunities = [
        Leaf("opportunity", pk, title, Opportunity.State(state).label.lower())
        for pk, title, state in Opportunity.objects.visible_to(user)
        .filter(product=product)
        .exclude(state__in=[Opportunity.State.SOLVED, Opportunity.State.DROPPED])
        .order_by("title", "pk")
        .values_list("pk", "title", "state")[:_MOST_PLANS]
    ]
    plans = _read_plans(user, product)
    objectives = _read_objectives(user, product, {plan.objective for plan in plans})
    key_results = KeyResult.objects.filter(objective__in=[one.pk for one in objectives]).of_rows()
    numbers: dict[int, list[Any]] = {}
    for key_result, shown in show_key_results(key_results, user=user, today=today):
        numbers.setdefault(key_result.objective_id, []).append((key_result, shown))
    leaves = [(Leaf("objective", one.pk, one.title, str(one.cycle)), one.parent_id) for one in objectives]
    return GoalMap(
        product=product,
        vision=vision,
        vision_words=first_words(vision.current.text) if vision else "",
        tree=build_tree(leaves, numbers, opportunities, plans),
        n_opportunities=len(opportunities),
        n_initiatives=len(plans),
    )


def _read_plans(user: Any, product: Product) -> list[Plan]:
    rows = Initiative.objects.visible_to(user).open().filter(product=product).order_by("position", "pk")
    found = list(rows.values_list("pk", "title", "stage", "objective")[:_MOST_PLANS])
    through = Initiative.opportunities.through.objects.filter(initiative__in=rows.order_by().values("pk"))
    solving: dict[int, list[int]] = {}
    for pk, opportunity in through.order_by("pk").values_list("initiative", "opportunity"):
        solving.setdefault(pk, []).append(opportunity)
    return [
        Plan(Leaf("initiative", pk, title, Stage(stage).label.lower()), objective, tuple(solving.get(pk, ())))
        for pk, title, stage, objective in found
    ]


def _read_objectives(user: Any, product: Product, served: set[int | None]) -> list[Objective]:
    """Return the product's open objectives, and those of the company that they or its initiatives serve."""
    visible = Objective.objects.visible_to(user).filter(state=Objective.State.OPEN)
    asked = visible.filter(Q(product=product) | Q(product=None)).select_related("cycle")
    rows = list(asked.order_by("cycle__starts_on", "-cycle__ends_on", "title", "pk")[: 2 * _MOST_GOALS])
    by_pk = {one.pk: one for one in rows}
    kept: set[int] = set()
    for one in rows:
        at: Objective | None = one if one.product_id is not None or one.pk in served else None
        while at is not None and at.pk not in kept:
            kept.add(at.pk)
            at = by_pk.get(at.parent_id)
    return [one for one in rows if one.pk in kept][:_MOST_GOALS]


def first_words(text: str) -> str:
    """Return the first line of a Markdown text that says something, without its marks.

    >>> first_words("\\n# Work that a *team* can see\\n\\nMore.")
    'Work that a team can see'
    """
    lines = (line.strip("#>*_- \t").replace("*", "") for line in text.splitlines())
    return next((line for line in lines if line), "")[:200]
