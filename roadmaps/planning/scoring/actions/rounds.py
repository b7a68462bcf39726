"""Blind rounds: asking people, handing in unseen, revealing to all at once, and settling what counts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit.public import record, state_of
from portal.people.public import Product, User, require
from portal.shell.public import BadInput, Conflict, NotFound, refuse_stale
from roadmaps.goals.public import line
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.scoring.access import get_scorer
from roadmaps.planning.scoring.actions.scores import Said, score_initiative
from roadmaps.planning.scoring.checking import check_given, refuse_unknown_inputs
from roadmaps.planning.scoring.models import Ballot, Remark, Round, RoundItem, Score, Scorer, ScoringModel
from roadmaps.planning.scoring.telling import tell_asked, tell_complete

MOST_ITEMS = 30
MOST_SCORERS = 30
FEWEST_BALLOTS = 2
_OVER = "This round is not open any more. Reload the page."


@transaction.atomic
def open_round(
    product: Product,
    model: ScoringModel,
    *,
    title: str,
    initiatives: Sequence[Initiative],
    people: Sequence[User],
    actor: Any,
    due_on: date | None = None,
    visibility: str = "company",
) -> Round:
    """Ask several people to score initiatives of a product without seeing each other's numbers."""
    made = Round(product=product, team=product.team, model=model, worked_with=model.current, due_on=due_on)
    made.visibility, made.owner_id = visibility, actor.pk or None
    require(actor, "rounds.create", made)
    made.title = line("title", title, 200)
    if model.is_archived:
        raise BadInput(fields={"model": ["This model was put away. Use another one."]})
    things = list({one.pk: one for one in initiatives}.values())
    scorers = list({one.pk: one for one in people}.values())
    if not 1 <= len(things) <= MOST_ITEMS or any(one.product_id != product.pk for one in things):
        raise BadInput(fields={"initiatives": [f"Choose 1 to {MOST_ITEMS} initiatives of the product."]})
    if not FEWEST_BALLOTS <= len(scorers) <= MOST_SCORERS:
        raise BadInput(fields={"people": [f"Ask {FEWEST_BALLOTS} to {MOST_SCORERS} people: one alone has no spread."]})
    made.save()
    RoundItem.objects.bulk_create(RoundItem(round=made, initiative=one) for one in things)
    Scorer.objects.bulk_create(Scorer(round=made, user=one) for one in scorers)
    after = {**state_of(made), "initiatives": [one.pk for one in things], "people": [one.pk for one in scorers]}
    record(actor, "round.opened", made, after=after)
    tell_asked(made, scorers, actor=actor)
    return made


@transaction.atomic
def hand_in(
    round_: Round,
    *,
    actor: Any,
    ballots: Mapping[int, Mapping[str, float]],
    notes: Mapping[int, str] | None = None,
    is_done: bool = True,
) -> Scorer:
    """Keep what one person says of a round's initiatives, by initiative and input; with `is_done` it is handed in.

    Until the reveal it is theirs alone. What they leave out they have no opinion on.
    """
    current = _locked(round_)
    scorer = get_scorer(actor, current)
    if current.state != Round.State.OPEN:
        raise Conflict(_OVER)
    if scorer.done_at is not None:
        raise Conflict("You handed in already. Take it back to change it, as long as nothing is revealed.")
    definition = current.worked_with.asks
    items = {one.initiative_id: one for one in current.items.all()}
    today = timezone.localdate()
    for number, values in ballots.items():
        if number not in items:
            raise BadInput("This round does not score one of these initiatives.")
        refuse_unknown_inputs(definition, values)
        given = {}
        for key, value in values.items():
            asked = definition.find(key)
            try:
                given[key] = check_given(asked, {"likely": value}, today=today, by=actor.pk, reading=None).likely
            except BadInput as fault:
                raise BadInput(fields={f"{number}.{key}": next(iter(fault.fields.values()))}) from fault
        note = line(f"{number}.note", (notes or {}).get(number, ""), 500, is_needed=False)
        Ballot.objects.update_or_create(item=items[number], scorer=scorer, defaults={"given": given, "note": note})
    if is_done:
        if not any(ballot.given for ballot in scorer.ballots.all()):
            raise BadInput("You have said nothing yet. Score at least one initiative.")
        scorer.done_at = timezone.now()
        scorer.save(update_fields=["done_at"])
        record(actor, "round.handed_in", current)
        if not current.scorers.filter(done_at=None).exists():
            tell_complete(current)
    return scorer


