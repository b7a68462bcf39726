"""Next steps of conversations: written down, changed, ticked off, taken back."""

from datetime import datetime
from typing import Any

from django.db import transaction

from insights.voice.conversations.models import Conversation, NextStep
from portal.audit.public import record, state_of
from portal.people.public import possible_owners, require
from portal.shell.public import BadInput, NotFound, is_storable, refuse_stale, refuse_unknown

_FIELDS = frozenset({"text", "owner", "due_on"})


@transaction.atomic
def add_next_step(conversation: Conversation, *, actor: Any, text: str, **values: Any) -> NextStep:
    """Write a next step down."""
    require(actor, "conversations.edit", conversation)
    step = NextStep(conversation=conversation)
    _fill(step, {"text": text, **values}, actor)
    step.save()
    record(actor, "next_step.added", step, after={"conversation_id": conversation.pk})
    return step


@transaction.atomic
def update_next_step(step: NextStep, *, actor: Any, version: int, **changes: Any) -> NextStep:
    """Change a next step if nobody changed it since `version`."""
    current = _locked(step, actor)
    refuse_stale(current, version)
    before = state_of(current)
    _fill(current, changes, actor)
    current.version = version + 1
    current.save()
    record(actor, "next_step.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def tick_next_step(step: NextStep, *, actor: Any, is_done: bool, now: datetime) -> NextStep:
    """Say that a next step is done, or that it is not; said twice it is as said once."""
    current = _locked(step, actor)
    if current.is_done == is_done:
        return current
    current.done_at, current.version = (now if is_done else None), current.version + 1
    current.save()
    record(actor, "next_step.finished" if is_done else "next_step.reopened", current)
    return current


@transaction.atomic
def delete_next_step(step: NextStep, *, actor: Any) -> None:
    """Take a next step back."""
    current = _locked(step, actor)
    record(actor, "next_step.deleted", current, before=state_of(current))
    current.delete()


def _locked(step: NextStep, actor: Any) -> NextStep:
    require(actor, "conversations.edit", step)
    steps = NextStep.objects.select_for_update(of=["self"]).select_related("conversation")
    current = steps.filter(pk=step.pk).first()
    if current is None:
        raise NotFound()
    return current


def _fill(step: NextStep, values: dict[str, Any], actor: Any) -> None:
    refuse_unknown(values.keys(), _FIELDS)
    owner_before = step.owner_id
    for name, value in values.items():
        setattr(step, name, " ".join(value.split()) if name == "text" else value)
    if not step.text or len(step.text) > 500 or not is_storable(step.text):
        raise BadInput(fields={"text": ["Say what is to be done, in at most 500 readable characters."]})
    if step.owner_id and step.owner_id != owner_before:
        owners = possible_owners([step.conversation.team_id], actor.pk)
        if not owners.filter(pk=step.owner_id).exists():
            raise BadInput(fields={"owner": ["Choose somebody of the product's team."]})
