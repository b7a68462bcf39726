"""Writes of scenarios: making one, changing what it tries, throwing it away; none of them touches an initiative."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit.public import record, state_of
from portal.people.public import Product, Team, can_see, require
from portal.shell.public import BadInput, Conflict, NotFound, refuse_stale, refuse_unknown
from roadmaps.goals.public import Cycle, checked, line, number
from roadmaps.plan.board.places import room_between
from roadmaps.plan.board.rows import rows_of
from roadmaps.plan.board.state import State
from roadmaps.plan.scenarios.contracts import MOST_ITEMS, MOST_MONTHS, MOST_STRETCHES
from roadmaps.plan.scenarios.models import Scenario, ScenarioItem, ScenarioStretch, Sharing
from roadmaps.plan.scenarios.stretches import cycles_from, quarters_from
from roadmaps.plan.scenarios.trying import FIELDS, Tried, in_order, read_tried, rebase, then_of
from roadmaps.planning.initiatives.public import Horizon, Initiative, Stage
from roadmaps.planning.scoring.public import RANKED_STAGES, ScoringModel

_MOST_MONTHS_OF_ONE = 10_000
_CHOICES = {"stage": Stage, "horizon": Horizon}
ITEM_FIELDS = frozenset({"horizon", "stage", "effort_months", "starts_on", "ends_on", "objective", "is_in"})
_FILTERS = frozenset({"q", "goal", "owner", "stage", "horizon", "health", "release"})
_ABOUT = frozenset({"name", "note", "sharing", "model"})


@transaction.atomic
def create_scenario(
    *,
    actor: Any,
    team: Team,
    name: str,
    model: ScoringModel,
    months: float,
    product: Product | None = None,
    note: str = "",
    sharing: str = Sharing.MINE,
    span: str = "quarter",
    n_stretches: int = 2,
    state: State | None = None,
    today: date | None = None,
) -> Scenario:
    """Copy the open initiatives of a team's roadmap, or of a product's, into a scenario; `state` filters them further.

    `months` are the person-months of a whole quarter or cycle, today; the scenario begins with as many.
    """
    scenario = Scenario(team=team, product=product, owner_id=actor.pk, asked=filters_kept(state))
    require(actor, "scenarios.edit", scenario)
    if product is not None and product.team_id != team.pk:
        raise BadInput(fields={"product": ["It is no product of this team."]})
    if not 1 <= n_stretches <= MOST_STRETCHES:
        raise BadInput(fields={"n_stretches": [f"Plan 1 to {MOST_STRETCHES} of them."]})
    _fill(scenario, {"name": name, "note": note, "sharing": sharing, "model": model})
    scenario.save()
    found = list(rows_to_copy(scenario, actor).order_by("position", "pk")[: MOST_ITEMS + 1])
    if not found:
        raise BadInput(fields={"of": ["No open initiative is there to try anything with."]})
    if len(found) > MOST_ITEMS:
        raise BadInput(fields={"of": [f"A scenario holds at most {MOST_ITEMS} initiatives. Filter the roadmap first."]})
    ScenarioItem.objects.bulk_create(_item(scenario, one) for one in found)
    today = today or timezone.localdate()
    cycles = [(one.name, one.starts_on, one.ends_on) for one in Cycle.objects.filter(ends_on__gte=today)]
    whole = _months("months", months)
    spans = (
        cycles_from(today, n_stretches, whole, cycles) if span == "cycle" else quarters_from(today, n_stretches, whole)
    )
    if not spans:
        raise BadInput(fields={"span": ["No cycle is open or to come. Take quarters."]})
    ScenarioStretch.objects.bulk_create(
        ScenarioStretch(
            scenario=scenario,
            name=said,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            months_today=one.months,
            months=one.months,
        )
        for said, one in spans
    )
    record(actor, "scenario.created", scenario, after=state_of(scenario))
    return scenario


def rows_to_copy(scenario: Scenario, user: Any) -> Any:
    """Return the initiatives of today's roadmap that a scenario is about, as far as the user may see them."""
    rows = rows_of(State(**scenario.asked), user).filter(team=scenario.team_id, stage__in=RANKED_STAGES)
    return rows.filter(product=scenario.product_id) if scenario.product_id else rows


def filters_kept(state: State | None) -> dict[str, str]:
    """Return the filters of the roadmap that choose what is copied; product and team are said beside them."""
    kept = (state or State()).asked()
    return {name: value for name, value in kept.items() if name in _FILTERS}


def _item(scenario: Scenario, initiative: Initiative) -> ScenarioItem:
    values = {name: getattr(initiative, name) for name in FIELDS}
    about = {"title": initiative.title, "then": then_of(initiative), "then_version": initiative.version}
    return ScenarioItem(scenario=scenario, initiative=initiative, **about, **values)


