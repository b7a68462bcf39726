"""A metric's tree in one read: each metric with its value and change, and whether its parts come to it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from insights.metrics.changes import change_between, step_back
from insights.metrics.contracts import Change, MetricValues, Point
from insights.metrics.models import Metric, MetricPart
from insights.metrics.queries import may_read_numbers, read_values
from insights.metrics.tree import Reckoning, reckon
from insights.metrics.words import say_change, say_interval, say_period, say_roughly, say_signed, say_value

DEEPEST = 6
TIMES = "\u00d7"
_RULES = {"sum": "its parts add up to it", "product": "its parts multiply up to it", "ratio": "the first ÷ the second"}


@dataclass(frozen=True)
class Node:
    """One metric of a tree, as it is shown; `metric` is None for one that is not shared with the reader."""

    metric: Metric | None
    sign: str = ""
    value: str = ""
    change: str = ""
    interval: str = ""
    tone: str = ""
    direction: str = ""
    share: str = ""
    rule: str = ""
    verdict: str = ""
    agrees: bool = True
    parts: list["Node"] = field(default_factory=list)


@dataclass(frozen=True)
class TreePage:
    """A tree, the period that all of its numbers are of, and what the metric is itself a part of."""

    root: Node
    period: str
    why_none: str
    wholes: list[Metric]
    has_parts: bool


@dataclass(frozen=True)
class _Known:
    """What was read once for the whole tree."""

    metrics: dict[int, Metric]
    rows: dict[int, list[MetricPart]]
    values: dict[int, MetricValues]
    day: date | None

    def point(self, metric_id: int, day: date | None) -> Point | None:
        """Return the value of a metric for the period that begins on a day."""
        values = self.values.get(metric_id)
        return next((one for one in values.points if one.starts_on == day), None) if values and day else None


def build_tree(metric: Metric, *, user: Any, now: datetime) -> TreePage:
    """Return the tree below a metric; four queries, however many metrics are in it."""
    rows: dict[int, list[MetricPart]] = {}
    wholes_of: dict[int, list[int]] = {}
    for row in MetricPart.objects.order_by("whole_id", "position"):
        rows.setdefault(row.whole_id, []).append(row)
        wholes_of.setdefault(row.part_id, []).append(row.whole_id)
    inside = _below(metric.pk, rows)
    found = Metric.objects.with_values().filter(pk__in={*inside, *wholes_of.get(metric.pk, [])})
    metrics = {one.pk: one for one in found.visible_to(user)}
    readable = may_read_numbers(user, [one.current for one in metrics.values()])
    shown = [metrics[pk] for pk in inside if pk in metrics and readable[metrics[pk].current_id]]
    by_version = read_values([one.current for one in shown], now=now)
    values = {one.metric_id: one for one in by_version.values()}
    day, why = _common_period(values, len(inside))
    known = _Known(metrics, rows, values, day)
    wholes = [one for pk in wholes_of.get(metric.pk, []) if (one := metrics.get(pk)) and not one.is_archived]
    period = say_period(day, metric.current.interval) if day else ""
    return TreePage(_node(metric.pk, known, "", "", 0), period, why, wholes, bool(rows.get(metric.pk)))


def _below(start: int, rows: dict[int, list[MetricPart]]) -> list[int]:
    found, todo = [], [(start, 0)]
    while todo:
        pk, depth = todo.pop(0)
        if pk not in found and depth <= DEEPEST:
            found.append(pk)
            todo += [(row.part_id, depth + 1) for row in rows.get(pk, [])]
    return found


def _common_period(values: dict[int, MetricValues], n_all: int) -> tuple[date | None, str]:
    """Return the newest period that is over in all metrics of the tree, or why there is none."""
    if len({one.interval for one in values.values()}) > 1:
        return None, "These metrics have periods of different lengths, so their numbers cannot be put together."
    whole = [{point.starts_on for point in one.points if not point.is_partial} for one in values.values()]
    common = set.intersection(*whole) if whole else set()
    if not common:
        return None, "There is no period yet that is over in all of these metrics."
    return max(common), ""


def _node(pk: int, known: _Known, sign: str, share: str, depth: int) -> Node:
    metric = known.metrics.get(pk)
    if metric is None:
        return Node(None, sign)
    is_rate, rows = metric.current.is_rate, known.rows.get(pk, []) if depth < DEEPEST else []
    change = _change(pk, known)
    point = known.point(pk, known.day)
    reckoning = _reckon(metric, rows, known) if rows else None
    parts = [
        _node(row.part_id, known, _sign(metric.rule, row, place), _share(reckoning, place, is_rate), depth + 1)
        for place, row in enumerate(rows)
    ]
    amount = change.amount if change else None
    return Node(
        metric=metric,
        sign=sign,
        value=say_value(point.value, is_rate=is_rate, unit="" if is_rate else metric.current.unit) if point else "",
        change=say_change(change, is_rate=is_rate),
        interval=say_interval(change, is_rate=is_rate),
        tone=change.tone(metric.current.direction) if change else "",
        direction="" if not amount else "up" if amount > 0 else "down",
        share=share,
        rule=_RULES.get(metric.rule, "") if rows else "",
        verdict=_say_verdict(reckoning, metric) if rows else "",
        agrees=reckoning is None or reckoning.gap in (0, None),
        parts=parts,
    )


def _change(pk: int, known: _Known) -> Change | None:
    values = known.values.get(pk)
    if values is None or known.day is None:
        return None
    return change_between(values.points, known.day, interval=values.interval, measure=values.measure)


def _reckon(metric: Metric, rows: list[MetricPart], known: _Known) -> Reckoning:
    def numbers(back: int) -> list[float | None]:
        return [_value(row.part_id, known, back) for row in rows]

    back = step_back(metric.current.interval)
    signs = [row.sign for row in rows]
    return reckon(metric.rule, _value(metric.pk, known, 0), numbers(0), numbers(back), signs)


def _value(pk: int, known: _Known, back: int) -> float | None:
    values = known.values.get(pk)
    if values is None or known.day is None:
        return None
    places = [place for place, point in enumerate(values.points) if point.starts_on == known.day]
    place = places[0] - back if places else -1
    return values.points[place].value if place >= 0 else None


def _sign(rule: str, row: MetricPart, place: int) -> str:
    if rule == "sum":
        return "\u2212" if row.sign < 0 else "+" if place else ""
    return ("÷" if rule == "ratio" else TIMES) if place else ""


def _share(reckoning: Reckoning | None, place: int, is_rate: bool) -> str:
    if reckoning is None or reckoning.shares is None:
        return ""
    return say_roughly(reckoning.shares[place], is_rate=is_rate)


def _say_verdict(reckoning: Reckoning | None, metric: Metric) -> str:
    if reckoning is None or reckoning.reckoned is None:
        return "What its parts come to cannot be told for this period."
    if reckoning.gap is None:
        return "The metric itself has no value for this period."
    if reckoning.gap == 0:
        return "Its parts come to exactly this."
    is_rate = metric.current.is_rate
    reckoned, gap = say_value(reckoning.reckoned, is_rate=is_rate), say_signed(reckoning.gap, is_rate=is_rate)
    return f"Its parts come to {reckoned}: a gap of {gap}."
