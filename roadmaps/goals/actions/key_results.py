"""Setting key results, typing their values, and checking in."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from insights.metrics.public import Metric, may_read_numbers, newest_value
from portal.audit.public import record, state_of
from portal.people.public import User, require
from portal.shell.public import BadInput, Conflict, NotFound, refuse_stale, refuse_unknown
from roadmaps.goals.actions.texts import checked, line, number
from roadmaps.goals.models import CheckIn, KeyResult, Objective, TypedValue
from roadmaps.goals.reading import standings
from roadmaps.goals.renewing import renew_outlooks

MOST = 10
_FIELDS = frozenset({"title", "metric", "unit", "aim", "baseline", "target", "owner", "position"})
_CLOSED = "Its objective is closed. Open it again to change what belongs to it."


@transaction.atomic
def add_key_result(
    objective: Objective,
    *,
    title: str,
    target: float,
    actor: Any,
    metric: Metric | None = None,
    baseline: float | None = None,
    aim: str = "",
    unit: str = "",
    owner: User | None = None,
) -> KeyResult:
    """Add a number to an objective: a metric's, or one that is typed.

    Without a baseline it starts at the metric's newest value; without an aim, it points from there to the target.
    """
    require(actor, "objectives.edit", objective)
    _refuse_closed(objective)
    if objective.key_results.count() >= MOST:
        raise BadInput(
            f"An objective has at most {MOST} key results. Those that do not matter most hide those that do."
        )
    key_result = KeyResult(objective=objective, owner=owner or objective.owner)
    last = objective.key_results.aggregate(last=Max("position"))["last"]
    values = {"title": title, "metric": metric, "unit": unit, "baseline": baseline, "target": target, "aim": aim}
    _fill(key_result, {**values, "position": 0 if last is None else last + 1}, actor)
    key_result.save()
    record(actor, "key_result.created", key_result, after=state_of(key_result))
    renew_outlooks([key_result], timezone.now())
    return key_result


@transaction.atomic
def update_key_result(key_result: KeyResult, *, actor: Any, version: int, **changes: Any) -> KeyResult:
    """Change a key result if nobody changed it since `version`; the trail keeps what its target was."""
    refuse_unknown(changes, _FIELDS)
    current = _locked(key_result, actor)
    refuse_stale(current, version)
    before = state_of(current)
    _fill(current, changes, actor)
    current.version = version + 1
    current.save()
    record(actor, "key_result.changed", current, before=before, after=state_of(current))
    renew_outlooks([current], timezone.now())
    return current


@transaction.atomic
def delete_key_result(key_result: KeyResult, *, actor: Any) -> None:
    """Delete a key result of which nobody said anything yet."""
    current = _locked(key_result, actor)
    if current.check_ins.exists() or current.typed_values.exists():
        raise Conflict(
            "People checked in on it or typed its values. Close its objective instead: that keeps its story."
        )
    record(actor, "key_result.deleted", current, before=state_of(current))
    current.delete()


@transaction.atomic
def type_value(key_result: KeyResult, *, value: float, reason: str, actor: Any, on: date) -> TypedValue:
    """Type a value of a key result that no metric measures, with the reason; an earlier one stays beside it."""
    current = _locked(key_result, actor)
    if current.metric_id is not None:
        raise BadInput(fields={"value": ["Its value comes from the metric by itself."]})
    if on > timezone.localdate():
        raise BadInput(fields={"on": ["This day has not come yet."]})
    typed = TypedValue.objects.create(
        key_result=current,
        on=on,
        value=number("value", value),
        reason=line("reason", reason, 500),
        typed_by_id=actor.pk or None,
    )
    newest = current.typed_values.order_by("-on", "-pk").first()
    KeyResult.objects.filter(pk=current.pk).update(last_value=newest)
    record(actor, "key_result.value_typed", current, after={"on": on, "value": typed.value}, note=typed.reason)
    return typed


@transaction.atomic
def check_in(key_result: KeyResult, *, why: str, confidence: int, actor: Any) -> CheckIn:
    """Say why a key result stands where it stands and how sure one is; where it stands is noted with it."""
    current = _locked(key_result, actor)
    if confidence not in CheckIn.Confidence.values:
        raise BadInput(fields={"confidence": ["Choose how sure you are."]})
    ((_, standing),) = standings([current])
    outlook = current.forecast
    said = CheckIn.objects.create(
        key_result=current,
        why=checked("why", why, 4_000, is_needed=True),
        confidence=confidence,
        value=standing.value,
        value_on=standing.on,
        chance=outlook.chance if outlook else None,
        by_id=actor.pk or None,
    )
    KeyResult.objects.filter(pk=current.pk).update(last_check_in=said)
    record(actor, "key_result.checked_in", current, after={"confidence": confidence, "value": standing.value})
    return said


def _refuse_closed(objective: Objective) -> None:
    locked = Objective.objects.select_for_update().filter(pk=objective.pk).first()
    if locked is None:
        raise NotFound()
    if not locked.is_open:
        raise Conflict(_CLOSED)


def _locked(key_result: KeyResult, actor: Any) -> KeyResult:
    if not KeyResult.objects.select_for_update().filter(pk=key_result.pk).exists():
        raise NotFound()
    current = KeyResult.objects.of_rows().get(pk=key_result.pk)
    require(actor, "objectives.edit", current.objective)
    _refuse_closed(current.objective)
    return current


def _fill(key_result: KeyResult, values: dict[str, Any], actor: Any) -> None:
    for name, value in values.items():
        if name in ("title", "unit"):
            value = line(name, value, {"title": 200, "unit": 40}[name], is_needed=name == "title")
        setattr(key_result, name, value)
    if "metric" in values and key_result.metric is not None:
        _refuse_unreadable(key_result.metric, actor)
    if key_result.baseline is None:
        key_result.baseline = _newest(key_result)
    key_result.baseline = number("baseline", key_result.baseline)
    key_result.target = number("target", key_result.target)
    if not key_result.aim:
        key_result.aim = "up" if key_result.target >= key_result.baseline else "down"
    points_up = key_result.target >= key_result.baseline
    if key_result.target != key_result.baseline and points_up != (key_result.aim == "up"):
        raise BadInput(fields={"target": ["The target lies on the other side of the baseline than the aim points."]})


def _refuse_unreadable(metric: Metric, actor: Any) -> None:
    """Refuse a metric whose numbers the actor may not read: the goal would show them."""
    if actor.pk and not may_read_numbers(actor, [metric.current])[metric.current_id]:
        raise BadInput(fields={"metric": ["It reads personal data, which is for its product's team and for ops."]})


def _newest(key_result: KeyResult) -> float | None:
    """Return the newest value of its metric; None where it is typed."""
    if key_result.metric is None:
        return None
    newest = newest_value(key_result.metric.current)
    if newest is None or newest.value is None:
        raise BadInput(fields={"baseline": ["The metric has no value yet. Type where it starts."]})
    return newest.value