def _fill(scenario: Scenario, values: Mapping[str, Any]) -> None:
    refuse_unknown(values, _ABOUT)
    if "name" in values:
        scenario.name = line("name", values["name"], 120)
    if "note" in values:
        scenario.note = checked("note", values["note"], 20_000)
    if "sharing" in values:
        if values["sharing"] not in Sharing.values:
            raise BadInput(fields={"sharing": ["Choose one."]})
        scenario.sharing = values["sharing"]
    if "model" in values:
        if values["model"].current_id is None or values["model"].definition.is_label:
            raise BadInput(fields={"model": ["This one makes no number. Choose another."]})
        scenario.model = values["model"]


def _months(name: str, value: float | None) -> float:
    months = number(name, value)
    if not 0 <= months <= MOST_MONTHS:
        raise BadInput(fields={name: [f"Give person-months, from 0 to {MOST_MONTHS:,.0f}."]})
    return months


def open_scenario(scenario: Scenario, actor: Any, *, version: int | None = None) -> Scenario:
    """Return a scenario locked, if the actor may change it and nobody closed it."""
    # Without joins: what a waiting statement joined is as it was before the wait, who closed it among it.
    current = Scenario.objects.select_for_update().get(pk=scenario.pk)
    require(actor, "scenarios.edit", current)
    if not current.is_open:
        did = "committed" if current.state == Scenario.State.COMMITTED else "threw away"
        raise Conflict(f"{current.closed_by or 'Somebody'} {did} “{current}” already. Nothing more was changed.")
    if version is not None:
        refuse_stale(current, version)
    return current


def _touch(scenario: Scenario) -> None:
    scenario.version += 1
    scenario.save(update_fields=["version", "updated_at"])


@transaction.atomic
def change_scenario(scenario: Scenario, *, actor: Any, version: int, **values: Any) -> Scenario:
    """Change what a scenario is called, who opens it, or what counts as value; its owner alone says who opens it."""
    current = open_scenario(scenario, actor, version=version)
    if values.get("sharing", current.sharing) != current.sharing and current.owner_id not in (None, actor.pk):
        raise BadInput(fields={"sharing": [f"{current.owner} made it, and says who opens it."]})
    before = state_of(current)
    _fill(current, values)
    current.version += 1
    current.save()
    record(actor, "scenario.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def set_capacity(
    scenario: Scenario, *, actor: Any, version: int, months: Mapping[int, tuple[float | None, float | None]]
) -> Scenario:
    """Say the person-months of stretches, by number: as they are today, and as they are tried."""
    current = open_scenario(scenario, actor, version=version)
    rows = {one.pk: one for one in current.stretches.all()}
    if months.keys() - rows.keys():
        raise NotFound()
    before = {one.name: [one.months_today, one.months] for one in rows.values()}
    for number_, (today, tried) in months.items():
        rows[number_].months_today = _months(f"today-{number_}", today)
        rows[number_].months = _months(f"months-{number_}", tried)
    ScenarioStretch.objects.bulk_update(rows.values(), ["months_today", "months"])
    _touch(current)
    after = {one.name: [one.months_today, one.months] for one in rows.values()}
    record(actor, "scenario.capacity_set", current, before=before, after=after)
    return current


@transaction.atomic
def change_item(
    item: ScenarioItem, *, actor: Any, version: int, changes: Mapping[str, Any], place: int | None = None
) -> ScenarioItem:
    """Change an initiative within its scenario, and with `place` put it there among those that are work of it."""
    current = open_scenario(item.scenario, actor)
    refuse_unknown(changes, ITEM_FIELDS)
    found = in_order(read_tried(current, actor))
    mine = next((one for one in found if one.item.pk == item.pk), None)
    if mine is None:
        raise NotFound()
    refuse_stale(mine.item, version)
    rebase(mine)
    before = _state(mine.item)
    _fill_item(mine, changes, actor)
    mine.item.version += 1
    mine.item.save()
    if place is not None:
        _move(current, actor, mine.item.pk, place)
        mine.item.refresh_from_db()
    _touch(current)
    after = _state(mine.item)
    record(actor, "scenario.item_changed", current, before=before, after=after, note=mine.initiative.title[:200])
    return mine.item


def _state(item: ScenarioItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in (*FIELDS, "is_in")}


