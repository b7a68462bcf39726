"""Orders of a product's initiatives: who is in them, kept once a week, and why they moved."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.people.public import Product
from roadmaps.planning.initiatives.public import Initiative, Stage
from roadmaps.planning.scoring.contracts import Definition
from roadmaps.planning.scoring.models import KeptOrder, Score, ScoringModel
from roadmaps.planning.scoring.moves import Kept, Move, explain_moves
from roadmaps.planning.scoring.reading import given_of
from roadmaps.planning.scoring.working import capped

# What is still to be decided about: launched ones are in the world already.
RANKED_STAGES = (Stage.DISCOVERY, Stage.PROTOTYPING, Stage.BUILDING)
KEPT_WEEKS = 53


def counted_values(score: Score, definition: Definition) -> dict[str, float]:
    """Return the likely values that a score counted with: confidence as its labels allow."""
    given = given_of(score, definition)
    most_sure = capped(definition, given)
    return {key: min(one.likely, most_sure.get(key, one.likely)) for key, one in given.items()}


def ranked_scores(model: ScoringModel, product: Product | None = None) -> Any:
    """Return the scores of a model that an order holds: of initiatives that are to be decided about, with a value."""
    found = Score.objects.filter(model=model, initiative__stage__in=RANKED_STAGES, value__isnull=False)
    return found.filter(initiative__product=product) if product else found


def current_rows(model: ScoringModel, product: Product) -> list[Kept]:
    """Return an order as it is now."""
    definition = model.definition
    rows = ranked_scores(model, product).order_by("initiative_id")
    return [Kept(one.initiative_id, one.value, counted_values(one, definition)) for one in rows]


def keep_order(model: ScoringModel, product: Product, on: date) -> KeptOrder | None:
    """Keep an order as it is on the Monday of a day's week, once; None where nothing is scored."""
    monday = on - timedelta(days=on.weekday())
    if KeptOrder.objects.filter(model=model, product=product, kept_on=monday).exists():
        return None
    rows = [[one.key, one.score, one.values] for one in current_rows(model, product)]
    if not rows:
        return None
    values = {"worked_with": model.current, "rows": rows}
    kept, _ = KeptOrder.objects.get_or_create(model=model, product=product, kept_on=monday, defaults=values)
    old = KeptOrder.objects.filter(model=model, product=product, kept_on__lt=monday - timedelta(weeks=KEPT_WEEKS))
    old.delete()
    return kept


@dataclass(frozen=True)
class Moved:
    """Why an order moved since a day; the initiatives that are named, by number."""

    since: date
    moves: list[Move]
    names: dict[int, Initiative]
    has_new_model: bool = False


def order_moved(model: ScoringModel, product: Product, user: Any, *, before: date, most: int = 15) -> Moved | None:
    """Return what moved since the newest order that was kept before a day, as far as the user may see it.

    Ranks are among the initiatives that the user may see, then and now. None where no order was kept yet.
    """
    orders = KeptOrder.objects.filter(model=model, product=product, kept_on__lt=before)
    kept = orders.order_by("-kept_on").select_related("worked_with").first()
    if kept is None:
        return None
    seen = Initiative.objects.visible_to(user).filter(product=product).in_bulk()
    old = [Kept(number, score, values) for number, score, values in kept.rows if number in seen]
    new = [one for one in current_rows(model, product) if one.key in seen]
    moves = explain_moves(model.definition, old, new, most=most)
    names = {key for one in moves for key in (one.key, *one.passed_by)}
    named = {key: seen[key] for key in names}
    return Moved(kept.kept_on, moves, named, has_new_model=kept.worked_with_id != model.current_id)
