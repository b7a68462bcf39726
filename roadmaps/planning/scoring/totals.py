"""Working scores out and writing them down: one, those that wait for each other, or all of a model."""

from collections.abc import Collection, Iterable

from roadmaps.planning.initiatives.public import Dependency
from roadmaps.planning.scoring.contracts import Definition, Given
from roadmaps.planning.scoring.models import Binding, Score, ScoringModel
from roadmaps.planning.scoring.reading import from_given, given_of
from roadmaps.planning.scoring.working import all_that_wait, work_out

WORKED = ["given", "own", "value", "least", "most", "weakest", "is_capped", "has_moved", "oldest_on", "worked_with"]
BATCH = 500


def fill_score(score: Score, definition: Definition, given: dict[str, Given]) -> None:
    """Write what was said into a score, and what it comes to by itself."""
    worked = work_out(definition, given)
    score.given = {key: from_given(one) for key, one in given.items()}
    score.own = score.value = worked.value
    score.least, score.most = worked.least, worked.most
    score.weakest, score.is_capped = worked.weakest, worked.is_capped
    score.has_moved = any(one.has_moved for one in given.values())
    score.oldest_on = min((one.on for one in given.values() if one.on and not one.bound), default=None)


def waiting_of(numbers: Collection[int] | None = None) -> dict[int, frozenset[int]]:
    """Return for each initiative all that wait for it, directly or through others; of some, or of all."""
    found = all_that_wait(Dependency.objects.order_by("pk").values_list("initiative_id", "needs_id"))
    return found if numbers is None else {one: found[one] for one in numbers if one in found}


def renew_totals(model: ScoringModel, changed: Collection[int] | None = None) -> int:
    """Add what each score unblocks, where the model counts that; return how many changed.

    With `changed`, only scores of these initiatives and of those that they wait for are looked at.
    """
    definition = model.definition
    if not definition.counts_unblocked:
        return 0
    waiting = waiting_of()
    wanted = Score.objects.filter(model=model)
    if changed is not None:
        touched = {*changed, *(needed for needed, those in waiting.items() if those & set(changed))}
        wanted = wanted.filter(initiative__in={*touched, *(one for key in touched for one in waiting.get(key, ()))})
    scores = {one.initiative_id: one for one in wanted.order_by("pk")}
    ends = {key: work_out(definition, given_of(one, definition)) for key, one in scores.items()}
    found = []
    for key, score in scores.items():
        if changed is not None and key not in touched:
            continue
        worked = [ends[key], *(ends[one] for one in waiting.get(key, ()) if one in ends)]
        known = [one for one in worked if one.value is not None] if worked[0].value is not None else []
        new = [sum(getattr(one, name) for one in known) if known else None for name in ("value", "least", "most")]
        if [score.value, score.least, score.most] != new:
            score.value, score.least, score.most = new
            found.append(score)
    Score.objects.bulk_update(found, ["value", "least", "most"], batch_size=BATCH)
    return len(found)


def rework(scores: Iterable[Score], model: ScoringModel) -> int:
    """Work scores out anew by what their model asks now; return how many there were."""
    definition, batch, n = model.definition, [], 0
    for score in scores:
        fill_score(score, definition, given_of(score, definition))
        score.worked_with = model.current
        batch.append(score)
        n += 1
    Score.objects.bulk_update(batch, WORKED, batch_size=BATCH)
    return n


def set_bindings(score: Score, given: dict[str, Given]) -> None:
    """Let the table of bindings say what the inputs say."""
    wanted = {key: one.bound for key, one in given.items() if one.bound}
    score.bindings.exclude(key__in=wanted).delete()
    for key, bound in wanted.items():
        kind, _, number = bound.partition(":")
        values = {"kind": kind, "thing_id": int(number) if number else None, "trouble": ""}
        Binding.objects.update_or_create(score=score, key=key, defaults=values)