@transaction.atomic
def take_back(round_: Round, *, actor: Any) -> Scorer:
    """Take back what one handed in, to change it, as long as nothing is revealed."""
    current = _locked(round_)
    scorer = get_scorer(actor, current)
    if current.state != Round.State.OPEN or scorer.done_at is None:
        raise Conflict(_OVER if current.state != Round.State.OPEN else "You did not hand in yet.")
    scorer.done_at = None
    scorer.save(update_fields=["done_at"])
    record(actor, "round.taken_back", current)
    return scorer


@transaction.atomic
def reveal_round(round_: Round, *, actor: Any, version: int | None = None) -> Round:
    """Show what everybody handed in, to all at once; from then on nobody hands in."""
    require(actor, "rounds.edit", round_)
    current = _locked(round_)
    if current.state != Round.State.OPEN:
        raise Conflict(_OVER)
    if version is not None:
        refuse_stale(current, version)
    n_done = current.scorers.filter(done_at__isnull=False).count()
    if n_done < FEWEST_BALLOTS:
        raise Conflict(f"Only {n_done} handed in. Wait for {FEWEST_BALLOTS} at least: one alone has no spread.")
    current.state, current.revealed_at, current.version = Round.State.REVEALED, timezone.now(), current.version + 1
    current.save()
    record(actor, "round.revealed", current, after={"n_handed_in": n_done})
    return current


@transaction.atomic
def cancel_round(round_: Round, *, actor: Any) -> Round:
    """End a round without settling it; what was not revealed is shown to nobody."""
    require(actor, "rounds.edit", round_)
    current = _locked(round_)
    if current.state not in (Round.State.OPEN, Round.State.REVEALED):
        raise Conflict(_OVER)
    current.state, current.version = Round.State.CANCELLED, current.version + 1
    current.save()
    record(actor, "round.cancelled", current)
    return current


@transaction.atomic
def add_remark(item: RoundItem, *, text: str, actor: Any) -> Remark:
    """Say something about an item once its numbers are shown: who scores in the round, or leads it."""
    current = _locked(item.round)
    if current.state not in (Round.State.REVEALED, Round.State.SETTLED):
        raise Conflict("Nothing is revealed yet. Talk once the numbers are there, so that nobody is led.")
    if not Scorer.objects.filter(round=current, user_id=actor.pk).exists():
        require(actor, "rounds.edit", current)
    remark = Remark.objects.create(item=item, text=line("text", text, 1000), by_id=actor.pk or None)
    record(actor, "round.remarked", current, after={"initiative": item.initiative_id})
    return remark


@transaction.atomic
def settle_item(item: RoundItem, *, actor: Any, inputs: Said, note: str = "") -> Score:
    """Agree on the numbers of one initiative: they become its score. The last one settles the round."""
    current = _locked(item.round)
    require(actor, "rounds.edit", current)
    if current.state not in (Round.State.REVEALED, Round.State.SETTLED):
        raise Conflict("Reveal the round first.")
    initiative = Initiative.objects.visible_to(actor).select_related("team").filter(pk=item.initiative_id).first()
    if initiative is None:
        raise NotFound()
    model = ScoringModel.objects.select_related("current").get(pk=current.model_id)
    score = score_initiative(initiative, model, actor=actor, inputs=inputs, note=note)
    RoundItem.objects.filter(pk=item.pk).update(settled_at=timezone.now())
    if current.state == Round.State.REVEALED and not current.items.filter(settled_at=None).exists():
        current.state, current.version = Round.State.SETTLED, current.version + 1
        current.save()
    record(actor, "round.item_settled", current, after={"initiative": item.initiative_id, "value": score.value})
    return score


def _locked(round_: Round) -> Round:
    if not Round.objects.select_for_update().filter(pk=round_.pk).exists():
        raise NotFound()
    return Round.objects.of_rows().get(pk=round_.pk)
