"""Orders read: which initiatives, their scores under a model, how sure the order is and what would change it."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import F, FilteredRelation, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.priorities.contracts import MOST_CAPACITY, Differing, Order
from roadmaps.planning.priorities.ordering import build_order, contenders
from roadmaps.planning.scoring.public import (
    MOST_RIVALS,
    MOST_ROWS,
    RANKED_STAGES,
    Flip,
    Score,
    ScoringModel,
    Standing,
    find_flips,
    kendall_tau,
    say_number,
    sheets_of,
    simulate,
    waiting_of,
)

_KEEP_S = 3600
_LAST = Value(float("-inf"))
MOST_FLIPPED = 6


def models_in_use(user: Any) -> list[ScoringModel]:
    """Return the models that people may score by, the first of which pages begin with."""
    return list(ScoringModel.objects.visible_to(user).live().exclude(current=None).select_related("current"))


def chosen_model(models: list[ScoringModel], slug: str) -> ScoringModel | None:
    """Return the model that the address names, else the first."""
    return next((one for one in models if one.slug == slug), models[0] if models else None)


def read_capacity(text: str) -> float | None:
    """Return the capacity that the address says; None where it says none that can be used."""
    try:
        value = float(text[:20])
    except ValueError:
        return None
    return value if 0 <= value <= MOST_CAPACITY else None


def scored_rows(user: Any, model: ScoringModel) -> QuerySet:
    """Return the initiatives to decide about that a user may see, each with its score under a model."""
    rows = Initiative.objects.visible_to(user).filter(stage__in=RANKED_STAGES)
    of_model = FilteredRelation("scores", condition=Q(scores__model=model.pk))
    return rows.annotate(
        of_model=of_model,
        score_id=F("of_model__pk"),
        score_value=F("of_model__value"),
        score_order=Coalesce(F("of_model__value"), _LAST),
        score_weakest=F("of_model__weakest"),
    )


def narrowed(rows: QuerySet, asked: Any) -> QuerySet:
    """Return rows of the product, team and stage that the address names: an order is among all of these.

    Words that somebody looks for are no part of it: who is found keeps the rank.
    """
    for name, field in (("product", "product__slug"), ("team", "team__slug"), ("stage", "stage")):
        if value := asked.get(name, "").replace("\0", "")[:100]:
            rows = rows.filter(**{field: value})
    return rows


def read_order(rows: QuerySet, capacity: float | None) -> Order:
    """Return the order of rows (from `scored_rows`) in one query."""
    names = ("pk", "of_model__value", "of_model__least", "of_model__most", "effort_months")
    return build_order(rows.order_by().values_list(*names), capacity)


@dataclass(frozen=True)
class Sureness:
    """How sure an order is: each contender's chance for the first n, and which single inputs would change the first."""

    n_top: int
    standings: list[tuple[Initiative, int, Standing]]
    flips: list[tuple[str, Flip]]
    n_contenders: int
    n_left_out: int
    has_ranges: bool


def read_sureness(model: ScoringModel, order: Order) -> Sureness:
    """Return how sure an order is; worked out once for as long as nothing of it changes."""
    n_top = order.n_top
    everyone = contenders(order.ranked, n_top, len(order.ranked))
    able = everyone[:MOST_ROWS]
    # Whoever is next may be a change of one input away, and no contender as the inputs are.
    wanted = {*able, *(one.key for one in order.ranked[: MOST_RIVALS + 1])}
    keys = [one.key for one in order.ranked if one.key in wanted]
    versions = list(Score.objects.filter(model=model, initiative__in=keys).values_list("pk", "version"))
    waiting = waiting_of(keys) if model.definition.counts_unblocked else {}
    print_ = repr(
        (model.current_id, n_top, sorted(versions), sorted((key, sorted(one)) for key, one in waiting.items()))
    )
    name = f"priorities:{hashlib.sha256(print_.encode()).hexdigest()}"
    found = cache.get(name)
    if found is None:
        found = _work_out(model, order, keys, waiting, n_top)
        cache.set(name, found, _KEEP_S)
    standings, flips = found
    named = Initiative.objects.in_bulk([*standings, *(one.key for one in flips), *(one.first for one in flips)])
    rows = [(named[key], order.places[key].rank, one) for key, one in standings.items() if key in named]
    rows.sort(key=lambda row: (row[1], row[0].pk))
    said = [(say_flip(one, named, order), one) for one in flips if one.key in named and one.first in named]
    has_ranges = any(one.least != one.most for one in order.ranked)
    return Sureness(n_top, rows, said, len(able), len(everyone) - len(able), has_ranges)


def _work_out(model: ScoringModel, order: Order, keys: list[int], waiting: Any, n_top: int) -> Any:
    needed = {*keys, *(one for those in waiting.values() for one in those)}
    scores = {one.initiative_id: one for one in Score.objects.filter(model=model, initiative__in=needed)}
    ordered = [scores[key] for key in keys if key in scores]
    others = [one for key, one in scores.items() if key not in set(keys)]
    sheets = sheets_of([*ordered, *others], model.definition, waiting)
    standings = {} if model.definition.is_label else simulate(model.definition, sheets, n_top=n_top)
    first = {one.key: one for one in standings.values() if one.key in order.places}
    totals = {one.key: one.value for one in order.ranked}
    flips = [] if model.definition.is_label else find_flips(
        model.definition, [one for one in sheets if one.key in totals], totals, most=MOST_FLIPPED
    )  # fmt: skip
    return first, flips


def say_flip(flip: Flip, named: dict[int, Initiative], order: Order) -> str:
    """Return a flip as a sentence: which input of what, over or under which value, and who is first then."""
    whose = named[flip.key].title
    sign = "is" if flip.input.rungs else "goes over" if flip.is_over else "falls below"
    value = say_number(flip.threshold)
    unit = f" {flip.input.unit}" if flip.input.unit and not flip.input.rungs else ""
    if flip.first == flip.key:
        return f"“{whose}” comes first if its {flip.input.label.lower()} {sign} {value}{unit}"
    return f"“{named[flip.first].title}” comes first if {flip.input.label.lower()} of “{whose}” {sign} {value}{unit}"


@dataclass(frozen=True)
class Comparison:
    """Two orders of the same initiatives: those that both score, the widest apart first, and how far they agree."""

    rows: list[tuple[Initiative, Differing]]
    n_both: int
    n_one: int
    tau: float | None


def compare_orders(rows_a: QuerySet, rows_b: QuerySet, *, most: int = 50) -> Comparison:
    """Return how two models' orders differ; ranks are among the initiatives that both score."""
    names = ("pk", "of_model__value")
    values = [
        {key: value for key, value in rows.order_by().values_list(*names) if value is not None}
        for rows in (rows_a, rows_b)
    ]
    both = values[0].keys() & values[1].keys()
    orders = [build_order(((key, one[key], one[key], one[key], None) for key in sorted(both)), None) for one in values]
    found = [Differing(key, orders[0].places[key].rank, orders[1].places[key].rank) for key in both]
    found.sort(key=lambda one: (-abs(one.apart), min(one.rank_a, one.rank_b), one.key))
    named = Initiative.objects.select_related("product").in_bulk([one.key for one in found[:most]])
    shown = [(named[one.key], one) for one in found[:most] if one.key in named]
    n_one = len(values[0].keys() ^ values[1].keys())
    same = [{key: one[key] for key in both} for one in values]
    return Comparison(shown, len(both), n_one, kendall_tau(*same))
