"""Plans read and compared: the roadmap of today, a scenario, and how one differs from the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from roadmaps.delivery.forecasts.public import Dates, newest_forecasts
from roadmaps.goals.public import Objective
from roadmaps.plan.scenarios.actions import rows_to_copy
from roadmaps.plan.scenarios.contracts import Comparison, Plan, Stretch, Work
from roadmaps.plan.scenarios.fitting import compare, fit
from roadmaps.plan.scenarios.models import Scenario, ScenarioStretch
from roadmaps.plan.scenarios.trying import Tried, order_of, read_tried
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.scoring.public import RANKED_STAGES, Score, own_as_if

MOST_GOALS = 60


@dataclass(frozen=True)
class Compared:
    """A scenario beside the roadmap of today or beside another scenario, with all that they name.

    tried — its items in order. n_new — initiatives of today's roadmap that are not in it. other — the scenario that it
    is compared with; None: today's roadmap. goals — those that the reader may see, by number.
    """

    found: Comparison
    tried: list[Tried]
    stretches: list[ScenarioStretch]
    initiatives: Mapping[int, Initiative]
    goals: Mapping[int, Objective]
    n_new: int
    other: Scenario | None


def read_comparison(scenario: Scenario, user: Any, *, other: Scenario | None = None) -> Compared:
    """Return a scenario compared as far as the reader may see its initiatives; the value of both is by its model."""
    tried = read_tried(scenario, user)
    stretches = list(scenario.stretches.all())
    today = _today(scenario, tried, user)
    theirs = read_tried(other, user) if other else []
    rows = {one.pk: one for one in today} | {one.initiative.pk: one.initiative for one in [*tried, *theirs]}
    forecasts = newest_forecasts(rows)
    scores = {one.initiative_id: one for one in Score.objects.filter(model=scenario.model_id, initiative__in=rows)}

    def plan_of(items: Iterable[Tried]) -> list[Work]:
        return [_work(one.initiative, one.values, scores, forecasts, scenario) for one in items if one.counts]

    after = fit(plan_of(tried), [Stretch(one.starts_on, one.ends_on, one.months) for one in stretches])
    if other is not None:
        spans = [Stretch(one.starts_on, one.ends_on, one.months) for one in other.stretches.all()]
        before = fit(plan_of(theirs), spans)
    else:
        before = _plan_of_today(today, stretches, scores, forecasts, scenario)
    goals = _goals(scenario, [before, after], user)
    named = {one.pk: one for one in goals}
    known = {one.initiative.pk for one in tried}
    return Compared(
        found=compare(before, after, [one.pk for one in goals if one.is_open]),
        tried=tried,
        stretches=stretches,
        initiatives=rows,
        goals=named,
        n_new=sum(1 for one in today if one.pk not in known),
        other=other,
    )


def _today(scenario: Scenario, tried: list[Tried], user: Any) -> list[Initiative]:
    """Return the initiatives of today's roadmap, in its order: what the scenario was copied from, and what is in it."""
    copied = Q(pk__in=rows_to_copy(scenario, user).values("pk"))
    rows = Initiative.objects.visible_to(user).filter(copied | Q(pk__in=[one.initiative.pk for one in tried]))
    found = rows.filter(stage__in=RANKED_STAGES).select_related("product", "team", "objective").order_by()
    return sorted(found, key=lambda one: order_of(one.horizon, one.position, one.pk))


def _plan_of_today(
    today: list[Initiative],
    stretches: list[ScenarioStretch],
    scores: Mapping[int, Score],
    forecasts: Mapping[int, Dates],
    scenario: Scenario,
) -> Plan:
    names = ("effort_months", "objective_id", "ends_on")
    works = [_work(one, {name: getattr(one, name) for name in names}, scores, forecasts, scenario) for one in today]
    return fit(works, [Stretch(one.starts_on, one.ends_on, one.months_today) for one in stretches])


def _work(
    initiative: Initiative,
    values: Mapping[str, Any],
    scores: Mapping[int, Score],
    forecasts: Mapping[int, Dates],
    scenario: Scenario,
) -> Work:
    score, effort = scores.get(initiative.pk), values["effort_months"]
    value = None
    if score is not None:
        # By itself: what it unblocks is counted where that is done. Another effort makes another score.
        is_same = effort == initiative.effort_months
        value = score.own if is_same else own_as_if(score, scenario.model.definition, effort)
    dates = forecasts.get(initiative.pk)
    return Work(
        key=initiative.pk,
        effort=effort,
        value=value,
        goal=values["objective_id"],
        ends_on=values["ends_on"],
        promised_on=initiative.promised_on,
        p85=dates.p85 if dates else None,
    )


def _goals(scenario: Scenario, plans: list[Plan], user: Any) -> list[Objective]:
    """Return the goals that plans serve and the open ones of the team or product, as far as the reader may see them."""
    served = {goal for plan in plans for goal in plan.served()}
    product = Q(product=scenario.product_id) if scenario.product_id else Q(team=scenario.team_id)
    wanted = Q(pk__in=served) | (product & Q(state=Objective.State.OPEN))
    rows = Objective.objects.visible_to(user).filter(wanted).select_related("cycle")
    return list(rows.order_by("cycle__starts_on", "title", "pk")[:MOST_GOALS])
