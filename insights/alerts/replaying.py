"""Dry runs: what an alert would have done over the last 90 days, each day judged by nothing but the days before."""

import logging
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from insights.alerts.contracts import Condition, Replay, Verdict
from insights.alerts.detection import find_occurrences, judge_series
from insights.alerts.doubts import short_days
from insights.alerts.models import Alert, DryRun
from insights.alerts.series import N_DRY_DAYS, CannotCheck, Series, Subject, judge_promise, read_series
from insights.events.public import Source
from insights.explore.public import get_insight
from insights.metrics.public import get_metric
from portal.people.public import SYSTEM, Product
from portal.shell.public import PortalError

log = logging.getLogger(__name__)
State = DryRun.State
_CLAIM_HOLDS = timedelta(minutes=10)
_OWN_FAULT = "The portal met an error of its own while trying this. Ops can find it in the worker's log."


def pack_subject(subject: Subject) -> dict[str, Any]:
    """Return what is watched as JSON."""
    return {
        "title": subject.title,
        "product": subject.product.pk,
        "metric": subject.metric and subject.metric.pk,
        "insight": subject.insight and subject.insight.pk,
        "source": subject.source and subject.source.pk,
        "question": subject.question,
        "series_no": subject.series_no,
    }


def unpack_subject(value: dict[str, Any]) -> Subject:
    """Return what is watched from its JSON; the worker reads as the portal, who asked was checked before."""
    return Subject(
        value["title"],
        Product.objects.get(pk=value["product"]),
        get_metric(SYSTEM, value["metric"]) if value["metric"] else None,
        get_insight(SYSTEM, value["insight"]) if value["insight"] else None,
        Source.objects.get(pk=value["source"]) if value["source"] else None,
        value["question"],
        value["series_no"],
    )


def replay(subject: Subject, condition: Condition, now: datetime, alert: Alert | None = None) -> dict[str, Any]:
    """Return what a condition would have done: values, band, firings, and how honest it can be; as JSON."""
    if subject.source:
        return _replay_promise(subject.source, condition, now)
    series = read_series(subject, now, N_DRY_DAYS)
    series = _without_short_days(series, now)
    n_known = 0
    if alert is not None:
        series, n_known = _as_known_then(series, alert)
    since = (now - timedelta(days=N_DRY_DAYS)).date().isoformat()
    first = next((place for place, one in enumerate(series.points) if one.label[:10] >= since), len(series.points))
    found = judge_series(series.points, condition, series.interval, first=first, is_count=series.is_count)
    return _result(found, series, first, n_known)


def _without_short_days(series: Series, now: datetime) -> Series:
    """Mark the days on which a source delivered less than half of its usual, as far as is known today."""
    if series.interval not in ("hour", "day"):
        return series
    short: set[str] = set()
    for source in Source.objects.filter(slug__in=series.sources):
        short |= {day.isoformat() for day in short_days(source, now, N_DRY_DAYS)}
    points = [replace(one, is_complete=False) if one.label[:10] in short else one for one in series.points]
    return replace(series, points=points)


def _as_known_then(series: Series, alert: Alert) -> tuple[Series, int]:
    """Put the values that the alert's own checks saw in the place of today's; return how many there are."""
    seen = dict(alert.readings.exclude(value=None).values_list("label", "value"))
    points = [replace(one, value=seen[one.label]) if one.label in seen else one for one in series.points]
    return replace(series, points=points), sum(one.label in seen for one in points)


def _result(found: Replay, series: Series, first: int, n_known: int) -> dict[str, Any]:
    shown = series.points[first:]
    return {
        "interval": series.interval,
        "is_rate": series.is_rate,
        "unit": series.unit,
        "labels": [one.label for one in shown],
        "partial": [one.is_partial for one in shown],
        "verdicts": [asdict(one) for one in found.verdicts],
        "occurrences": [list(one) for one in found.occurrences],
        "reasons": found.reasons,
        "n_judged": len(found.verdicts) - found.n_skipped,
        "n_known_then": n_known,
        "data_until": str(series.data_until or ""),
    }


def _replay_promise(source: Source, condition: Condition, now: datetime) -> dict[str, Any]:
    """Return on which of the last days a source was late, by the times of its loads."""
    if source.fresh_by is None:
        raise CannotCheck(f"{source} promises no time for new data. Set one on its page first.")
    zone = ZoneInfo(source.time_zone)
    today = now.astimezone(zone).date()
    verdicts = []
    for back in range(N_DRY_DAYS, -1, -1):
        day = today - timedelta(days=back)
        at = datetime.combine(day, source.fresh_by, tzinfo=zone) + timedelta(minutes=condition.grace_min)
        if at <= now and at >= source.created_at:
            _, is_late, _ = judge_promise(source, condition, at)
            verdicts.append(Verdict(day.isoformat(), "breach" if is_late else "ok", side="down" if is_late else ""))
    return {
        "interval": "day",
        "is_rate": False,
        "unit": "",
        "labels": [one.label for one in verdicts],
        "partial": [False] * len(verdicts),
        "verdicts": [asdict(one) for one in verdicts],
        "occurrences": [list(one) for one in find_occurrences(verdicts)],
        "reasons": {},
        "n_judged": len(verdicts),
        "n_known_then": len(verdicts),
        "data_until": "",
    }


def run_dry(run_id: int, clock: Callable[[], datetime] = timezone.now) -> bool:
    """Work out one dry run; False when another worker has it or nobody waits for it."""
    now = clock()
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, claimed_at__lte=now - _CLAIM_HOLDS)
    if not DryRun.objects.filter(free, pk=run_id).update(state=State.RUNNING, claimed_at=now):
        return False
    run = DryRun.objects.select_related("alert").get(pk=run_id)
    try:
        result = replay(unpack_subject(run.subject), Condition.from_json(run.condition), now, run.alert)
        fields: dict[str, Any] = {"state": State.DONE, "result": result, "failure": ""}
    except PortalError as error:
        said = [" ".join(one) for one in error.fields.values()]
        fields = {"state": State.FAILED, "failure": " ".join([error.message, *said])[:1000]}
    except Exception:  # the outermost loop of a job
        log.exception("alerts: dry run %s failed", run_id)
        fields = {"state": State.FAILED, "failure": _OWN_FAULT}
    DryRun.objects.filter(pk=run_id, state=State.RUNNING, claimed_at=now).update(**fields)
    return True


def forget_dry_runs(now: datetime) -> int:
    """Remove dry runs that are two days old; return how many."""
    return DryRun.objects.filter(created_at__lt=now - timedelta(days=2)).delete()[0]
