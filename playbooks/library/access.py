"""May this user read, write or publish a playbook?"""

from typing import Any

from playbooks.library.models import Playbook, PlaybookVersion
from portal.people.public import Role, allow, can, get_visible
from portal.shell.public import NotAllowed, NotFound

allow("playbooks.create", Role.PRODUCT_MANAGER)
allow("playbooks.edit", Role.PRODUCT_MANAGER)
allow("playbooks.publish", Role.OPS, is_team_bound=False)
allow("playbooks.import", Role.OPS, is_team_bound=False)
allow("playbooks.rules", Role.ADMIN, is_team_bound=False)


def get_playbook(user: Any, slug: str, write: bool = False) -> Playbook:
    """Return a playbook that the user may see; with `write`, may write in too."""
    return get_visible(Playbook.objects.of_page(), user, "playbooks.edit" if write else "", slug=slug)


def get_playbook_to_decide(user: Any, slug: str) -> Playbook:
    """Return a playbook about which the user may decide."""
    playbook = get_playbook(user, slug)
    require_decision(user, playbook)
    return playbook


def get_version(playbook: Playbook, number: int | str) -> PlaybookVersion:
    """Return a published version of a playbook by its number, also as an address has it."""
    is_number = isinstance(number, int) or (number.isascii() and number.isdecimal() and len(number) < 6)
    found = playbook.versions.filter(number=number if is_number else 0).select_related("published_by").first()
    if found is None:
        raise NotFound("There is no such version.")
    return found


def may_read_draft(user: Any, playbook: Playbook) -> bool:
    """Say whether a user may read what is being written: who may write in it, and who decides about it."""
    return can(user, "playbooks.edit", playbook) or may_decide(user, playbook)


def may_decide(user: Any, playbook: Playbook) -> bool:
    """Say whether a user may publish, decline and confirm: ops, and its verifier while they are of its team."""
    if can(user, "playbooks.publish"):
        return True
    return user.is_active and playbook.verifier_id == user.pk and playbook.team_id in user.team_ids


def require_decision(actor: Any, playbook: Playbook) -> None:
    """Raise NotAllowed unless the actor decides about this playbook."""
    if not may_decide(actor, playbook):
        raise NotAllowed("Ops and its verifier decide about a playbook. Send it to review.")
