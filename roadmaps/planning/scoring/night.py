"""The night's work on scores: measured inputs are read again, totals follow what waits for what, orders are kept."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.people.public import Product
from roadmaps.planning.scoring.contracts import Reading
from roadmaps.planning.scoring.measuring import measures
from roadmaps.planning.scoring.models import Binding, Score, ScoringModel
from roadmaps.planning.scoring.orders import keep_order
from roadmaps.planning.scoring.reading import given_of
from roadmaps.planning.scoring.totals import WORKED, fill_score, renew_totals, rework

_BATCH = 200


def refresh_at_night(night: Any) -> None:
    """Read what inputs are bound to again and keep this week's orders; run again, it changes nothing more."""
    numbers = list(Binding.objects.order_by("score_id").values_list("score_id", flat=True).distinct())
    for start in range(0, len(numbers), _BATCH):
        night.check_still_mine()
        refresh_measured(numbers[start : start + _BATCH])
        night.progress(min(start + _BATCH, len(numbers)), len(numbers), "measured scores")
    today = timezone.localdate(night.now)
    for model in ScoringModel.objects.live().select_related("current").exclude(current=None):
        night.check_still_mine()
        finish_rework(model)
        renew_totals(model)
        products = Product.objects.filter(pk__in=_scored_products(model)).order_by("pk")
        for product in products:
            keep_order(model, product, today)


def _scored_products(model: ScoringModel) -> Any:
    return Score.objects.filter(model=model).order_by().values("initiative__product").distinct()


@transaction.atomic
def refresh_measured(numbers: Iterable[int]) -> int:
    """Read the measured inputs of some scores again; return how many scores changed."""
    scores = Score.objects.select_for_update(of=("self",)).select_related("model__current").filter(pk__in=numbers)
    rows = {one.pk: one for one in scores.order_by("pk")}
    bindings = list(Binding.objects.filter(score__in=rows).order_by("pk"))
    readings = _read(bindings, {pk: one.initiative_id for pk, one in rows.items()})
    changed: dict[int, Score] = {}
    now = timezone.now()
    for binding in bindings:
        found = readings.get(binding.pk, "This kind of number is not known any more.")
        binding.trouble, score = found if isinstance(found, str) else "", rows[binding.score_id]
        if isinstance(found, str):
            continue
        binding.read_at = now
        if _take(score, binding.key, found):
            changed[score.pk] = score
    Binding.objects.bulk_update(bindings, ["trouble", "read_at"], batch_size=_BATCH)
    Score.objects.bulk_update(changed.values(), [*WORKED, "version"], batch_size=_BATCH)
    by_model: dict[ScoringModel, set[int]] = defaultdict(set)
    for score in changed.values():
        by_model[score.model].add(score.initiative_id)
    for model, initiatives in by_model.items():
        renew_totals(model, initiatives)
    return len(changed)


def _read(bindings: list[Binding], initiative_of: dict[int, int]) -> dict[int, Reading | str]:
    by_kind: dict[str, list[Binding]] = defaultdict(list)
    for one in bindings:
        by_kind[one.kind].append(one)
    found: dict[int, Reading | str] = {}
    for kind, rows in by_kind.items():
        measure = measures().get(kind)
        if measure is None:
            continue
        pairs = {one.pk: (initiative_of[one.score_id], one.thing_id) for one in rows}
        readings = measure.read(list(set(pairs.values())))
        found |= {pk: readings[pair] for pk, pair in pairs.items()}
    return found


def _take(score: Score, key: str, reading: Reading) -> bool:
    """Take a number over, within what the input may be; say whether anything changed."""
    definition = score.model.definition
    asked, given = definition.find(key), given_of(score, definition)
    if asked is None or key not in given:
        return False
    value = min(max(reading.value, asked.least), asked.most)
    old = given[key]
    if (old.likely, old.on, old.source) == (value, reading.on, reading.title):
        return False
    given[key] = replace(old, likely=value, on=reading.on, source=reading.title)
    fill_score(score, definition, given)
    score.version += old.likely != value
    return True


def finish_rework(model: ScoringModel) -> int:
    """Work out anew what is still of an older version of a model, in pieces; return how many scores that were."""
    n = 0
    while True:
        with transaction.atomic():
            old = Score.objects.select_for_update(of=("self",), skip_locked=True).filter(model=model)
            rows = list(old.exclude(worked_with=model.current_id).order_by("pk")[:_BATCH])
            n += rework(rows, model)
        if not rows:
            return n