def _fill_item(tried: Tried, changes: Mapping[str, Any], actor: Any) -> None:
    item = tried.item
    for name, value in changes.items():
        if name == "effort_months" and value is not None:
            value = number(name, value)
            if not 0 <= value <= _MOST_MONTHS_OF_ONE:
                raise BadInput(fields={name: [f"Give person-months, from 0 to {_MOST_MONTHS_OF_ONE:,}."]})
        if name in _CHOICES and value not in _CHOICES[name].values:
            raise BadInput(fields={name: [f"Use one of: {', '.join(_CHOICES[name].values)}."]})
        if name == "objective":
            known = tried.values["objective_id"]
            if value is not None and value.pk != known and not can_see(actor, value):
                raise BadInput(fields={name: ["There is no such objective, or it is not shared with you."]})
        setattr(item, name, value)
    if item.starts_on and item.ends_on and item.ends_on < item.starts_on:
        raise BadInput(fields={"ends_on": ["It ends before it begins."]})


def _move(scenario: Scenario, actor: Any, number_: int, place: int) -> None:
    """Put an item at a place among those that are work of the scenario; it takes the column of where it comes to."""
    found = [one for one in read_tried(scenario, actor) if one.counts]
    mine = next((one for one in found if one.item.pk == number_), None)
    if mine is None:
        raise BadInput(fields={"place": ["It is left out, dropped or out already: it has no place."]})
    others = [one for one in found if one is not mine]
    at = max(0, min(place - 1, len(others)))
    if found.index(mine) == at:
        return
    beside = others[at] if at < len(others) else others[-1]
    previous = others[at - 1] if at else None
    horizon = beside.values["horizon"]
    if previous is not None and previous.values["horizon"] == mine.values["horizon"]:
        horizon = mine.values["horizon"]  # the end of its own column, before the first of the next
    low = previous.values["position"] if previous is not None and previous.values["horizon"] == horizon else None
    following = [one for one in others[at:] if one.values["horizon"] == horizon]
    position, moved = room_between(low, [one.values["position"] for one in following])
    touched = [mine, *following[: len(moved)]]
    for one, new in zip(touched, [position, *moved], strict=True):
        rebase(one)
        one.item.position = new
    mine.item.horizon = horizon
    items = [one.item for one in touched]
    ScenarioItem.objects.bulk_update(items, [*FIELDS, "then", "then_version"])


@transaction.atomic
def set_scope(scenario: Scenario, numbers: Collection[int], *, actor: Any, is_in: bool) -> int:
    """Leave several initiatives out of a scenario, or put them back in; return how many changed."""
    current = open_scenario(scenario, actor)
    found = [one.item for one in read_tried(current, actor) if one.item.pk in set(numbers)]
    changed = [one for one in found if one.is_in != is_in]
    for one in changed:
        one.is_in = is_in
        one.version += 1
    ScenarioItem.objects.bulk_update(changed, ["is_in", "version"])
    if changed:
        _touch(current)
        names = sorted(one.initiative_id for one in changed)
        verb = "scenario.widened" if is_in else "scenario.narrowed"
        record(actor, verb, current, after={"initiatives": names})
    return len(changed)


@transaction.atomic
def put_in(scenario: Scenario, initiatives: Sequence[Initiative], *, actor: Any) -> int:
    """Copy more initiatives of its team into a scenario; a dropped one begins anew there, in discovery."""
    current = open_scenario(scenario, actor)
    known = set(current.items.values_list("initiative_id", flat=True))
    new = [one for one in initiatives if one.pk not in known]
    if len(known) + len(new) > MOST_ITEMS:
        raise BadInput(f"A scenario holds at most {MOST_ITEMS} initiatives.")
    for one in new:
        if one.team_id != current.team_id or one.stage not in (*RANKED_STAGES, Stage.DROPPED):
            raise BadInput(f"“{one}” is out already, or another team's.")
    items = [_item(current, one) for one in new]
    for item in items:
        item.stage = Stage.DISCOVERY if item.stage == Stage.DROPPED else item.stage
    ScenarioItem.objects.bulk_create(items)
    if items:
        _touch(current)
        record(actor, "scenario.widened", current, after={"initiatives": sorted(one.pk for one in new)})
    return len(items)


@transaction.atomic
def throw_away(scenario: Scenario, *, actor: Any, why: str = "") -> Scenario:
    """Close a scenario without committing it; it stays to be read, with who threw it away and when."""
    current = open_scenario(scenario, actor)
    before = state_of(current)
    current.state, current.closed_at, current.closed_by_id = Scenario.State.THROWN_AWAY, timezone.now(), actor.pk
    current.closed_why = line("why", why, 300, is_needed=False)
    current.version += 1
    current.save()
    record(actor, "scenario.thrown_away", current, before=before, after=state_of(current), note=current.closed_why)
    return current
