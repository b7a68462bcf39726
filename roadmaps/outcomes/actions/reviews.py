"""Asking what becomes of an initiative once its bets are measured, answering it, and the price of a month."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit.public import record, state_of
from portal.messages.public import notify
from portal.people.public import SYSTEM, require
from portal.shell.public import BadInput, Conflict, NotFound, refuse_stale
from roadmaps.goals.public import checked, line, number
from roadmaps.outcomes.models import MonthCost, OutcomeReview
from roadmaps.planning.initiatives.public import Initiative

LONGEST_LESSON = 20_000
_LARGEST = 1e9


@transaction.atomic
def ask_reviews(initiatives: Iterable[int], *, now: datetime) -> int:
    """Ask what becomes of initiatives that came out and whose bets are all settled; each is asked once, ever."""
    found = Initiative.objects.filter(pk__in=list(initiatives), outcome_review=None).select_related("owner")
    n_asked = 0
    for initiative in found.order_by("pk"):
        bets = list(initiative.bets.values_list("released_on", "verdict"))
        if not bets or any(not released_on or not verdict for released_on, verdict in bets):
            continue
        review, is_new = OutcomeReview.objects.get_or_create(initiative=initiative, defaults={"asked_at": now})
        if not is_new:
            continue
        record(SYSTEM, "outcome_review.asked", review, after=state_of(review))
        if initiative.owner_id:
            said = f"What “{initiative.title}” did is measured. Keep it, change it, or take it back?"
            notify([initiative.owner], said[:300], key=f"outcome-review:{review.pk}", url=review.get_absolute_url())
        n_asked += 1
    return n_asked


@transaction.atomic
def answer_review(
    review: OutcomeReview, *, decision: str, learned: str, actor: Any, version: int | None = None
) -> OutcomeReview:
    """Say what becomes of an initiative and what was learned; the first answer archives it, later ones mend it."""
    current = (
        OutcomeReview.objects.select_for_update(of=("self",)).select_related("initiative__team").filter(pk=review.pk)
    ).first()
    if current is None:
        raise NotFound()
    require(actor, "outcome_reviews.answer", current.initiative)
    if version is not None:
        refuse_stale(current, version)
    elif current.is_answered:
        raise Conflict("Somebody answered it in the meantime. Reload the page to see what they said.")
    if decision not in OutcomeReview.Decision.values:
        raise BadInput(fields={"decision": ["Keep it, change it, or take it back."]})
    before = state_of(current)
    current.decision, current.learned = decision, checked("learned", learned, LONGEST_LESSON, is_needed=True)
    if current.reviewed_at is None:
        current.reviewed_at, current.reviewed_by_id = timezone.now(), actor.pk or None
    current.version += 1
    current.save()
    act = "outcome_review.changed" if before["decision"] else "outcome_review.answered"
    record(actor, act, current, before=before, after=state_of(current))
    return current


@transaction.atomic
def set_month_cost(*, amount: float, currency: str, actor: Any, version: int) -> MonthCost:
    """Say what a person-month costs; `version` is 0 before anybody did."""
    require(actor, "month_costs.edit")
    amount = number("amount", amount)
    if not 0 < amount <= _LARGEST:
        raise BadInput(fields={"amount": ["Give what one person-month costs, above 0."]})
    currency = line("currency", currency, 8)
    cost, is_new = MonthCost.objects.get_or_create(pk=1, defaults={"amount": amount, "currency": currency})
    if not is_new:
        cost = MonthCost.objects.select_for_update().get(pk=1)
        refuse_stale(cost, version)
    before = {} if is_new else state_of(cost)
    cost.amount, cost.currency, cost.version = amount, currency, 1 if is_new else cost.version + 1
    cost.save()
    record(actor, "month_cost.set", cost, before=before, after=state_of(cost))
    return cost
