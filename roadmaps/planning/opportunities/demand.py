"""Demand in full: who asks for an opportunity, what they pay, and in which segments they are."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from insights.contacts.public import build_standing, group_accounts, read_keys, records_of, source_ids_of
from insights.events.public import Account, describe_accounts
from portal.people.public import can_see
from portal.shell.public import NotFound
from roadmaps.planning.opportunities.contracts import Demand, DemandSegment, DemandStory
from roadmaps.planning.opportunities.models import Opportunity
from roadmaps.planning.opportunities.sizes import accounts_behind, read_demand

_ACTIVE_DAYS = 90


def demand_of(opportunity: Opportunity, user: Any) -> DemandStory:
    """Return who asks for an opportunity: people, accounts once each by weight, revenue, segments.

    Revenue is what the accounts pay, as it was typed or as their traits say; accounts of which nobody knows it add
    nothing, and are told by `n_with_revenue`. Numbers name nobody: they count what all teams wrote down.
    """
    if not can_see(user, opportunity):
        raise NotFound()
    demand = read_demand([opportunity.pk]).get(opportunity.pk, Demand())
    weights = accounts_behind([opportunity.pk]).get(opportunity.pk)
    if not weights:
        return DemandStory(demand)
    paid, unit = _revenue(opportunity, list(weights))
    active_from = datetime.combine(timezone.localdate() - timedelta(days=_ACTIVE_DAYS), time(), UTC)
    groups = group_accounts(opportunity.product, active_from=active_from, numbers=list(weights))
    counts, sums = Counter[str](), defaultdict[str, float](float)
    with_revenue = set()
    for number in weights:
        name = groups.of.get(number, "")
        counts[name] += 1
        if number in paid:
            sums[name] += paid[number]
            with_revenue.add(name)
    segments = tuple(
        DemandSegment(
            name,
            n_accounts,
            max(n_accounts, groups.sizes[name].n_accounts if name in groups.sizes else 0),
            sums[name] if name in with_revenue else None,
        )
        for name, n_accounts in sorted(counts.items(), key=lambda one: (one[0] == "", -one[1], one[0]))
    )
    total = sum(paid.values()) if paid else None
    return DemandStory(demand, total, len(paid), unit, groups.meaning, segments)


def _revenue(opportunity: Opportunity, numbers: list[int]) -> tuple[dict[int, float], str]:
    """Return what accounts pay, of those of which it is known, and in which unit."""
    spaces = set(Account.objects.filter(no__in=numbers).values_list("id_space", flat=True))
    keys, written = read_keys(spaces), records_of(numbers)
    traits = describe_accounts(numbers, source_ids=source_ids_of([opportunity.product_id]))
    found = {}
    for number in numbers:
        standing = build_standing(traits.get(number, ("", {}))[1], written.get(number), keys)
        meant = standing.known.get("revenue")
        if meant is not None and (amount := _amount(meant.value)) is not None:
            found[number] = amount
    return found, keys.unit


def _amount(text: str) -> float | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return float(amount) if amount.is_finite() and amount >= 0 else None
