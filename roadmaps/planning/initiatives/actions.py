"""Adding, changing and deleting initiatives: the one door, through which each change is kept."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from portal.audit.public import record, state_of
from portal.people.public import Product, can_see, require
from portal.shell.public import BadInput, Conflict, NotFound, refuse_stale, refuse_unknown, registry
from roadmaps.goals.public import checked, line, number
from roadmaps.planning.initiatives.contracts import GAP, InitiativeListener
from roadmaps.planning.initiatives.history import end_versions, keep_versions
from roadmaps.planning.initiatives.models import Horizon, Initiative, Stage
from roadmaps.planning.opportunities.public import Opportunity

LONGEST_WHY = 300
MOST_AT_ONCE = 500
_LONGEST = {"title": 200, "summary": 20_000, "reference": 60, "sent_stage": 60, "blocked_why": 300}
_EFFORTS = ("effort_low", "effort_months", "effort_high")
_DATES = frozenset({"starts_on", "ends_on", "promised_on", "blocked_since"})
_CHOICES = {"stage": Stage, "horizon": Horizon}
FIELDS = frozenset(
    {*_LONGEST, *_EFFORTS, *_DATES, *_CHOICES, "objective", "owner", "visibility", "position", "opportunities"}
)
_TOO_MANY_MONTHS = 10_000


@transaction.atomic
def create_initiative(
    product: Product, *, actor: Any, title: str, why: str = "", at: dt.datetime | None = None, **values: Any
) -> Initiative:
    """Add an initiative to a product, as its last one; `at` is a past moment at which it was begun."""
    refuse_unknown(values, FIELDS)
    initiative = Initiative(product=product, team=product.team)
    require(actor, "initiatives.create", initiative)
    values.setdefault("owner", actor if actor.pk else None)
    opportunities = values.pop("opportunities", None)
    _fill(initiative, {"title": title, **values}, actor)
    if "position" not in values:
        last = Initiative.objects.filter(product=product).aggregate(last=Max("position"))["last"]
        initiative.position = (last or 0) + GAP
    _save(initiative)
    if opportunities:
        _set_opportunities(initiative, opportunities, actor)
    keep_versions([initiative], by=actor.pk, why=_reason(why), at=at)
    record(actor, "initiative.created", initiative, after=state_of(initiative), note=why)
    _tell(initiative, {}, actor)
    return initiative


@transaction.atomic
def change_initiative(
    initiative: Initiative,
    *,
    actor: Any,
    changes: dict[str, Any],
    why: str = "",
    version: int | None = None,
    at: dt.datetime | None = None,
) -> Initiative:
    """Change an initiative, with `version` only if nobody changed it since; returns it as it is now.

    `at` is the past moment from which the change held, for histories that are read from elsewhere.
    """
    (changed,) = _change([initiative.pk], actor=actor, changes=changes, why=why, version=version, at=at)
    return changed


@transaction.atomic
def change_initiatives(
    initiatives: Sequence[Initiative], *, actor: Any, changes: dict[str, Any], why: str = ""
) -> list[Initiative]:
    """Change several initiatives in the same way: all of them or none; returns them as they are now."""
    if len(initiatives) > MOST_AT_ONCE:
        raise BadInput(f"Change at most {MOST_AT_ONCE} initiatives at once.")
    return _change([one.pk for one in initiatives], actor=actor, changes=changes, why=why)


@transaction.atomic
def delete_initiative(initiative: Initiative, *, actor: Any, version: int | None = None) -> None:
    """Delete an initiative; how it was stays in the roadmaps of past days."""
    require(actor, "initiatives.edit", initiative)
    (current,) = _locked([initiative.pk])
    if version is not None:
        refuse_stale(current, version)
    record(actor, "initiative.deleted", current, before=state_of(current))
    end_versions([current.pk])
    try:
        with transaction.atomic():
            current.delete()
    except IntegrityError as fault:  # ProtectedError is one
        raise Conflict("Something else is built on it. Drop it instead: that keeps its story.") from fault


def _change(
    numbers: Collection[int],
    *,
    actor: Any,
    changes: dict[str, Any],
    why: str,
    version: int | None = None,
    at: dt.datetime | None = None,
) -> list[Initiative]:
    refuse_unknown(changes, FIELDS)
    why, values = _reason(why), dict(changes)
    opportunities = values.pop("opportunities", None)
    rows = _locked(numbers)
    found = []
    for current in rows:
        require(actor, "initiatives.edit", current)
        if version is not None:
            refuse_stale(current, version)
        before = state_of(current)
        was = {name: getattr(current, name) for name in before}
        _fill(current, values, actor)
        moved = opportunities is not None and _set_opportunities(current, opportunities, actor)
        columns = {name: old for name, old in was.items() if getattr(current, name) != old}
        if columns or moved:
            current.version += 1
            _save(current)
            found.append((current, before, columns))
    keep_versions([current for current, *_ in found], by=actor.pk, why=why, at=at)
    for current, before, columns in found:
        record(actor, "initiative.changed", current, before=before, after=state_of(current), note=why)
        _tell(current, columns, actor)
    return rows


def _locked(numbers: Collection[int]) -> list[Initiative]:
    """Return initiatives locked by number, in the order in which they were named; NotFound where one is gone."""
    rows = Initiative.objects.of_rows().select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk")
    found = {one.pk: one for one in rows}
    if len(found) < len(set(numbers)):
        raise NotFound()
    return [found[one] for one in dict.fromkeys(numbers)]


def _reason(why: str) -> str:
    return line("why", why, LONGEST_WHY, is_needed=False)


def _fill(initiative: Initiative, values: dict[str, Any], actor: Any) -> None:
    was_stage = initiative.stage
    for name, value in values.items():
        setattr(initiative, name, _checked(initiative, name, value, actor))
    if "stage" in values and "sent_stage" not in values and initiative.stage != was_stage:
        initiative.sent_stage = ""  # what a file said holds until somebody says something else
    if initiative.blocked_since is None and "blocked_since" in values:
        initiative.blocked_why = ""
    faults = {}
    if initiative.starts_on and initiative.ends_on and initiative.ends_on < initiative.starts_on:
        faults["ends_on"] = ["It ends before it begins."]
    efforts = [getattr(initiative, name) for name in _EFFORTS]
    given = [effort for effort in efforts if effort is not None]
    if given != sorted(given):
        faults["effort_months"] = ["Low, likely and high go up in this order."]
    if bool(initiative.blocked_since) != bool(initiative.blocked_why):
        faults["blocked_why" if initiative.blocked_since else "blocked_since"] = ["Say since when and by what."]
    if faults:
        raise BadInput(fields=faults)


def _checked(initiative: Initiative, name: str, value: Any, actor: Any) -> Any:
    if name == "summary":
        return checked(name, value, _LONGEST[name])
    if name in _LONGEST:
        return line(name, value, _LONGEST[name], is_needed=name == "title")
    if name in _EFFORTS:
        months = None if value is None else number(name, value)
        if months is not None and not 0 <= months <= _TOO_MANY_MONTHS:
            raise BadInput(fields={name: [f"Give person-months, from 0 to {_TOO_MANY_MONTHS:,}."]})
        return months
    if name in _CHOICES and value not in _CHOICES[name].values:
        raise BadInput(fields={name: [f"Use one of: {', '.join(_CHOICES[name].values)}."]})
    if name == "objective" and value is not None and value.pk != initiative.objective_id and not can_see(actor, value):
        raise BadInput(fields={name: ["There is no such objective, or it is not shared with you."]})
    if name == "position" and abs(value) >= 2**62:
        raise BadInput(fields={name: ["This is too far away."]})
    return value


def _set_opportunities(initiative: Initiative, wanted: Sequence[Opportunity], actor: Any) -> bool:
    """Say what it would solve; those that the actor may not see stay as they are. Returns whether this is news."""
    faults = [one for one in wanted if one.product_id != initiative.product_id or not can_see(actor, one)]
    if faults:
        raise BadInput(fields={"opportunities": ["Choose opportunities of its product that are shared with you."]})
    known = {one.pk: one for one in initiative.opportunities.all()}
    unseen = [one for one in known.values() if not can_see(actor, one)]
    new = {one.pk: one for one in [*unseen, *wanted]}
    if new.keys() == known.keys():
        return False
    initiative.opportunities.set(new.values())
    before, after = sorted(known), sorted(new)
    record(actor, "initiative.aimed", initiative, before={"opportunities": before}, after={"opportunities": after})
    return True


def _save(initiative: Initiative) -> None:
    try:
        with transaction.atomic():
            initiative.save()
    except IntegrityError as fault:
        if "a_reference_names_one_initiative" not in str(fault):
            raise
        raise BadInput(fields={"reference": ["Another initiative of this product has this reference."]}) from fault


def _tell(initiative: Initiative, before: dict[str, Any], actor: Any) -> None:
    for listener in registry.all(InitiativeListener):
        listener.heard(initiative, before, actor)
