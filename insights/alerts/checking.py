"""Checking alerts: read, judge, and in one transaction keep the verdicts, move the incident on and tell.

The alert's row is locked while verdicts are kept, and a bucket is read once: two workers, two beats or a worker that
was killed at any line come to the same incident and the same messages.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from insights.alerts.contracts import Point, Verdict
from insights.alerts.detection import judge_series
from insights.alerts.doubts import check_sources
from insights.alerts.models import Alert, Incident, Reading
from insights.alerts.series import Series, judge_promise, read_series, subject_of
from insights.alerts.telling import tell_about, tell_owner
from insights.alerts.words import say_seen
from portal.shell.public import PortalError

log = logging.getLogger(__name__)

# How many whole buckets back one is still judged that was not judged before: its data may have come late.
_LOOK_BACK = {"hour": 48, "day": 7, "week": 2, "month": 2}
_BUCKET = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31)}
_FINAL = ("ok", "breach", "waiting")
_OWN_FAULT = "The portal met an error of its own while checking this. Ops can find it in the worker's log."


def check_alert(alert_id: int, now: datetime | None = None) -> bool:
    """Check one alert; False when it is not on duty any more."""
    now = now or timezone.now()
    alert = Alert.objects.on_duty().with_subjects().filter(pk=alert_id).first()
    if alert is None:
        return False
    try:
        verdicts, series = _judge(alert, now)
    except PortalError as error:
        _note_failure(alert, _sentence(error), now)
        return True
    except Exception:  # the outermost loop of a job: one alert must not stop the others
        log.exception("alerts: alert %s could not be checked", alert.pk)
        _note_failure(alert, _OWN_FAULT, now)
        return True
    keep_verdicts(alert, verdicts, series, now)
    return True


def _sentence(error: PortalError) -> str:
    faults = [" ".join(said) for said in error.fields.values()]
    return " ".join([error.message, *faults[:3]])[:1000]


def _judge(alert: Alert, now: datetime) -> tuple[list[Verdict], Series]:
    subject = subject_of(alert)
    if subject.source:
        label, is_late, newest = judge_promise(subject.source, alert.rule, now)
        if is_late is None:
            return [], Series([], "day")
        series = Series([], "day", data_until=newest)
        return [Verdict(label, "breach" if is_late else "ok", side="down" if is_late else "")], series
    series = read_series(subject, now)
    series = _without_incomplete(series, now)
    n_whole = next((place for place, point in enumerate(series.points) if point.is_partial), len(series.points))
    series = replace(series, points=series.points[:n_whole])
    points, before = _with_memory(alert, series)
    first = _first_to_judge(alert, series, points)
    found = judge_series(
        points, alert.rule, series.interval, first=first, is_count=series.is_count, before=before(first)
    )
    return list(found.verdicts), series


def _without_incomplete(series: Series, now: datetime) -> Series:
    """Mark the buckets of which a source provably has not delivered all."""
    short = {day for days in check_sources(series.sources, now).values() for day in days}
    if not short:
        return series
    points = [
        replace(point, is_complete=False) if _touches(point, series.interval, short) else point
        for point in series.points
    ]
    return replace(series, points=points)


def _touches(point: Point, interval: str, days: Iterable[date]) -> bool:
    first = date.fromisoformat(point.label[:10])
    last = first if interval in ("hour", "day") else first + _BUCKET[interval] - timedelta(days=1)
    return any(first <= day <= last for day in days)


def _with_memory(alert: Alert, series: Series) -> tuple[list[Point], Callable[[int], list[Verdict]]]:
    """Return the points with earlier breaches marked, and a function that gives the verdict before a place."""
    readings = {reading.label: reading for reading in alert.readings.all()}
    points = [
        point.breached() if (one := readings.get(point.label)) and one.state in ("breach", "waiting") else point
        for point in series.points
    ]

    def before(place: int) -> list[Verdict]:
        found = readings.get(points[place - 1].label) if place else None
        return [found.verdict] if found else []

    return points, before


def _first_to_judge(alert: Alert, series: Series, points: list[Point]) -> int:
    """Return the place of the first bucket that was over since the alert was made and is not judged yet."""
    done = set(alert.readings.filter(state__in=_FINAL).values_list("label", flat=True))
    oldest = max(len(points) - _LOOK_BACK[series.interval], 0)
    began = alert.starts_at.astimezone(ZoneInfo(series.zone)).replace(tzinfo=None)
    since = began - 2 * _BUCKET[series.interval]  # what begins after it was over at most one bucket before the alert
    place = len(points)
    while place > oldest and _begin(points[place - 1]) > since and points[place - 1].label not in done:
        place -= 1
    return place


def _begin(point: Point) -> datetime:
    """Return the local time at which a bucket begins."""
    return datetime.fromisoformat(point.label[:16])


@transaction.atomic
def keep_verdicts(alert: Alert, verdicts: list[Verdict], series: Series, now: datetime) -> None:
    """Keep what was found and move the incident on; what another worker kept meanwhile stays."""
    current = Alert.objects.select_for_update(of=("self",)).on_duty().filter(pk=alert.pk, revision=alert.revision)
    if not current.exists():
        return  # somebody changed, paused or put it away meanwhile: the next check knows
    hint = ""
    for verdict in verdicts:
        if verdict.state == "skipped":
            hint = verdict.reason
            continue
        hint = ""
        known = Reading.objects.filter(alert=alert, label=verdict.label).first()
        if known is None or (alert.kind == "late" and known.state != verdict.state):
            last = Reading.objects.filter(alert=alert, label__lt=verdict.label).order_by("-label").first()
            _store(alert, verdict, now)
            _move_on(alert, verdict, series, known or last, now)
    Alert.objects.filter(pk=alert.pk).update(checked_at=now, hint=hint[:300], failure="", failing_since=None)


def _store(alert: Alert, verdict: Verdict, now: datetime) -> None:
    band = verdict.band
    values = {
        "value": verdict.value,
        "expected": band and band.expected,
        "low": band and band.low,
        "high": band and band.high,
        "reference": verdict.reference,
        "state": verdict.state,
        "side": verdict.side,
        "reason": verdict.reason[:200],
        "checked_at": now,
    }
    Reading.objects.update_or_create(alert=alert, label=verdict.label, defaults=values)


def _move_on(alert: Alert, verdict: Verdict, series: Series, last: Reading | None, now: datetime) -> None:
    """Open, go on with or end the alert's incident by one verdict."""
    live = Incident.objects.filter(alert=alert).live().first()
    if verdict.is_breach:
        sentence = _say(alert, verdict, series)
        is_same = last is not None and last.state == "breach"
        going_on = live or (alert.incidents.order_by("-opened_at", "-pk").first() if is_same else None)
        if going_on is not None:  # a resolved one is not opened again by the same occurrence
            Incident.objects.filter(pk=going_on.pk).update(
                last_label=verdict.label, n_buckets=F("n_buckets") + 1, newest=sentence
            )
        else:
            _open(alert, verdict, sentence, now)
    elif verdict.state == "ok" and live is not None:
        _end(live, _say(alert, verdict, series), now)


