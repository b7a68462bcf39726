"""What explains the newest change of a metric: asked property by property in the worker, kept beside the values."""

import logging
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from insights.catalogue.public import list_properties, sources_of_products
from insights.events.public import Source
from insights.metrics.contracts import Change
from insights.metrics.definitions import last_day
from insights.metrics.models import MetricSeries, MetricVersion
from insights.metrics.parts_of_change import Part, adds_up_by, excess, why_not_additive
from insights.metrics.summaries import read_summary
from insights.questions.public import ask, parse_question
from portal.people.public import SYSTEM
from portal.shell.public import PortalError

log = logging.getLogger(__name__)

CALLER = "insights.metrics.explaining"
MOST_PROPERTIES = 8
_FIT = ("text", "boolean")


def explain_series(series_id: int, clock: Any = timezone.now) -> dict[str, Any] | None:
    """Store what explains the newest change; None where there is no change, or newer values came meanwhile.

    Each property is one question about the two periods; one that fails is left out.
    """
    series = MetricSeries.objects.select_related("version__metric").filter(pk=series_id).first()
    summary = read_summary(series.summary) if series else None
    if series is None or summary is None or summary.change is None or not summary.change.amount:
        return None
    version, change = series.version, summary.change
    found: dict[str, Any] = {"starts_on": change.starts_on.isoformat(), "why_not": why_not_additive(version.definition)}
    if not found["why_not"]:
        candidates = list_candidates(version)
        explained = [one for of, name in candidates if (one := _explain(version, change, of, name, clock()))]
        found["properties"] = sorted(explained, key=lambda one: -one["excess"])
        if not explained:
            found["why_not"] = "No property of these events has parts that add up to this number."
    mine = MetricSeries.objects.filter(pk=series.pk, computed_at=series.computed_at)
    return found if mine.update(explained=found) else None


def list_candidates(version: MetricVersion) -> list[tuple[str, str]]:
    """Return (of, name) of the properties worth asking: not personal, texts for values, the most frequent first."""
    question = version.question
    if question.get("sources"):
        sources = list(Source.objects.filter(slug__in=question["sources"]).values_list("pk", flat=True))
    else:
        sources = sources_of_products([version.metric.product_id])
    series = (question.get("series") or [{}])[0]
    known = list_properties(sources, event=series.get("event") or "")
    fit = [
        (one.of, one.name)
        for one in known
        if not one.is_personal
        and not one.name.startswith("$")
        and any(kind in _FIT for kind in one.types)
        and adds_up_by(version.definition, one.of)
    ]
    return fit[:MOST_PROPERTIES]


def _explain(version: MetricVersion, change: Change, of: str, name: str, now: datetime) -> dict[str, Any] | None:
    asked = {
        **version.question,
        "breakdown": [{"property": name, "of": of}],
        "date_from": change.before_on.isoformat(),
        "date_to": last_day(change.starts_on, version.interval).isoformat(),
    }
    try:
        question = parse_question(asked, now=now, default_zone=settings.WORKSPACE_TIME_ZONE)
        answer = ask(question, user=SYSTEM, caller=CALLER)
    except PortalError as error:
        log.warning("metrics: %s by %s could not be asked: %s", version.metric_id, name, error.message)
        return None
    parts = read_parts(answer, change.before_on, change.starts_on)
    gap = (change.amount or 0) - sum(part.change for part in parts)
    if len(parts) < 2:
        return None
    rows = [[part.value, part.before, part.after] for part in parts]
    return {"of": of, "property": name, "excess": excess(parts), "gap": gap, "parts": rows}


def read_parts(answer: dict[str, Any], before_on: date, after_on: date) -> list[Part]:
    """Return the parts of a broken-down trend for two of its periods."""
    places = {label[:10]: place for place, label in enumerate(answer["labels"])}
    before, after = places[before_on.isoformat()], places[after_on.isoformat()]
    return [
        Part(
            str((line["breakdown"] or ["all"])[0]),
            float(line["values"][before] or 0),
            float(line["values"][after] or 0),
        )
        for line in answer["series"]
    ]
