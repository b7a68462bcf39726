"""May this user see who asked for a thing, say what becomes of it, and tell them? Its team and ops."""

from typing import Any

from insights.voice.closing.contracts import AskedForKind
from insights.voice.closing.models import StatusChange, Telling
from portal.people.public import Role, allow, is_insider, require
from portal.shell.public import NotFound, registry

allow("closing.tell", Role.PRODUCT_MANAGER)


def get_kind(kind: str) -> AskedForKind:
    """Return a kind of thing that people asked for."""
    kinds: dict[str, AskedForKind] = {piece.kind: piece for piece in registry.all(AskedForKind)}
    if kind not in kinds:
        raise NotFound()
    return kinds[kind]


def get_thing(user: Any, kind: str, thing_id: int, write: bool = False) -> Any:
    """Return a thing that people asked for, for those who may know who they are; with `write`, may tell them too."""
    thing = get_kind(kind).get(user, thing_id, False)
    if not is_insider(user, thing.team_id):
        raise NotFound()
    if write:
        require(user, "closing.tell", thing)
    return thing


def get_change(user: Any, pk: int, write: bool = False) -> StatusChange:
    """Return a status change of the user's teams; with `write`, whose people they may tell."""
    change = StatusChange.objects.visible_to(user).dressed().filter(pk=pk).first()
    if change is None:
        raise NotFound()
    if write:
        require(user, "closing.tell", change)
    return change


def get_telling(user: Any, pk: int, write: bool = False) -> Telling:
    """Return somebody who is to be told; with `write`, whom the user may tell."""
    telling = Telling.objects.visible_to(user).dressed().filter(pk=pk).first()
    if telling is None:
        raise NotFound()
    if write:
        require(user, "closing.tell", telling.change)
    return telling
