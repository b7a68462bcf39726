"""Metric tiles: what they show is stored by the metrics room, and reads like any other stored answer.

Such a tile "asks" a value of the kind `metric`, which names the version and the dashboard's dates; it is never asked of
the event store. A dashboard's filters do not apply: a metric says the same everywhere.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from insights.dashboards.contracts import Scope
from insights.dashboards.models import Tile, TileAnswer
from insights.dashboards.scope import answer_key
from insights.metrics.public import MetricVersion, bring_up_to_date, metric_answer, read_values, watch_values
from insights.questions.public import parse_question
from portal.shell.public import BadInput

_STATES = {"failed": TileAnswer.State.FAILED, "pending": TileAnswer.State.WAITING}


def is_metric(question: dict[str, Any]) -> bool:
    """Say whether this is what a metric tile asks."""
    return question.get("kind") == "metric"


def metric_question(tile: Tile, scope: Scope) -> dict[str, Any]:
    """Return what a metric tile asks: which version, and the dashboard's dates; its question rides along for access."""
    version = tile.metric.current
    asked = {"kind": "metric", "metric": tile.metric_id, "version": version.pk, "definition": version.question}
    asked |= {name: version.question[name] for name in ("products", "sources") if version.question.get(name)}
    if scope.date_from and not tile.keeps_own_dates:
        asked |= {"date_from": scope.date_from, "date_to": scope.date_to}
    return asked


def metric_answers(questions: list[dict[str, Any]]) -> dict[str, TileAnswer]:
    """Return the metrics' values in the shape of stored answers, by key; they are not rows of their own."""
    if not questions:
        return {}
    now = timezone.now()
    versions = _versions(questions)
    values = read_values(versions.values(), now=now)
    found = {}
    for question in questions:
        one = values.get(question["version"])
        if one is None:
            continue
        series = getattr(versions[question["version"]], "series", None)
        first, last = _days(question, one.interval, now)
        found[answer_key(question)] = TileAnswer(
            key=answer_key(question),
            question=question,
            state=_STATES.get(one.freshness.state, TileAnswer.State.OK),
            answer=metric_answer(one, first, last) if one.points else None,
            version=series.store_version if series else None,
            holds_until=series.holds_until if series else None,
            computed_at=one.freshness.computed_at,
            data_until=one.freshness.data_until,
            failure=one.freshness.sentence if one.freshness.state == "failed" else "",
            failed_at=series.failed_at if series else None,
            n_failures=series.n_failures if series else 0,
        )
    return found


def _versions(questions: Iterable[dict[str, Any]]) -> dict[int, MetricVersion]:
    ids = {question["version"] for question in questions}
    return MetricVersion.objects.select_related("metric", "series").in_bulk(ids)


def _days(question: dict[str, Any], interval: str, now: Any) -> tuple[date | None, date | None]:
    """Return the first and the last day that the dashboard asks for, as whole periods; None is open."""
    if not question.get("date_from"):
        return None, None
    series = {"kind": "trend", "series": [{"event": None}], "interval": interval, "products": ["any"]}
    series |= {name: question[name] for name in ("date_from", "date_to") if question.get(name)}
    try:
        period = parse_question(series, now=now, default_zone=settings.WORKSPACE_TIME_ZONE).period
    except BadInput:
        return None, None
    return period.start.date(), (period.end - timedelta(microseconds=1)).date()


def renew_metrics(questions: Iterable[dict[str, Any]], now: Any) -> list[dict[str, Any]]:
    """Compute the values behind metric tiles here and now where they are old; return what those tiles ask."""
    asked = [question for question in questions if is_metric(question)]
    for version in _versions(asked).values() if asked else ():
        bring_up_to_date(version, now)
    return asked


def watch_metrics(questions: Iterable[dict[str, Any]]) -> int:
    """Have a worker look closely at the values behind metric tiles; return how many were asked for."""
    asked = [question for question in questions if is_metric(question)]
    return watch_values(_versions(asked).values()) if asked else 0
