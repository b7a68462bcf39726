"""Calls: claimed, planned, held, given back. A call holds an ask, so two never ask the same person."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.contacts.public import (
    Ask,
    AskKind,
    accounts_of_people,
    claim_ask,
    name_speakers,
    release_ask,
    source_ids_of,
)
from insights.events.public import Account, DistinctId
from insights.voice.conversations.public import Conversation
from insights.voice.listening.models import Call, CallSuggestion
from portal.audit.public import record, state_of
from portal.people.public import Product, require
from portal.shell.public import BadInput, Conflict, NotFound, is_storable, refuse_stale, refuse_unknown

LONGEST_NOTE = 4_000
FIELDS = frozenset({"planned_on", "planned_at", "minutes", "note"})
ENDS = {
    "held": Call.State.HELD,
    "declined": Call.State.DECLINED,
    "released": Call.State.RELEASED,
}


def next_workday(today: dt.date) -> dt.date:
    """Return the first day after today from Monday to Friday.

    >>> next_workday(dt.date(2024, 4, 5))
    datetime.date(2024, 4, 8)
    """
    return next(day for n in range(1, 5) if (day := today + dt.timedelta(days=n)).weekday() < 5)


@transaction.atomic
def claim_call(
    product: Product, person: DistinctId, *, actor: Any, suggestion: CallSuggestion | None = None, **values: Any
) -> Call:
    """Plan a call with a person and claim the ask for it; pressed twice it is planned once.

    Of two people one gets it, the other a Conflict that says who asked when. Without a day it is the next workday.
    """
    require(actor, "calls.edit", Call(product=product))
    refuse_unknown(values.keys(), FIELDS)
    if person.id_space.product_id != product.pk:
        raise NotFound()
    DistinctId.objects.select_for_update(no_key=True).get(pk=person.resolved_no)
    mine = Call.objects.planned().dressed().filter(person__in=_ids_of(person), caller_id=actor.pk).first()
    if mine is not None:
        return mine
    ask = claim_ask(person, kind=AskKind.CALL, about=product.name, actor=actor)
    call = Call(
        product=product, person=person, caller_id=actor.pk, ask=ask, planned_on=next_workday(timezone.localdate())
    )
    if suggestion is not None:
        call.account_id, call.name, call.account_name = suggestion.account_id, suggestion.name, suggestion.account_name
        call.reasons = suggestion.reasons
    else:
        call.account_id, call.name, call.account_name = _known_of(product, person)
    _fill(call, values)
    call.save()
    record(actor, "call.planned", call, after={"product": product.name, "planned_on": call.planned_on})
    return Call.objects.dressed().get(pk=call.pk)


def _ids_of(person: DistinctId) -> Any:
    no = person.resolved_no
    return DistinctId.objects.filter(no=no) | DistinctId.objects.filter(person_no=no)


def _known_of(product: Product, person: DistinctId) -> tuple[int | None, str, str]:
    """Return a person's account, their name and the account's, as they are known now."""
    sources = source_ids_of([product.pk])
    account_no = accounts_of_people([person.no], sources).get(person.no)
    named, companies = name_speakers([person], Account.objects.filter(no=account_no), sources)
    company = companies[account_no].label if account_no in companies else ""
    return account_no, named[person.no].label if person.no in named else "", company


@transaction.atomic
def update_call(call: Call, *, actor: Any, version: int, **changes: Any) -> Call:
    """Plan a call for another day, or note what to ask, if nobody changed it since `version`."""
    require(actor, "calls.edit", call)
    refuse_unknown(changes.keys(), FIELDS)
    current = _locked(call)
    refuse_stale(current, version)
    _refuse_over(current)
    before = state_of(current)
    _fill(current, changes)
    current.version = version + 1
    current.save()
    record(actor, "call.changed", current, before=before, after=state_of(current))
    return Call.objects.dressed().get(pk=current.pk)


@transaction.atomic
def end_call(call: Call, *, actor: Any, how: str, version: int, conversation: Conversation | None = None) -> Call:
    """Say that a call took place, that they did not want to, or give it back: then they may be asked again at once."""
    require(actor, "calls.edit", call)
    if how not in ENDS:
        raise BadInput(fields={"state": [f"Use one of: {', '.join(ENDS)}."]})
    current = _locked(call)
    refuse_stale(current, version)
    _refuse_over(current)
    if conversation is not None and conversation.product_id != current.product_id:
        raise BadInput(fields={"conversation": ["Choose a conversation about the same product."]})
    current.state, current.version, current.conversation = ENDS[how], version + 1, conversation
    ask = Ask.objects.select_related("person__id_space__product").filter(pk=current.ask_id).first()
    if how == "released":
        current.ask = None
    current.save()
    if how == "released" and ask is not None:
        release_ask(ask, actor=actor)
    record(actor, f"call.{how}", current)
    return Call.objects.dressed().get(pk=current.pk)


def _locked(call: Call) -> Call:
    current = Call.objects.select_for_update(of=["self"]).select_related("product").filter(pk=call.pk).first()
    if current is None:
        raise NotFound()
    return current


def _refuse_over(call: Call) -> None:
    if not call.is_planned:
        raise Conflict("This call is over. Plan another one.")


def _fill(call: Call, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if value is not None or name == "planned_at":
            setattr(call, name, value.strip() if name == "note" else value)
    faults: dict[str, list[str]] = {}
    today = timezone.localdate()
    if not today - dt.timedelta(days=366) <= call.planned_on <= today + dt.timedelta(days=366):
        faults["planned_on"] = ["Choose a day within a year."]
    if not 5 <= call.minutes <= 480:
        faults["minutes"] = ["A call takes 5 minutes to 8 hours."]
    if len(call.note) > LONGEST_NOTE or not is_storable(call.note):
        faults["note"] = [f"Use at most {LONGEST_NOTE:,} readable characters."]
    if faults:
        raise BadInput(fields=faults)
