"""Reasons to call: which cohorts are worth it for a product."""

from typing import Any

from django.db import IntegrityError, transaction

from insights.cohorts.public import Cohort
from insights.voice.listening.models import CallReason
from portal.audit.public import record, state_of
from portal.people.public import Product, require
from portal.shell.public import BadInput, Conflict, refuse_stale


@transaction.atomic
def add_reason(product: Product, cohort: Cohort, *, actor: Any, why: str = "other", weight: int = 2) -> CallReason:
    """Say that whoever is in a cohort is worth a call."""
    reason = CallReason(product=product, cohort=cohort, why=why, weight=weight, created_by_id=actor.pk)
    require(actor, "call_reasons.edit", reason)
    _check(reason)
    try:
        with transaction.atomic():
            reason.save()
    except IntegrityError as error:
        raise Conflict("This cohort is a reason already.") from error
    record(actor, "call_reason.added", reason, after=state_of(reason))
    return reason


@transaction.atomic
def change_reason(reason: CallReason, *, actor: Any, version: int, **values: Any) -> CallReason:
    """Say why else, or how much, if nobody changed it since `version`."""
    require(actor, "call_reasons.edit", reason)
    current = CallReason.objects.select_for_update(of=["self"]).select_related("product", "cohort").get(pk=reason.pk)
    refuse_stale(current, version)
    before = state_of(current)
    current.why, current.weight = values.get("why", current.why), values.get("weight", current.weight)
    _check(current)
    current.version = version + 1
    current.save()
    record(actor, "call_reason.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def remove_reason(reason: CallReason, *, actor: Any) -> None:
    """Take a reason back; calls that were planned for it stay."""
    require(actor, "call_reasons.edit", reason)
    record(actor, "call_reason.removed", reason, before=state_of(reason))
    reason.delete()


def _check(reason: CallReason) -> None:
    faults: dict[str, list[str]] = {}
    if reason.why not in CallReason.Why.values:
        faults["why"] = [f"Use one of: {', '.join(CallReason.Why.values)}."]
    if reason.weight not in CallReason.Weight.values:
        faults["weight"] = ["Use 1, 2 or 3."]
    if not reason.cohort.products.filter(pk=reason.product_id).exists():
        faults["cohort"] = ["Choose a cohort of this product."]
    if faults:
        raise BadInput(fields=faults)
