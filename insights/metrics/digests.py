"""Metrics as a subject of digests: the newest whole period, its change, how sure that is, and a small line."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from insights.metrics.access import get_metric
from insights.metrics.charts import digest_line
from insights.metrics.contracts import MetricValues
from insights.metrics.models import Metric, MetricStar, MetricVersion
from insights.metrics.queries import read_values
from insights.metrics.refreshing import bring_up_to_date
from insights.metrics.words import say_period
from insights.questions.public import reads_personal
from portal.messages.contracts import DigestChart, DigestPart, DigestSeries
from portal.people.public import ANYBODY
from portal.shell.public import NotFound

_MOST_OFFERED, _MOST_POINTS = 30, 60
_PERSONAL = "This metric reads personal data, which no digest holds."


def find_metric(user: Any, thing_id: str) -> Metric | None:
    """Return a metric that this user may read now."""
    try:
        metric = get_metric(user, int(thing_id)) if thing_id.isascii() and thing_id.isdecimal() else None
    except NotFound:
        return None
    return None if metric is None or metric.is_archived else metric


def offer_metrics(user: Any) -> list[tuple[str, str]]:
    """Return what a person may choose from: metrics of their own, starred or certified."""
    starred = MetricStar.objects.filter(metric=OuterRef("pk"), user_id=user.pk)
    near = Q(owner_id=user.pk) | Q(is_certified=True) | Q(Exists(starred))
    found = Metric.objects.visible_to(user).live().filter(near).order_by("name")[:_MOST_OFFERED]
    return [(str(metric.pk), metric.name) for metric in found]


def compose_metric(metric: Metric, person: Any, *, since: datetime, now: datetime) -> tuple[DigestPart, ...]:
    """Return the section about one metric; its values are brought up to date first."""
    if reads_personal([metric.current.question], ANYBODY)[0]:
        return (DigestPart(metric.name, metric.get_absolute_url(), problems=(_PERSONAL,)),)
    bring_up_to_date(metric.current, now)
    version = MetricVersion.objects.select_related("metric", "series").get(pk=metric.current_id)
    values = read_values([version], now=timezone.now())[version.pk]
    url = metric.get_absolute_url()
    problems = (values.freshness.sentence,) if values.freshness.state == "failed" else ()
    newest = values.newest
    part = DigestPart(
        title=metric.name,
        url=url,
        period=say_period(newest.starts_on, values.interval) if newest else "no whole period yet",
        zone=values.timezone,
        freshness=_say_freshness(values, person),
        lines=(digest_line(values, url),) if newest else (),
        charts=(_chart(values, url),) if len(values.points) > 1 else (),
        problems=problems,
    )
    return (part,)


def _chart(values: MetricValues, url: str) -> DigestChart:
    points = values.points[-_MOST_POINTS:]
    scale = 100 if values.is_rate else 1
    numbers = tuple(None if point.value is None else point.value * scale for point in points)
    labels = tuple(say_period(point.starts_on, values.interval).removeprefix("week of ") for point in points)
    known = [number for number in numbers if number is not None]
    span = f" From {min(known):,.4g} to {max(known):,.4g}." if known else " No values."
    return DigestChart(
        title=values.name,
        labels=labels,
        series=(DigestSeries(values.name, numbers),),
        unit=f"{values.unit}, by {values.interval}" if values.unit else f"by {values.interval}",
        alt=f"Line: {values.name}, {labels[0]} to {labels[-1]}.{span}",
        n_partial=sum(point.is_partial for point in points),
        url=url,
    )


def _say_freshness(values: MetricValues, person: Any) -> str:
    zone, age = ZoneInfo(person.time_zone), values.freshness
    if not age.data_until or not age.computed_at:
        return "No data yet"
    until, made = (f"{moment.astimezone(zone):%-d %b %Y, %H:%M}" for moment in (age.data_until, age.computed_at))
    return f"Data until {until}, computed {made} ({person.time_zone})"
