"""Orders of a product's initiatives: who is in them, kept once a week, and why they moved."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from portal.people.public import Product
from roadmaps.planning.initiatives.public import Initiative, Stage
from roadmaps.planning.scoring.contracts import Definition
from roadmaps.planning.scoring.models import KeptOrder, Score, ScoringModel
from roadmaps.planning.scoring.moves import Kept, Move, explain_moves, moved_between
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
    until: date | None = None
    has_new_model: bool = False


@dataclass(frozen=True)
class OrderNews:
    """An order that was kept on the day `until`, and the day of the one before that a reader knows."""

    model: ScoringModel
    product: Product
    since: date
    until: date


def order_moved(
    model: ScoringModel, product: Product, user: Any, *, before: date, until: date | None = None, most: int = 15
) -> Moved | None:
    """Return what moved since the newest order that was kept before a day, as far as the user may see it.

    Ranks are among the initiatives that the user may see, then and now, or then and in the order that was kept on the
    day `until`. None where no order was kept yet, or none on that day.
    """
    orders = KeptOrder.objects.filter(model=model, product=product).order_by("-kept_on")
    kept = orders.filter(kept_on__lt=before).first()
    newer = orders.filter(kept_on=until).first() if until else None
    if kept is None or (until and newer is None):
        return None
    visible = Initiative.objects.visible_to(user).filter(product=product)
    seen = set(visible.order_by().values_list("pk", flat=True))
    old = [one for one in _rows_of(kept) if one.key in seen]
    new = [one for one in _rows_of(newer) if one.key in seen] if newer else _rows_now(model, product, seen, old)
    moves = explain_moves(model.definition, old, new, most=most)
    named = visible.in_bulk({key for one in moves for key in (one.key, *one.passed_by)})
    asked_then = newer.worked_with_id if newer else model.current_id
    return Moved(kept.kept_on, moves, named, until, has_new_model=kept.worked_with_id != asked_then)


def _rows_of(kept: KeptOrder) -> list[Kept]:
    return [Kept(number, score, values) for number, score, values in kept.rows]


def _rows_now(model: ScoringModel, product: Product, seen: Collection[int], old: Sequence[Kept]) -> list[Kept]:
    """Return an order as it is now; what was said is read of those alone that do not stand where they stood."""
    scores = ranked_scores(model, product).order_by("initiative_id")
    rows = [Kept(key, value, {}) for key, value in scores.values_list("initiative_id", "value") if key in seen]
    moved = scores.filter(initiative__in=moved_between(old, rows))
    values = {one.initiative_id: counted_values(one, model.definition) for one in moved}
    return [replace(one, values=values[one.key]) if one.key in values else one for one in rows]


def news_of_orders(models: Sequence[ScoringModel], products: Sequence[Product], since: datetime) -> list[OrderNews]:
    """Return of which models and products an order was kept since a moment, and which one was known before it.

    Who is told at any moments, each time since the one before, hears of each kept order once: of the first that
    there is nothing can be said.
    """
    orders = KeptOrder.objects.filter(model__in=models, product__in=products)
    newest = orders.filter(kept_at__gt=since).order_by("model_id", "product_id", "-kept_on")
    named = {one.pk: one for one in models}, {one.pk: one for one in products}
    found = []
    for pair in newest.distinct("model_id", "product_id").values_list("model_id", "product_id", "kept_on"):
        model, product, until = named[0][pair[0]], named[1][pair[1]], pair[2]
        before = orders.filter(model=model, product=product, kept_on__lt=until).order_by("-kept_on")
        known = before.filter(kept_at__lte=since).first() or before.last()
        if known is not None:
            found.append(OrderNews(model, product, known.kept_on, until))
    return found
