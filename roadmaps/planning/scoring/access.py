"""May this user read or change a scoring model, a score or a round?"""

from typing import Any

from portal.people.public import Role, allow, get_visible
from portal.shell.public import NotAllowed, NotFound
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.scoring.models import Round, Score, Scorer, ScoringModel

allow("scoring_models.edit", Role.OPS, is_team_bound=False)
allow("scores.edit", Role.PRODUCT_MANAGER)
allow("rounds.create", Role.PRODUCT_MANAGER)
allow("rounds.edit", Role.PRODUCT_MANAGER)


def get_model(user: Any, slug: str, write: bool = False) -> ScoringModel:
    """Return a scoring model; with `write`, for somebody who may change it."""
    models = ScoringModel.objects.select_related("current__written_by").exclude(current=None)
    return get_visible(models, user, "scoring_models.edit" if write else "", slug=slug)


def get_scored(user: Any, pk: int, write: bool = False) -> Initiative:
    """Return an initiative that the user may see; with `write`, may score."""
    return get_visible(Initiative.objects.of_rows(), user, "scores.edit" if write else "", pk=pk)


def get_score(user: Any, pk: int, write: bool = False) -> Score:
    """Return a score whose initiative the user may see; with `write`, may score."""
    found = Score.objects.visible_to(user).of_rows().filter(pk=pk).first()
    if found is None:
        raise NotFound()
    if write:
        get_scored(user, found.initiative_id, write=True)
    return found


def get_round(user: Any, pk: int, write: bool = False) -> Round:
    """Return a round that the user may see; with `write`, may lead."""
    return get_visible(Round.objects.of_rows(), user, "rounds.edit" if write else "", pk=pk)


def get_scorer(user: Any, round_: Round) -> Scorer:
    """Return a person's place in a round; others may look on, and score nothing."""
    found = Scorer.objects.filter(round=round_, user_id=user.pk).first()
    if found is None:
        raise NotAllowed("You are not asked to score in this round. Whoever leads it can ask you.")
    return found
