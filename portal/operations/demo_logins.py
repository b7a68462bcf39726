"""The demo's logins: one user of each role with a random password, kept in `var/` for as long as they exist."""

import json
import secrets
from pathlib import Path

from django.conf import settings
from django.db import transaction

from portal.audit.public import record
from portal.operations.installation import write_private
from portal.people.public import SYSTEM, Role, User

_PEOPLE = {
    Role.VIEWER: ("viewer@demo.example", "Vito Lang"),
    Role.PRODUCT_MANAGER: ("manager@demo.example", "Mara Lind"),
    Role.OPS: ("ops@demo.example", "Oskar Reyes"),
    Role.ADMIN: ("admin@demo.example", "Ada Brandt"),
}
EMAILS = tuple(email for email, _ in _PEOPLE.values())


def logins_file() -> Path:
    """Return the file that holds the demo's passwords."""
    return settings.VAR_DIR / "demo-logins.json"


def list_demo_logins() -> list[dict[str, str]]:
    """Return the logins as {role, email, password}, or nothing."""
    try:
        return json.loads(logins_file().read_text())
    except FileNotFoundError:
        return []


def list_demo_users() -> dict[str, User]:
    """Return the demo's active users by role."""
    return {user.role: user for user in User.objects.filter(email__in=EMAILS, is_active=True)}


def _password() -> str:
    # 71 bits, easy to type and to copy by a double click.
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(14))


def ensure_demo_logins() -> list[dict[str, str]]:
    """Make the demo's users when there are no users at all; return the logins that exist."""
    if settings.IS_PRODUCTION or User.objects.exists():
        return list_demo_logins() if list_demo_users() else []
    # Kept from a start that was killed between the file and the users; the file comes first, so no password is lost.
    logins = list_demo_logins() or [
        {"role": role.value, "email": email, "password": _password()} for role, (email, _) in _PEOPLE.items()
    ]
    write_private(logins_file(), logins)
    with transaction.atomic():
        for login in logins:
            role = Role(login["role"])
            user = User.objects.create_user(login["email"], login["password"], name=_PEOPLE[role][1], role=role)
            record(SYSTEM, "user.created", user, note="demo login")
    return logins


@transaction.atomic
def remove_demo_logins(*, actor) -> int:
    """Close the demo's logins and forget their passwords; what they made stays. Return how many were closed."""
    users = list(User.objects.filter(email__in=EMAILS, is_active=True))
    for user in users:
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
        record(actor, "user.deactivated", user, note="demo login")
    logins_file().unlink(missing_ok=True)
    return len(users)
