"""A metric's overview in one read: its line, its change, what is aimed at; and its restatements in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from insights.explore.public import ChartView, Headline, Note, explore_url
from insights.metrics.charts import build_headline, build_metric_view
from insights.metrics.contracts import MetricValues, Target
from insights.metrics.explained import Explained, build_explained
from insights.metrics.models import Metric, MetricVersion, Restatement
from insights.metrics.notes import list_notes
from insights.metrics.queries import may_read_numbers, read_values
from insights.metrics.refreshing import watch_values
from insights.metrics.uses import list_targets
from insights.metrics.words import METHODS, say_period, say_value
from insights.questions.public import say_question
from portal.people.public import can

_MOST_RESTATED = 20


@dataclass(frozen=True)
class Restated:
    """A restatement in words."""

    period: str
    before: str
    after: str
    found_at: datetime
    why: str


@dataclass(frozen=True)
class MetricPage:
    """All that a metric's page shows."""

    view: ChartView | None
    headline: Headline | None
    method: str
    values: MetricValues | None
    words: str
    explore_url: str
    targets: list[Target]
    explained: Explained | None
    may_edit: bool
    may_propose: bool
    may_certify: bool
    is_hidden: bool


def say_definition(version: MetricVersion) -> str:
    """Return what a version asks, in a sentence."""
    said = say_question({**version.question, "date_from": None, "timezone": None}).rstrip(".")
    if version.column:
        later = f"{version.column} {version.interval}{'' if version.column == 1 else 's'} later"
        said += f"; of them the share that comes back {later}"
    return f"{said}."


def build_metric_page(metric: Metric, *, user: Any, now: datetime, by: int = 0) -> MetricPage:
    """Return the overview of a metric, its change explained by the property at a place; old values are renewed."""
    version = metric.current
    is_readable = may_read_numbers(user, [version])[version.pk]
    values = read_values([version], now=now)[version.pk] if is_readable else None
    if values is not None and values.freshness.state in ("stale", "pending") and not metric.is_archived:
        watch_values([version])
    change = values.change if values else None
    return MetricPage(
        view=_drawn(metric, values, user) if values and values.points else None,
        headline=build_headline(values) if values else None,
        method=_say_method(change),
        values=values,
        words=say_definition(version),
        explore_url=url_in_explore(version),
        targets=list_targets(metric, user),
        explained=build_explained(version, change, version.series.explained, by) if change else None,
        may_edit=can(user, "metrics.edit", metric),
        may_propose=can(user, "metrics.propose"),
        may_certify=can(user, "metrics.certify"),
        is_hidden=values is None,
    )


def _drawn(metric: Metric, values: MetricValues, user: Any) -> ChartView:
    return view_of_metric(metric, values, list_notes(metric.product, user, values))


def view_of_metric(metric: Metric, values: MetricValues, notes: list[Note]) -> ChartView:
    """Return the line of a metric, as its page and its file have it."""
    return build_metric_view(
        values,
        key=f"metric-{metric.pk}",
        title=metric.name,
        notes=notes,
        csv_url=reverse("metrics:metric-csv", args=[metric.pk]),
        open_url=url_in_explore(metric.current),
    )


def url_in_explore(version: MetricVersion) -> str:
    """Return the address of Explore with the question that the version asks, about the last 90 days."""
    dates = {} if version.definition.kind == "retention" else {"date_from": "-90d"}
    return explore_url({**version.question, **dates})


def _say_method(change: Any) -> str:
    if change is None or not change.method:
        return ""
    said = METHODS[change.method]
    if change.method == "poisson":
        if change.spread is None:
            return f"{said}; its past is too short to say how much it varies beyond chance"
        return f"{said}, widened by {change.spread:.1f} for how much it varies beyond chance"
    return said


def list_restated(version: MetricVersion) -> list[Restated]:
    """Return the newest restatements of a version, in words."""
    rows = Restatement.objects.filter(version=version)[:_MOST_RESTATED]
    is_rate = version.is_rate
    return [
        Restated(
            say_period(row.starts_on, version.interval),
            say_value(row.before, is_rate=is_rate),
            say_value(row.after, is_rate=is_rate),
            row.found_at,
            row.why,
        )
        for row in rows
    ]
