"""Reading what an alert watches: a metric's values, a question's line, or what a source delivered and when."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from insights.alerts.contracts import MOST_HISTORY, Condition, Point
from insights.alerts.models import Alert, DayOff
from insights.events.public import Batch, Source, expected_since
from insights.explore.public import Insight
from insights.metrics.public import Metric, refresh_versions, values_of
from insights.questions.public import ask, parse_question
from portal.people.public import SYSTEM, Product
from portal.shell.public import BadInput, PortalError

CALLER = "insights.alerts.series"
_COUNTS = ("total", "persons", "weekly_active", "monthly_active", "first_time", "sum")
_DATES = ("date_from", "date_to", "compare", "breakdown", "moving_average")
_MORE_DAYS = {"hour": 1, "day": 1, "week": 7, "month": 31}
N_DRY_DAYS = 90


class CannotCheck(PortalError):
    """What is watched cannot be read; the message says why, for the alert's owner."""

    code = "cannot_check"
    status = 409


@dataclass(frozen=True)
class Subject:
    """What is watched: exactly one of metric, insight, source, question; `title` names it on screen."""

    title: str
    product: Product
    metric: Metric | None = None
    insight: Insight | None = None
    source: Source | None = None
    question: dict[str, Any] | None = None
    series_no: int = 0

    @property
    def asks(self) -> dict[str, Any] | None:
        """Return the question behind it, None for a source."""
        if self.metric:
            return dict(self.metric.current.question) if self.metric.current else None
        return self.insight.question if self.insight else self.question

    @property
    def interval(self) -> str:
        """Return the length of its buckets."""
        if self.source:
            return "day"
        question = self.asks or {}
        return str(question.get("interval") or "day")


@dataclass(frozen=True)
class Series:
    """What was read: points oldest first, one a bucket, and how to say and judge them."""

    points: list[Point]
    interval: str
    is_count: bool = True
    is_rate: bool = False
    unit: str = ""
    zone: str = "UTC"
    sources: tuple[str, ...] = ()
    data_until: Any = None
    facts: dict[str, Any] = field(default_factory=dict)


def subject_of(alert: Alert) -> Subject:
    """Return what an alert watches, or say why it is gone."""
    metric, insight, source = alert.metric, alert.insight, alert.source
    if not (metric or insight or source or alert.question):
        raise CannotCheck(f"“{alert.subject_title}”, which it watched, was deleted. Choose something else to watch.")
    if metric and metric.archived_at:
        raise CannotCheck(f"The metric “{metric.name}” was archived. Choose another metric, or put this alert away.")
    title = alert.subject_title
    return Subject(title, alert.product, metric, insight, source, alert.question, alert.series_no)


def prepare_question(value: dict[str, Any], product: Product) -> dict[str, Any]:
    """Return a question as an alert asks it: one line over time, without dates of its own; refuse what has none."""
    asked = {name: one for name, one in value.items() if name not in _DATES}
    kind = asked.get("kind")
    if kind == "funnel":
        asked |= {"view": "trend", "interval": asked.get("interval") or "day"}
    elif kind != "trend":
        words = "An alert watches one number over time: a trend, a funnel's conversion, or a metric."
        raise BadInput(fields={"subject": [words]})
    if asked.get("interval", "day") not in MOST_HISTORY:
        raise BadInput(fields={"subject": ["An alert watches hours, days, weeks or months. Choose another interval."]})
    if asked.get("cumulative"):
        raise BadInput(fields={"subject": ["A running total only grows. Watch the plain numbers instead."]})
    if value.get("breakdown"):
        raise BadInput(fields={"subject": ["This is broken down into parts. Filter one part, and watch that."]})
    asked.setdefault("interval", "day")
    if not asked.get("products") and not asked.get("sources"):
        asked["products"] = [product.slug]
    return asked


def series_names(question: dict[str, Any]) -> list[str]:
    """Return the lines of a question by name, in order; one for a funnel or a formula."""
    if question.get("kind") != "trend" or question.get("formula"):
        return [""]
    series = [one for one in question.get("series") or [] if isinstance(one, dict)]
    return [str(one.get("event") or "any event") for one in series] if len(series) > 1 else [""]


def read_series(subject: Subject, now: datetime, n_days: int = 0) -> Series:
    """Read what is watched, as far back as judging the last `n_days` days needs.

    Raises: PortalError with a sentence when it cannot be read.
    """
    series = _read_metric(subject, now) if subject.metric else _read_question(subject, now, n_days)
    return _mark_days_off(series, subject.product)


