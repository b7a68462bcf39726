"""May this user set a target, see whom to call, plan a call? What names people is for the product's team and ops."""

from typing import Any

from insights.voice.listening.models import Call, CallReason, CallSuggestion, ContactTarget
from portal.people.public import Product, Role, Team, allow, can, get_team, get_visible, is_insider, require
from portal.shell.public import NotFound

allow("contact_targets.edit", Role.PRODUCT_MANAGER)
allow("calls.edit", Role.PRODUCT_MANAGER)
allow("call_reasons.edit", Role.PRODUCT_MANAGER)


def may_set_target(user: Any, team_id: int) -> bool:
    """Say whether a user may say what a team wants: its product managers and ops."""
    return can(user, "contact_targets.edit", ContactTarget(team_id=team_id))


def get_team_to_target(user: Any, slug: str) -> Team:
    """Return a team whose target the user may set."""
    team = get_team(user, slug)
    require(user, "contact_targets.edit", ContactTarget(team=team))
    return team


def get_target(user: Any, pk: int, write: bool = False) -> ContactTarget:
    """Return what a team wants; with `write`, may change too."""
    target = ContactTarget.objects.visible_to(user).select_related("team").filter(pk=pk).first()
    if target is None:
        raise NotFound()
    if write:
        require(user, "contact_targets.edit", target)
    return target


def products_to_call_for(user: Any) -> list[Product]:
    """Return the products whose customers a user may know by name: those of their teams, all for ops."""
    return [product for product in user.visible_products if is_insider(user, product.team_id)]


def get_call(user: Any, pk: int, write: bool = False) -> Call:
    """Return a call of the user's teams; with `write`, may change too."""
    return get_visible(Call.objects.dressed(), user, "calls.edit" if write else "", pk=pk)


def get_suggestion(user: Any, pk: int, write: bool = False) -> CallSuggestion:
    """Return somebody whom a list of the user's teams suggests; with `write`, may plan a call too."""
    rows = CallSuggestion.objects.select_related("product__team", "person__id_space__product__team", "account")
    return get_visible(rows, user, "calls.edit" if write else "", pk=pk)


def get_reason(user: Any, pk: int, write: bool = False) -> CallReason:
    """Return a reason to call of the user's teams; with `write`, may change too."""
    rows = CallReason.objects.select_related("product__team", "cohort")
    return get_visible(rows, user, "call_reasons.edit" if write else "", pk=pk)
