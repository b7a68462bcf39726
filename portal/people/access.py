"""The one door to "may this user?": rules by action, and the people's own objects."""

from dataclasses import dataclass
from typing import Any

from rest_framework.permissions import BasePermission

from portal.people.contracts import Role
from portal.people.models import ApiToken, Product, Team, User, Visibility
from portal.shell.errors import NotAllowed, NotFound


@dataclass(frozen=True)
class Rule:
    """Who may do an action: the least role, and whether the thing must be of one's own team (ops: of any)."""

    role: Role
    is_team_bound: bool = True


class SystemActor:
    """The portal itself, in tasks and commands: may do everything, is named in the audit trail."""

    pk = None
    is_active = is_authenticated = is_ops = is_admin = True
    role = Role.ADMIN
    team_ids: frozenset[int] = frozenset()

    def __str__(self) -> str:
        return "the portal"


class Anybody:
    """Nobody of the portal: in no team, with no rights; what they may not read is personal to somebody.

    They stand for readers who are not known: of a public link, of a pack in years to come, of whatever is for all.
    """

    pk = None
    is_active = True
    is_authenticated = is_ops = is_admin = False
    role = Role.VIEWER
    team_ids: frozenset[int] = frozenset()

    def __str__(self) -> str:
        return "anybody"


SYSTEM = SystemActor()
ANYBODY = Anybody()
_rules: dict[str, Rule] = {}


def allow(action: str, role: Role, *, is_team_bound: bool = True) -> None:
    """Name who may do an action, as "noun.verb"; each room does this in its `access.py`."""
    _rules[action] = Rule(role, is_team_bound)


def can_see(user: Any, thing: Any) -> bool:
    """Say whether a user may read a team's thing; the same rule as `visible_to`."""
    if not user.is_active:
        return False
    return user.is_ops or thing.visibility == Visibility.COMPANY or thing.team_id in user.team_ids


def is_insider(user: Any, team_id: int | None) -> bool:
    """Say whether a user may see personal data of a team: its members and ops."""
    return user.is_active and (user.is_ops or team_id in user.team_ids)


def can(user: Any, action: str, thing: Any = None) -> bool:
    """Say whether a user may do an action, to a thing where the rule needs one."""
    rule = _rules[action]
    if not user.is_active or Role(user.role).rank < rule.role.rank:
        return False
    if not rule.is_team_bound or user.is_ops or thing is None:
        return True
    return thing.team_id in user.team_ids


def require(actor: Any, action: str, thing: Any = None) -> None:
    """Raise NotAllowed unless the actor may do this."""
    if not can(actor, action, thing):
        raise NotAllowed()


def get_visible(queryset, user: Any, write: str = "", **lookup):
    """Return the one row of a team-owned queryset that the user may see, or NotFound; `write` names an action to check.

    The shape of every room's `get_<noun>`.
    """
    thing = queryset.visible_to(user).filter(**lookup).first()
    if thing is None:
        raise NotFound()
    if write:
        require(user, write, thing)
    return thing


def get_product(user: Any, slug: str, write: bool = False) -> Product:
    """Return a product by its slug."""
    return get_visible(Product.objects.select_related("team"), user, "products.edit" if write else "", slug=slug)


def get_team(user: Any, slug: str, write: bool = False) -> Team:
    """Return a team by its slug; everybody may know that a team exists."""
    team = Team.objects.filter(slug=slug).first()
    if team is None:
        raise NotFound()
    if write:
        require(user, "teams.edit")
    return team


def get_user(user: Any, user_id: int) -> User:
    """Return a person, for admins."""
    require(user, "people.edit")
    found = User.objects.filter(pk=user_id).first()
    if found is None:
        raise NotFound()
    return found


def get_token(user: Any, token_id: int) -> ApiToken:
    """Return one of a person's own tokens."""
    token = ApiToken.objects.filter(pk=token_id, user=user).first()
    if token is None:
        raise NotFound()
    return token


class MayEditPeople(BasePermission):
    """The API's door for what only admins may see."""

    def has_permission(self, request, view) -> bool:
        """Say whether the person manages people."""
        return can(request.user, "people.edit")


allow("products.edit", Role.ADMIN, is_team_bound=False)
allow("teams.edit", Role.ADMIN, is_team_bound=False)
allow("people.edit", Role.ADMIN, is_team_bound=False)
