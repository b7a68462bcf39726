"""Saying how long things are kept, changing it, taking it back; a change is applied from the next day's night on."""

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from insights.voice.feedback.public import Channel
from insights.voice.retention.access import EDIT
from insights.voice.retention.models import LEAST_DAYS, MOST_DAYS, RetentionRule
from portal.audit.public import record, state_of
from portal.people.public import Product, require
from portal.shell.public import BadInput, NotFound, refuse_stale

_TAKEN = "There is a rule for this already. Change that one."


@transaction.atomic
def create_rule(
    product: Product, *, about: str, days: int, effect: str, today: date, actor: Any, channel: Channel | None = None
) -> RetentionRule:
    """Say for how long what was said about a product is kept; applied from tomorrow's night on."""
    require(actor, EDIT, product)
    rule = RetentionRule(product=product, about=about, channel=channel, created_by_id=actor.pk)
    _fill(rule, days, effect, today)
    if channel is not None and about != RetentionRule.About.FEEDBACK:
        raise BadInput(fields={"channel": ["Conversations have no channels. Leave it empty."]})
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        raise BadInput(_TAKEN, fields={"channel": [_TAKEN]}) from error
    record(actor, "retention.created", rule, after=state_of(rule))
    return rule


@transaction.atomic
def update_rule(rule: RetentionRule, *, days: int, effect: str, version: int, today: date, actor: Any) -> RetentionRule:
    """Change a rule if nobody changed it since `version`; what it does anew it does from tomorrow's night on."""
    require(actor, EDIT, rule.product)
    current = RetentionRule.objects.select_for_update(of=["self"]).select_related("product").filter(pk=rule.pk).first()
    if current is None:
        raise NotFound()
    refuse_stale(current, version)
    before = state_of(current)
    _fill(current, days, effect, today)
    current.version = version + 1
    current.save()
    record(actor, "retention.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def delete_rule(rule: RetentionRule, *, actor: Any) -> None:
    """Take a rule back: what it was about is kept from now on; what it did stays done."""
    require(actor, EDIT, rule.product)
    record(actor, "retention.deleted", rule, before=state_of(rule))
    rule.delete()


def _fill(rule: RetentionRule, days: int, effect: str, today: date) -> None:
    faults = {}
    if not LEAST_DAYS <= days <= MOST_DAYS:
        faults["days"] = [f"Give {LEAST_DAYS} to {MOST_DAYS:,} days."]
    if effect not in RetentionRule.Effect.values:
        faults["effect"] = [f"Use one of: {', '.join(RetentionRule.Effect.values)}."]
    if rule.about not in RetentionRule.About.values:
        faults["about"] = [f"Use one of: {', '.join(RetentionRule.About.values)}."]
    if faults:
        raise BadInput(fields=faults)
    rule.days, rule.effect = days, effect
    rule.starts_on = today + timedelta(days=1)
