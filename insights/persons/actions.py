"""Writes about persons: merges, joins taken back, erasures; done by the store, recorded there."""

from typing import Any

from insights.events.public import PersonJoin, erase_person, merge_persons, undo_join, wait_for_writer
from insights.persons.access import get_person_ids
from portal.people.public import require
from portal.shell.public import BadInput

# A person waits at the door no longer than this for a load that is being written.
PATIENCE_S = 15.0


def merge(no: int, other_no: int, *, actor: Any) -> PersonJoin:
    """Make another person a part of this one, for the past too."""
    require(actor, "persons.merge")
    scope, ids = get_person_ids(actor, no)
    other_scope, other_ids = get_person_ids(actor, other_no)
    if scope.space.pk != other_scope.space.pk:
        raise BadInput(
            "These two persons live in different id spaces, so they can never be one.",
            fields={"other": [f"Name a person of {scope.space}."]},
        )
    wait_for_writer(PATIENCE_S)
    return merge_persons(scope.space, other_ids[0].distinct_id, ids[0].distinct_id, actor=actor)


def take_back(join: PersonJoin, *, actor: Any) -> PersonJoin:
    """Undo a join: the ids are again whoever the other joins say."""
    require(actor, "persons.merge")
    wait_for_writer(PATIENCE_S)
    return undo_join(join, actor=actor)


def erase(no: int, *, confirm: str, actor: Any) -> dict[str, int]:
    """Erase a person everywhere; `confirm` must be the id that stands for the person."""
    require(actor, "persons.erase")
    scope, ids = get_person_ids(actor, no)
    if confirm != ids[0].distinct_id:
        raise BadInput(
            "This is not the id of the person. Nothing was erased.",
            fields={"confirm": [f"Type the id exactly: {ids[0].distinct_id}"]},
        )
    wait_for_writer(PATIENCE_S)
    return erase_person(scope.space, ids[0].distinct_id, actor=actor)