def _read_metric(subject: Subject, now: datetime) -> Series:
    metric = subject.metric
    assert metric is not None
    if metric.current is None:
        raise CannotCheck(f"The metric “{metric.name}” has no definition in force yet.")
    refresh_versions([metric.current], now)
    values = values_of(SYSTEM, metric, now=now)
    if values.freshness.state == "failed":
        raise CannotCheck(f"The metric “{metric.name}” could not be computed. {values.freshness.sentence}")
    if values.interval not in MOST_HISTORY:
        raise CannotCheck("An alert watches hours, days, weeks or months; this metric's periods are longer.")
    points = [Point(one.starts_on.isoformat(), one.value, one.is_partial, n_total=one.n_total) for one in values.points]
    definition = metric.current.definition
    return Series(
        points,
        values.interval,
        is_count=definition.measure in _COUNTS and _never_negative(points),
        is_rate=values.is_rate,
        unit=values.unit,
        zone=values.timezone,
        sources=tuple(values.facts.get("sources") or ()),
        data_until=values.freshness.data_until,
        facts=dict(values.facts),
    )


def _read_question(subject: Subject, now: datetime, n_days: int) -> Series:
    value = prepare_question(subject.asks or {}, subject.product)
    interval = value["interval"]
    days = n_days + MOST_HISTORY[interval] * _MORE_DAYS[interval] // (24 if interval == "hour" else 1) + 8
    question = parse_question({**value, "date_from": f"-{days}d"}, now=now, default_zone=settings.WORKSPACE_TIME_ZONE)
    answer = ask(question, user=SYSTEM, caller=CALLER)
    if subject.series_no >= len(answer["series"]):
        raise CannotCheck("The question has fewer lines than when this alert was made. Choose another line.")
    line = answer["series"][subject.series_no]
    is_rate = value["kind"] == "funnel"
    totals = line["began"] if is_rate else [None] * len(answer["labels"])
    points = [
        Point(str(label), number, is_partial, n_total=n)
        for label, number, is_partial, n in zip(
            answer["labels"], line["values"], answer["partial"], totals, strict=True
        )
    ]
    measure = _measure(value, subject.series_no)
    return Series(
        points,
        interval,
        is_count=measure in _COUNTS and _never_negative(points),
        is_rate=is_rate,
        unit=_unit(value, measure),
        zone=answer["facts"]["range"]["timezone"],
        sources=tuple(answer["facts"]["sources"]),
        data_until=answer["facts"]["data_until"],
        facts=answer["facts"],
    )


def _measure(question: dict[str, Any], series_no: int) -> str:
    if question["kind"] == "funnel" or question.get("formula"):
        return ""
    return str(question["series"][series_no].get("measure") or "total")


def _unit(question: dict[str, Any], measure: str) -> str:
    if measure == "total":
        return "events"
    if measure in ("persons", "weekly_active", "monthly_active", "first_time"):
        return "accounts" if question.get("unit") == "account" else "people"
    return ""


def _never_negative(points: Iterable[Point]) -> bool:
    return all(point.value is None or point.value >= 0 for point in points)


def _mark_days_off(series: Series, product: Product) -> Series:
    if series.interval not in ("hour", "day"):
        return series
    off = {day.isoformat() for day in days_off(product)}
    points = [replace(point, is_off=True) if point.label[:10] in off else point for point in series.points]
    return replace(series, points=points)


def days_off(product: Product) -> set[date]:
    """Return the days off of the company and of a product."""
    return set(DayOff.objects.filter(Q(product=None) | Q(product=product)).values_list("day", flat=True))


def newest_before(source: Source, at: datetime) -> datetime | None:
    """Return the time of the newest event that a source had delivered by a moment, by its loads."""
    loads = Batch.objects.filter(source=source, state=Batch.State.DONE, finished_at__lte=at, max_ts__isnull=False)
    return loads.order_by("-max_ts").values_list("max_ts", flat=True).first()


def judge_promise(source: Source, condition: Condition, at: datetime) -> tuple[str, bool | None, datetime | None]:
    """Return the day on which new data was promised last, whether it is late, and the newest event's time.

    None for "whether" while the grace after the promise is not over.
    """
    if source.fresh_by is None:
        raise CannotCheck(f"{source} promises no time for new data. Set one on its page, or put this alert away.")
    zone = ZoneInfo(source.time_zone)
    grace = timedelta(minutes=condition.grace_min)
    since = expected_since(source.fresh_by, source.time_zone, at)
    due_on = (since + timedelta(days=1, hours=1)).astimezone(zone).date()
    due_at = datetime.combine(due_on, source.fresh_by, tzinfo=zone)
    newest = newest_before(source, at)
    is_there = newest is not None and newest >= since
    if is_there:
        return due_on.isoformat(), False, newest
    return due_on.isoformat(), (True if at >= due_at + grace else None), newest
