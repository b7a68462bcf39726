"""What the pages of alerts show: charts with their band, dry runs in words, incidents in need of somebody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, IntegerField, QuerySet, Value, When

from insights.alerts.contracts import Condition
from insights.alerts.models import Alert, DryRun, Incident, Reading, SourceDoubt
from insights.alerts.series import N_DRY_DAYS, Subject, subject_of
from insights.alerts.telling import may_read, question_of
from insights.alerts.words import say_condition, say_occurrence, say_times
from insights.explore.public import BandPoint, ChartView, build_band_view
from portal.people.public import SYSTEM
from portal.shell.public import PortalError

_REMARKS = {"breach": "fired", "waiting": "off; waits for one more"}
MOST_READINGS = 400
_FEWEST_DRAWN = 3  # fewer are no line
_NOT_OVER, _NOT_ALL_THERE = "It is not over yet.", "Its data is not all there."


@dataclass(frozen=True)
class DryRunView:
    """A dry run as a page shows it."""

    run: DryRun
    view: ChartView | None = None
    headline: str = ""
    occurrences: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def show_dry_run(run: DryRun) -> DryRunView:
    """Return what a dry run found, in words and as a chart."""
    result = run.result
    if run.state != DryRun.State.DONE or result is None:
        return DryRunView(run)
    interval, condition = result["interval"], Condition.from_json(run.condition)
    said = tuple(say_occurrence(one, interval) for one in result["occurrences"])
    view = None
    if condition.kind != "late" and result["labels"]:
        view = build_band_view(
            _points_of(result),
            key="dry-run",
            title="The last 90 days",
            caption=_caption(condition, interval),
            interval=interval,
            is_rate=result["is_rate"],
            unit=result["unit"],
            limit=condition.value if condition.kind == "threshold" else None,
            heading_level=3,
        )
    return DryRunView(run, view, _headline(result, said), said, _honesty(result, condition))


def _headline(result: dict[str, Any], said: tuple[str, ...]) -> str:
    if not result["n_judged"]:
        return "Nothing could be judged yet."
    return say_times(len(said), N_DRY_DAYS)


def _caption(condition: Condition, interval: str) -> str:
    band = "Shaded: what its own past led one to expect. " if condition.kind == "unlike" else ""
    return f"By {interval}. {band}Diamonds: when it would have been over the line."


def _points_of(result: dict[str, Any]) -> list[BandPoint]:
    found = []
    for label, is_partial, verdict in zip(result["labels"], result["partial"], result["verdicts"], strict=True):
        band = verdict["band"] or {}
        state = verdict["state"]
        found.append(
            BandPoint(
                label,
                verdict["value"],
                band.get("expected"),
                band.get("low"),
                band.get("high"),
                is_marked=state == "breach",
                is_partial=is_partial or verdict["reason"] == _NOT_ALL_THERE,
                remark=verdict["reason"] or _REMARKS.get(state, ""),
            )
        )
    return found


def _honesty(result: dict[str, Any], condition: Condition) -> tuple[str, ...]:
    """Say what the dry run rests on."""
    if condition.kind == "late":
        return (f"{_n(result['n_judged'], 'promise')} judged, by when each load was finished.",)
    said = [f"{_n(result['n_judged'], result['interval'])} judged, each by nothing but what lies before it."]
    known = result["n_known_then"]
    if known:
        said.append(f"{_n(known, 'value')} as this alert saw them then; the others as they are known today.")
    else:
        said.append("The values are as they are known today: events that came late are in them already.")
    said += [
        f"{_n(n, result['interval'])} not judged: {reason}"
        for reason, n in result["reasons"].items()
        if reason != _NOT_OVER
    ]
    return tuple(said)


def _n(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def show_readings(alert: Alert, words: str) -> ChartView | None:
    """Return the chart of what an alert's own checks saw; None before there are a few."""
    if alert.kind == "late":
        return None
    readings: list[Reading] = list(alert.readings.order_by("-label")[:MOST_READINGS])[::-1]
    if len(readings) < _FEWEST_DRAWN:
        return None
    subject = _subject(alert)
    points = [
        BandPoint(
            one.label, one.value, one.expected, one.low, one.high,
            is_marked=one.state == "breach", remark=one.reason or _REMARKS.get(one.state, ""),
        )
        for one in readings
    ]  # fmt: skip
    interval = subject.interval if subject else "day"
    return build_band_view(
        points,
        key=f"alert-{alert.pk}",
        title=alert.subject_title,
        caption=f"By {interval}, as each check saw it, time zone {_zone_of(subject)}. Tells when it {words}.",
        interval=interval,
        is_rate=is_rate_of(alert),
        unit=unit_of(alert),
        limit=alert.rule.value if alert.kind == "threshold" else None,
    )


def _subject(alert: Alert) -> Subject | None:
    try:
        return subject_of(alert)
    except PortalError:
        return None


def _zone_of(subject: Subject | None) -> str:
    return str(((subject and subject.asks) or {}).get("timezone") or settings.WORKSPACE_TIME_ZONE)


def _is_rate(subject: Subject) -> bool:
    return (subject.asks or {}).get("kind") in ("funnel", "retention")


def unit_of(alert: Alert) -> str:
    """Return the unit of what an alert watches, as far as it has one."""
    if alert.metric and alert.metric.current:
        return alert.metric.current.unit
    subject = _subject(alert)
    question = (subject and subject.asks) or {}
    series = question.get("series") or [{}]
    measure = (
        series[0].get("measure", "total") if question.get("kind") == "trend" and not question.get("formula") else ""
    )
    units = {"total": "events", "persons": "people", "weekly_active": "people", "monthly_active": "people"}
    unit = units.get(measure, "")
    return "accounts" if unit == "people" and question.get("unit") == "account" else unit


def is_rate_of(alert: Alert) -> bool:
    """Say whether what an alert watches is a share, said in percent."""
    subject = _subject(alert)
    return bool(subject and _is_rate(subject))


def words_of(alert: Alert) -> str:
    """Return an alert's condition in words, after "Tells when it"."""
    subject = _subject(alert)
    interval = subject.interval if subject else "day"
    return say_condition(alert.rule, interval, is_rate=is_rate_of(alert), unit=unit_of(alert))


def doubts_about(alert: Alert) -> list[SourceDoubt]:
    """Return the doubts about sources for which an alert waits."""
    question = question_of(alert) or {}
    doubts = SourceDoubt.objects.open().select_related("source__product")
    if alert.source_id:
        return []
    if question.get("sources"):
        return list(doubts.filter(source__slug__in=question["sources"]))
    return list(doubts.filter(source__product__slug__in=question.get("products") or [alert.product.slug]))


def incidents_in_need(user: Any) -> QuerySet[Incident]:
    """Return the live incidents that a user may see: open first, then acknowledged, then snoozed, newest first."""
    order = Case(
        When(state=Incident.State.OPEN, then=Value(0)),
        When(state=Incident.State.ACKNOWLEDGED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = Incident.objects.visible_to(user).live().select_related("alert__product", "alert__owner")
    return found.annotate(urgency=order).order_by("urgency", "-opened_at", "-pk")


def shows_numbers(alert: Alert, user: Any) -> bool:
    """Say whether a user may read the numbers of an alert that they may see."""
    return user is SYSTEM or may_read(user, alert)


def default_snooze(now: datetime, zone: str) -> str:
    """Return tomorrow at nine in a zone, as a form's value."""
    tomorrow = now.astimezone(ZoneInfo(zone)) + timedelta(days=1)
    return tomorrow.replace(hour=9, minute=0).strftime("%Y-%m-%dT%H:%M")
