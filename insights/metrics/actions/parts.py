"""What a metric is put together from; no metric is, by however many steps, a part of itself."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from insights.metrics.actions.metrics import locked_metric
from insights.metrics.models import Metric, MetricPart
from portal.audit.public import record
from portal.people.public import require
from portal.shell.public import BadInput

MOST_PARTS = 12
_TREE_LOCK = 0x4D545245  # "MTRE"


@transaction.atomic
def set_parts(metric: Metric, *, actor: Any, rule: str, parts: Sequence[tuple[Metric, int]]) -> Metric:
    """Say which metrics add or multiply up to this one, in order, each with its sign (1, or -1 in a sum).

    One writer of trees at a time: two people who each close half of a circle would both see none.
    """
    require(actor, "metrics.edit", metric)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCK])
    current = locked_metric(metric)
    _refuse_faults(current, rule, parts)
    before = _told(current)
    MetricPart.objects.filter(whole=current).delete()
    MetricPart.objects.bulk_create(
        MetricPart(whole=current, part=part, position=position, sign=sign if rule == Metric.Rule.SUM else 1)
        for position, (part, sign) in enumerate(parts)
    )
    current.rule = rule if parts else Metric.Rule.NONE
    current.revision += 1
    current.save(update_fields=["rule", "revision", "updated_at"])
    record(actor, "metric.parts_set", current, before=before, after=_told(current))
    return current


def _told(metric: Metric) -> dict[str, Any]:
    rows = MetricPart.objects.filter(whole=metric).select_related("part").order_by("position")
    return {"rule": metric.rule, "parts": [f"{'minus ' if row.sign < 0 else ''}{row.part}" for row in rows]}


def _refuse_faults(metric: Metric, rule: str, parts: Sequence[tuple[Metric, int]]) -> None:
    ids = [part.pk for part, _ in parts]
    fault = ""
    if rule not in Metric.Rule.values:
        raise BadInput(fields={"rule": ["Choose sum, product or ratio."]})
    if parts and rule == Metric.Rule.NONE:
        raise BadInput(fields={"rule": ["Say how the parts make the whole: sum, product or ratio."]})
    if len(parts) > MOST_PARTS:
        fault = f"A metric has at most {MOST_PARTS} parts, so that the tree can be read."
    elif len(set(ids)) < len(ids):
        fault = "Each metric is a part once."
    elif rule and len(parts) < 2:
        fault = "Choose at least two parts."
    elif rule == Metric.Rule.RATIO and len(parts) != 2:
        fault = "A ratio has two parts: what is divided, and by what."
    elif circle := _find_circle(metric, ids):
        fault = f"That would be a circle: {circle} is put together from {metric} already, or is {metric} itself."
    if fault:
        raise BadInput(fields={"parts": [fault]})


def _find_circle(metric: Metric, ids: list[int]) -> Metric | None:
    """Return the part that, by however many steps, is made of the metric; None without one."""
    made_of: dict[int, list[int]] = {}
    for whole, part in MetricPart.objects.exclude(whole=metric).values_list("whole_id", "part_id"):
        made_of.setdefault(whole, []).append(part)
    for start in ids:
        seen, todo = set(), [start]
        while todo:
            one = todo.pop()
            if one == metric.pk:
                return Metric.objects.get(pk=start)
            if one not in seen:
                seen.add(one)
                todo += made_of.get(one, [])
    return None
