"""May this user read or change a bet, an outcome review, or what a month costs?"""

from typing import Any

from portal.people.public import Role, allow, require
from portal.shell.public import NotFound
from roadmaps.outcomes.models import Bet, OutcomeReview

allow("bets.write", Role.PRODUCT_MANAGER)
allow("outcome_reviews.answer", Role.PRODUCT_MANAGER)
allow("month_costs.edit", Role.OPS, is_team_bound=False)


def get_bet(user: Any, pk: int, write: bool = False) -> Bet:
    """Return a bet whose initiative the user may see; with `write`, for somebody who may write bets of its team."""
    found = Bet.objects.visible_to(user).of_rows().filter(pk=pk).first()
    return _checked(user, found, "bets.write" if write else "")


def get_review(user: Any, pk: int, write: bool = False) -> OutcomeReview:
    """Return a review whose initiative the user may see; with `write`, for somebody who may answer it."""
    found = OutcomeReview.objects.visible_to(user).of_rows().filter(pk=pk).first()
    return _checked(user, found, "outcome_reviews.answer" if write else "")


def _checked(user: Any, found: Any, action: str) -> Any:
    if found is None:
        raise NotFound()
    if action:
        require(user, action, found.initiative)
    return found
