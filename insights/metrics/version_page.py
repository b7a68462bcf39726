"""A version's page in one read: the old line and the new one, and the full list of what will move."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from insights.explore.public import ChartView
from insights.metrics.access import why_not_decide
from insights.metrics.charts import build_comparison, build_metric_view
from insights.metrics.contracts import MetricValues
from insights.metrics.metric_page import say_definition, url_in_explore
from insights.metrics.models import MetricVersion
from insights.metrics.queries import may_read_numbers, read_values
from insights.metrics.refreshing import local_day, watch_values
from insights.metrics.uses import Uses, list_uses
from insights.metrics.words import say_period, say_value

COMPARED_DAYS = 90


@dataclass(frozen=True)
class Difference:
    """One thing that the version says otherwise than the other one."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class VersionPage:
    """All that a version's page shows; `other` is the version that it is compared with."""

    view: ChartView | None
    words: str
    other: MetricVersion | None
    differences: list[Difference]
    effect: str
    uses: Uses
    explore_url: str
    is_pending: bool
    is_hidden: bool
    is_open: bool
    why_not: str
    may_withdraw: bool


def build_version_page(version: MetricVersion, *, user: Any, now: datetime) -> VersionPage:
    """Return a version's page; values that are missing or old are computed by the worker meanwhile."""
    metric = version.metric
    other = metric.current if version.pk != metric.current_id else None
    shown = [one for one in (other, version) if one is not None]
    is_readable = all(may_read_numbers(user, shown).values())
    values = _read(shown, now) if is_readable else {}
    is_pending = any(one.freshness.state in ("pending", "stale") for one in values.values())
    if is_pending:
        watch_values(shown)
    is_open = version.state == MetricVersion.State.PROPOSED
    return VersionPage(
        view=_view(version, other, values),
        words=say_definition(version),
        other=other,
        differences=list_differences(other, version) if other else [],
        effect=_say_effect(version, other, values),
        uses=list_uses(metric, user),
        explore_url=url_in_explore(version),
        is_pending=is_pending,
        is_hidden=not is_readable,
        is_open=is_open,
        why_not=why_not_decide(user, version) if is_open else "",
        may_withdraw=is_open and (version.author_id == user.pk or user.is_ops),
    )


def _read(versions: list[MetricVersion], now: datetime) -> dict[int, MetricValues]:
    since = local_day(versions[-1], now) - timedelta(days=COMPARED_DAYS)
    return read_values(versions, now=now, since=since)


def _view(version: MetricVersion, other: MetricVersion | None, values: dict[int, MetricValues]) -> ChartView | None:
    mine = values.get(version.pk)
    if mine is None or not mine.points:
        return None
    key, title = f"version-{version.pk}", f"{version.metric}, the last {COMPARED_DAYS} days"
    if other is None or not values[other.pk].points:
        return build_metric_view(mine, key=key, title=title, open_url=url_in_explore(version))
    names = ("now", "proposed") if version.state == MetricVersion.State.PROPOSED else ("in force", str(version))
    return build_comparison(values[other.pk], mine, key=key, title=title, names=names)


def list_differences(old: MetricVersion, new: MetricVersion) -> list[Difference]:
    """Return what two versions say differently, in words."""
    pairs = [
        Difference("Asks", say_definition(old), say_definition(new)),
        Difference("Unit", old.unit or "none", new.unit or "none"),
        Difference("Direction", old.get_direction_display(), new.get_direction_display()),
        Difference("Period", old.interval, new.interval),
    ]
    return [pair for pair in pairs if pair.before != pair.after]


def _say_effect(version: MetricVersion, other: MetricVersion | None, values: dict[int, MetricValues]) -> str:
    """Return what the newest period that both have says under either, in a sentence; "" without one."""
    if other is None or version.pk not in values:
        return ""
    old = {point.starts_on: point for point in values[other.pk].points if not point.is_partial}
    both = [point for point in values[version.pk].points if not point.is_partial and point.starts_on in old]
    if not both or both[-1].value is None or old[both[-1].starts_on].value is None:
        return ""
    before, after = old[both[-1].starts_on].value, both[-1].value
    said = [
        say_value(value, is_rate=one.is_rate, unit="" if one.is_rate else one.unit)
        for value, one in ((before, other), (after, version))
    ]
    when = say_period(both[-1].starts_on, version.interval)
    return f"For {'the ' if when.startswith('week') else ''}{when} it says {said[0]} now, and would say {said[1]}."
