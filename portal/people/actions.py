"""Writes about people: users, teams, products, memberships and tokens; each checked, recorded, in one transaction."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from portal.audit.public import record, state_of
from portal.people.access import require
from portal.people.models import ApiToken, Membership, Product, Team, User
from portal.people.tokens import make_token
from portal.shell.errors import BadInput, Conflict, NotAllowed, refuse_unknown

_TAKEN_BY_PAGES = frozenset({"new"})
PREFERENCES = ("name", "time_zone", "theme", "has_shortcuts", "current_product")


def _change(thing: Any, verb: str, actor: Any, values: dict[str, Any]) -> Any:
    before = state_of(thing)
    for name, value in values.items():
        setattr(thing, name, value)
    _check(thing)
    if state_of(thing) != before:
        thing.save(update_fields=[*values, *(["updated_at"] if hasattr(thing, "updated_at") else [])])
        record(actor, verb, thing, before=before, after=state_of(thing))
    return thing


def _check(thing: Any) -> None:
    thing.full_clean()
    if getattr(thing, "slug", "") in _TAKEN_BY_PAGES:
        raise BadInput(fields={"slug": [f"“{thing.slug}” is the address of a page. Choose another."]})


def _create(thing: Any, verb: str, actor: Any) -> Any:
    _check(thing)
    thing.save()
    record(actor, verb, thing, after=state_of(thing))
    return thing


def _delete(thing: Any, verb: str, actor: Any) -> None:
    record(actor, verb, thing, before=state_of(thing))
    try:
        thing.delete()
    except ProtectedError as error:
        kinds = sorted({str(one._meta.verbose_name_plural) for one in error.protected_objects})
        raise Conflict(f"{thing} still has {', '.join(kinds)}. Move or remove them first.") from error


@transaction.atomic
def change_preferences(user: User, *, actor: Any, **values: Any) -> User:
    """Change what a person sets for themselves: name, time zone, theme, shortcuts, current product."""
    if actor.pk != user.pk:
        raise NotAllowed("Only the person themselves may change this.")
    refuse_unknown(values, PREFERENCES)
    return _change(user, "user.preferences_changed", actor, values)


@transaction.atomic
def create_user(*, actor: Any, email: str, name: str, role: str, time_zone: str = "UTC", teams: Any = ()) -> User:
    """Create a person without a password; they set one by the link in the mail that `accounts.invite` sends."""
    require(actor, "people.edit")
    user = User.objects.create_user(email, None, name=name, role=role, time_zone=time_zone)
    record(actor, "user.created", user, after=state_of(user))
    for team in teams:
        add_member(team, user, actor=actor)
    return user


@transaction.atomic
def change_user(user: User, *, actor: Any, **values: Any) -> User:
    """Change a person's address, name, role or zone; the last admin stays one, and a new role counts at once."""
    require(actor, "people.edit")
    if values.get("role", user.role) != user.role:
        _keep_an_admin(user)
    return _change(user, "user.changed", actor, values)


@transaction.atomic
def deactivate_user(user: User, *, actor: Any) -> User:
    """Take a person's access away at once: no sign-in, sessions ended, tokens revoked; what they made stays."""
    require(actor, "people.edit")
    if actor.pk == user.pk:
        raise NotAllowed("You cannot take your own access away. Ask another admin.")
    _keep_an_admin(user)
    changed = User.objects.filter(pk=user.pk, is_active=True).update(is_active=False)
    user.is_active = False
    if changed:
        end_sessions(user)
        ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())
        record(actor, "user.deactivated", user, before={"is_active": True}, after={"is_active": False})
    return user


@transaction.atomic
def activate_user(user: User, *, actor: Any) -> User:
    """Give a person their access back; tokens stay revoked."""
    require(actor, "people.edit")
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        record(actor, "user.activated", user, before={"is_active": False}, after={"is_active": True})
    user.is_active = True
    return user


def end_sessions(user: User) -> int:
    """End every session of a person; return how many there were."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)


def _keep_an_admin(user: User) -> None:
    if not user.is_admin:
        return
    others = User.objects.select_for_update().filter(role="admin", is_active=True).exclude(pk=user.pk)
    if not others.exists():
        raise NotAllowed("This is the last admin. Make somebody else an admin first.")


@transaction.atomic
def create_team(*, actor: Any, name: str, slug: str) -> Team:
    """Create a team."""
    require(actor, "teams.edit")
    return _create(Team(name=name, slug=slug), "team.created", actor)


@transaction.atomic
def change_team(team: Team, *, actor: Any, **values: Any) -> Team:
    """Change a team's name or address."""
    require(actor, "teams.edit")
    return _change(team, "team.changed", actor, values)


@transaction.atomic
def delete_team(team: Team, *, actor: Any) -> None:
    """Remove a team that owns nothing."""
    require(actor, "teams.edit")
    _delete(team, "team.deleted", actor)


@transaction.atomic
def add_member(team: Team, user: User, *, actor: Any) -> Membership:
    """Put a person into a team; once in, again in is no change."""
    require(actor, "teams.edit")
    membership, is_new = Membership.objects.get_or_create(team=team, user=user)
    if is_new:
        record(actor, "team.member_added", team, note=f"user {user.pk}")
    return membership


@transaction.atomic
def remove_member(team: Team, user: User, *, actor: Any) -> None:
    """Take a person out of a team: the team's own things are closed to them from the next request on."""
    require(actor, "teams.edit")
    n_gone, _ = Membership.objects.filter(team=team, user=user).delete()
    if n_gone:
        record(actor, "team.member_removed", team, note=f"user {user.pk}")


@transaction.atomic
def create_product(*, actor: Any, **values: Any) -> Product:
    """Create a product that a team owns."""
    require(actor, "products.edit")
    return _create(Product(**values), "product.created", actor)


@transaction.atomic
def change_product(product: Product, *, actor: Any, **values: Any) -> Product:
    """Change a product's name, team, owner or visibility."""
    require(actor, "products.edit")
    return _change(product, "product.changed", actor, values)


@transaction.atomic
def delete_product(product: Product, *, actor: Any) -> None:
    """Remove a product that nothing is about."""
    require(actor, "products.edit")
    _delete(product, "product.deleted", actor)


@transaction.atomic
def create_token(user: User, *, actor: Any, name: str, scope: str, expires_at: Any) -> tuple[ApiToken, str]:
    """Make an API token for oneself; its text is returned this once and never kept."""
    if actor.pk != user.pk:
        raise NotAllowed("A token speaks for a person; only they may make it.")
    if expires_at <= timezone.now():
        raise BadInput(fields={"expires_at": ["Choose a time in the future."]})
    token, text = make_token(user, name, scope, expires_at)
    record(actor, "token.created", token, after={"scope": scope, "expires_at": expires_at, "prefix": token.prefix})
    return token, text


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: Any) -> ApiToken:
    """Make a token useless, at once; its owner and admins may."""
    if actor.pk != token.user_id:
        require(actor, "people.edit")
    now = timezone.now()
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        record(actor, "token.revoked", token, before={"revoked_at": None}, after={"revoked_at": now})
    token.refresh_from_db(fields=["revoked_at"])
    return token


@transaction.atomic
def note_invitation(user: User, *, actor: Any) -> None:
    """Record that a person is sent the link to set a password once more."""
    require(actor, "people.edit")
    if not user.is_active:
        raise NotAllowed("This person has no access. Give it back first.")
    record(actor, "user.invited", user)