def _open(alert: Alert, verdict: Verdict, sentence: str, now: datetime) -> None:
    values = {
        "last_label": verdict.label,
        "started_on": date.fromisoformat(verdict.label[:10]),
        "sentence": sentence,
        "newest": sentence,
        "opened_at": now,
    }
    incident, is_new = Incident.objects.get_or_create(alert=alert, first_label=verdict.label, defaults=values)
    if is_new:
        tell_about(incident, "opened", f"{alert.name} fired", sentence, tone="bad", now=now)


def _end(incident: Incident, sentence: str, now: datetime) -> None:
    values = {"state": Incident.State.RESOLVED, "resolved_at": now, "is_back": True, "newest": sentence}
    if Incident.objects.filter(pk=incident.pk).live().update(**values):
        subject = f"{incident.alert.name}: back to normal"
        tell_about(incident, "back", subject, f"{sentence} The incident is resolved.", tone="good", now=now)


def _say(alert: Alert, verdict: Verdict, series: Series) -> str:
    if alert.kind == "late":
        return _say_promise(alert, verdict, series.data_until)
    said = say_seen(alert.subject_title, verdict, series.interval, is_rate=series.is_rate, unit=series.unit)
    return said[:300]


def _say_promise(alert: Alert, verdict: Verdict, newest: Any) -> str:
    source = alert.source
    day = date.fromisoformat(verdict.label)
    if not verdict.is_breach:
        return f"{source} has the data that was promised for {day:%-d %b %Y}."
    last = f"its newest event is of {newest:%-d %b %Y, %H:%M} UTC" if newest else "it has none yet"
    by = f"{source.fresh_by:%H:%M}" if source and source.fresh_by else "its time"
    return f"{source} promised new data by {by} on {day:%-d %b %Y}, but {last}."[:300]


@transaction.atomic
def _note_failure(alert: Alert, sentence: str, now: datetime) -> None:
    """Keep why an alert cannot be checked; its owner is told once for each stretch of failing."""
    mine = Alert.objects.select_for_update(of=("self",)).filter(pk=alert.pk).first()
    if mine is None:
        return
    since = mine.failing_since or now
    Alert.objects.filter(pk=alert.pk).update(checked_at=now, failure=sentence, failing_since=since)
    if mine.failing_since is None:
        what = f"failing:{since.isoformat()}"
        tell_owner(alert, what, f"{alert.name} cannot be checked", f"{sentence} Until then it tells nothing.", now=now)


def check_alerts(
    alerts: Iterable[Alert],
    now: datetime,
    *,
    progress: Callable[[int, int, str], None] = lambda done, total, note: None,
    problem: Callable[[str], None] = lambda sentence: None,
) -> int:
    """Check many alerts; one that cannot be checked stops none. Return how many were checked."""
    todo = list(alerts)
    n_checked = n_failed = 0
    for number, alert in enumerate(todo, start=1):
        n_checked += check_alert(alert.pk, now)
        failure = Alert.objects.filter(pk=alert.pk).values_list("failure", flat=True).first()
        if failure:
            n_failed += 1
            problem(f"“{alert.name}”: {failure}")
        progress(number, len(todo), f"{n_checked} checked, {n_failed} could not be")
    return n_checked


def wake_snoozed(now: datetime) -> int:
    """Open the snoozed incidents whose time is over, and remind people; return how many."""
    due = Incident.objects.filter(state=Incident.State.SNOOZED, snoozed_until__lte=now)
    n_woken = 0
    for incident in due.select_related("alert").order_by("pk"):
        with transaction.atomic():
            mine = Incident.objects.filter(
                pk=incident.pk, state=Incident.State.SNOOZED, snoozed_until=incident.snoozed_until
            )
            if mine.update(state=Incident.State.OPEN, snoozed_until=None):
                until = incident.snoozed_until
                what = f"woke:{until.isoformat() if until else ''}"
                subject = f"{incident.alert.name} is still not back"
                tell_about(incident, what, subject, incident.newest or incident.sentence, tone="bad", now=now)
                n_woken += 1
    return n_woken
