"""Saying how often a team wants to talk with customers."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from insights.voice.listening.models import ContactTarget
from portal.audit.public import record, state_of
from portal.people.public import Team, require
from portal.shell.public import BadInput, refuse_stale, refuse_unknown

FIELDS = ("per_person", "per_team", "unheard_days")


@transaction.atomic
def set_target(team: Team, *, actor: Any, version: int = 0, **values: Any) -> ContactTarget:
    """Say what a team wants, if nobody changed it since `version`; 0 is a team of which nothing was said yet."""
    refuse_unknown(values.keys(), frozenset(FIELDS))
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    target = ContactTarget.objects.select_related("team").filter(team=team).first() or ContactTarget(
        team=team, version=0
    )
    require(actor, "contact_targets.edit", target)
    refuse_stale(target, version)
    is_new, before = target.pk is None, state_of(target)
    for name, value in values.items():
        setattr(target, name, Decimal(str(value)) if name != "unheard_days" else value)
    target.version = version + 1
    try:
        target.full_clean(exclude=["team"])
    except ValidationError as error:
        raise BadInput(fields=error.message_dict) from error
    target.save()
    verb = "contact_target.set" if is_new else "contact_target.changed"
    record(actor, verb, target, before=None if is_new else before, after=state_of(target))
    return target
