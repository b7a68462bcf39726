"""Numbers of this portal that inputs are bound to: the size of a cohort, a metric's newest value, who asks for it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from insights.cohorts.public import Cohort
from insights.metrics.public import Metric, may_read_numbers, newest_value
from portal.people.public import ANYBODY, Visibility
from portal.shell.public import BadInput, registry
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.opportunities.public import accounts_behind
from roadmaps.planning.scoring.contracts import Measure, Reading

_MOST_OFFERED = 200
_GONE = "It is not there any more."
_NOT_SHARED = "This number is not shared with all who can read the initiative. Share it first, or type an estimate."
Pair = tuple[int, int | None]


class _Readers:
    """All who can read an initiative, as one user: nobody of the portal, in its team where it is the team's only."""

    pk = None
    is_active = True
    is_authenticated = is_ops = is_admin = False
    role = ANYBODY.role

    def __init__(self, initiative: Initiative):
        self.team_ids = frozenset({initiative.team_id} if initiative.visibility == Visibility.TEAM else ())


def measures() -> dict[str, Measure]:
    """Return the kinds of numbers by name."""
    return {one.name: one for one in registry.all(Measure)}


def split(bound: str) -> tuple[str, int | None]:
    """Return the kind and the number of what an input is bound to, as "cohort:12"; or say that there is no such."""
    name, _, number = bound.partition(":")
    if name not in measures() or (number and not (number.isdecimal() and len(number) < 18)):
        raise BadInput(fields={"bound": ["There is no such number to measure it by."]})
    return name, int(number) if number else None


def offers_of(user: Any, initiative: Initiative) -> list[tuple[str, str]]:
    """Return what an input of an initiative can be bound to: pairs of ("cohort:12", title)."""
    return [
        (one.name if number is None else f"{one.name}:{number}", f"{one.label}: {title}")
        for one in registry.all(Measure)
        for number, title in one.offers(user, initiative)
    ]


def read_bound(user: Any, initiative: Initiative, bound: str) -> Reading:
    """Return the number that an input is to be bound to, where its binder and all readers may know it."""
    name, number = split(bound)
    measure = measures()[name]
    seen = {one for one, _ in measure.offers(user, initiative)}
    if number not in seen and user.pk is not None:
        raise BadInput(fields={"bound": ["There is no such number, or it is not shared with you."]})
    if not measure.may_bind(_Readers(initiative), number):
        raise BadInput(fields={"bound": [_NOT_SHARED]})
    found = measure.read([(initiative.pk, number)])[initiative.pk, number]
    if isinstance(found, str):
        raise BadInput(fields={"bound": [found]})
    return found


def _cohorts(user: Any, initiative: Initiative) -> list[tuple[int | None, str]]:
    rows = Cohort.objects.visible_to(user).live().filter(products=initiative.product_id).select_related("current")
    return [(one.pk, f"{one.name} ({one.size_words})") for one in rows.order_by("name").distinct()[:_MOST_OFFERED]]


def _read_cohorts(pairs: Sequence[Pair]) -> dict[Pair, Reading | str]:
    found = Cohort.objects.select_related("current").in_bulk(_numbers(pairs))
    return {pair: _read_cohort(found.get(pair[1] or 0)) for pair in pairs}


def _read_cohort(cohort: Cohort | None) -> Reading | str:
    if cohort is None:
        return _GONE
    if cohort.current is None:
        return "The cohort is not counted yet. Try again in a minute."
    on = timezone.localdate(cohort.refreshed_at) if cohort.refreshed_at else cohort.current.counted_on
    return Reading(float(cohort.current.size), on, f"Cohort “{cohort.name}”")


def _metrics(user: Any, initiative: Initiative) -> list[tuple[int | None, str]]:
    rows = Metric.objects.visible_to(user).live().filter(product=initiative.product_id)
    return [(one.pk, one.name) for one in rows.order_by("name")[:_MOST_OFFERED]]


def _read_metrics(pairs: Sequence[Pair]) -> dict[Pair, Reading | str]:
    found = Metric.objects.select_related("current__series", "product").in_bulk(_numbers(pairs))
    return {pair: _read_metric(found.get(pair[1] or 0)) for pair in pairs}


def _read_metric(metric: Metric | None) -> Reading | str:
    if metric is None:
        return _GONE
    newest = newest_value(metric.current)
    if newest is None or newest.value is None:
        return "The metric has no value yet."
    return Reading(float(newest.value), newest.ends_on, f"Metric “{metric.name}”")


def _may_bind_metric(readers: Any, number: int | None) -> bool:
    metric = Metric.objects.visible_to(readers).select_related("current", "product").filter(pk=number).first()
    return metric is not None and may_read_numbers(readers, [metric.current])[metric.current_id]


def _demand(user: Any, initiative: Initiative) -> list[tuple[int | None, str]]:
    return [(None, "accounts that ask for its opportunities")]


def _read_demands(pairs: Sequence[Pair]) -> dict[Pair, Reading | str]:
    through = Initiative.opportunities.through.objects.filter(initiative__in={one for one, _ in pairs})
    behind: dict[int, list[int]] = {}
    for initiative, opportunity in through.values_list("initiative_id", "opportunity_id"):
        behind.setdefault(initiative, []).append(opportunity)
    asking = accounts_behind({one for several in behind.values() for one in several})
    today, found = timezone.localdate(), {}
    for pair in pairs:
        opportunities = behind.get(pair[0])
        if not opportunities:
            found[pair] = "It is about no opportunity yet, so nobody can be counted."
            continue
        accounts = {account for one in opportunities for account in asking.get(one, ())}
        found[pair] = Reading(float(len(accounts)), today, "Accounts that ask for its opportunities")
    return found


def _numbers(pairs: Iterable[Pair]) -> set[int]:
    return {number for _, number in pairs if number is not None}


registry.add(
    Measure(
        "cohort",
        "Size of a cohort",
        _cohorts,
        _read_cohorts,
        lambda readers, number: Cohort.objects.visible_to(readers).filter(pk=number).exists(),
        order=10,
    )
)
registry.add(Measure("metric", "Newest value of a metric", _metrics, _read_metrics, _may_bind_metric, order=20))
registry.add(Measure("demand", "Demand", _demand, _read_demands, lambda readers, number: True, order=30))
