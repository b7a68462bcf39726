"""Merges of persons by ops, and taking joins back."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.events.engine import working_connection
from insights.events.identities import Claim, apply_plan, plan_joins, undo_joins, write_person_map
from insights.events.ingest import spans_of_moves
from insights.events.manifest import publish, writer_lock
from insights.events.models import DistinctId, IdSpace, Manifest, PersonJoin
from insights.events.parts import PartWriter
from portal.audit.public import record
from portal.people.public import require
from portal.shell.public import BadInput, Conflict, NotFound


def merge_persons(
    space: IdSpace, from_id: str, to_id: str, *, actor: Any, also: Callable[[PersonJoin], None] | None = None
) -> PersonJoin:
    """Make the person of one id a part of another's, for the past too; `undo_join` takes it back.

    `also` is called with the join in the transaction that makes it.
    """
    require(actor, "persons.merge")
    old, new = (_find(space, text) for text in (from_id, to_id))
    if old.resolved_no == new.resolved_no:
        raise BadInput("These two ids are one person already.", fields={"to_id": ["Name another person."]})
    claim = Claim(PersonJoin.Kind.MERGE, old.no, new.no, timezone.now())
    with writer_lock() as base_version, working_connection() as duck:
        return _publish_merge(space, claim, base_version, PartWriter(duck), actor, also)


@transaction.atomic
def _publish_merge(
    space: IdSpace,
    claim: Claim,
    base_version: int,
    writer: PartWriter,
    actor: Any,
    also: Callable[[PersonJoin], None] | None,
) -> PersonJoin:
    plan = plan_joins([claim], space, None, actor.pk)
    if not plan.joins:
        raise Conflict()
    apply_plan(plan)
    _publish_moves(writer, base_version, set(plan.new_person_of), space)
    record(actor, "person.merged", plan.joins[0], after={"from": claim.from_no, "to": claim.to_no})
    if also is not None:
        also(plan.joins[0])
    return plan.joins[0]


def undo_join(join: PersonJoin, *, actor: Any, also: Callable[[], None] | None = None) -> PersonJoin:
    """Take an active join back: the ids are again whoever the other joins say; `also` runs in its transaction."""
    require(actor, "persons.merge")
    with writer_lock() as base_version, working_connection() as duck:
        _publish_undo(join, base_version, PartWriter(duck), actor, also)
    join.refresh_from_db()
    return join


@transaction.atomic
def _publish_undo(
    join: PersonJoin, base_version: int, writer: PartWriter, actor: Any, also: Callable[[], None] | None
) -> None:
    moved = undo_joins(PersonJoin.objects.filter(pk=join.pk), timezone.now())
    if not moved:
        raise Conflict("This join is not active, so there is nothing to take back.")
    _publish_moves(writer, base_version, moved, join.id_space)
    record(actor, "person.unmerged", join, before={"state": "active"}, after={"state": "undone"})
    if also is not None:
        also()


def _publish_moves(writer: PartWriter, base_version: int, moved: set[int], space: IdSpace) -> None:
    try:
        spans = spans_of_moves(writer.duck, moved, space, [])
        added, removed = write_person_map(writer)
        publish(base_version, Manifest.Reason.PERSONS, added=added, removed=removed, spans=spans)
    except BaseException:
        writer.discard()
        raise


def _find(space: IdSpace, text: str) -> DistinctId:
    found = DistinctId.objects.filter(id_space=space, distinct_id=text).first()
    if found is None:
        raise NotFound(f"Nobody in {space} has the id {text!r}.")
    return found
