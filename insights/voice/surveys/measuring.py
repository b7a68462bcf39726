"""A survey's score as a metric: the mean of what its answers add, asked of their events like any other number."""

from typing import Any

from django.utils import timezone

from insights.metrics.actions.metrics import create_metric
from insights.metrics.forming import read_definition
from insights.metrics.public import Metric
from insights.voice.surveys.contracts import CES, CSAT, NPS, SCALES
from insights.voice.surveys.loading import EVENT, answer_source, load_product
from insights.voice.surveys.models import Survey
from portal.shell.public import BadInput, Conflict

INTERVALS = {"week": "A week", "month": "A month", "quarter": "A quarter"}
INTERVAL_CHOICES = list(INTERVALS.items())
SCOPES = {"survey": "This survey alone", "kind": "All surveys of this kind about the product"}
NUMBERS = {"score": "The score", "agrees": "The share of answers 5 to 7"}
_UNITS = {NPS: "NPS points", CSAT: "% satisfied", CES: "of 7"}


def question_of(survey: Survey, *, scope: str = "survey", number: str = "score", interval: str = "month") -> dict:
    """Return the question that a metric of a survey's score asks."""
    name, value = ("survey", survey.pk) if scope == "survey" else ("kind", survey.kind)
    series = {
        "event": EVENT,
        "measure": "avg",
        "property": "agrees" if number == "agrees" else "points",
        "filters": [{"property": name, "of": "event", "op": "is", "value": str(value)}],
    }
    source = answer_source(survey.product).slug
    return {"kind": "trend", "series": [series], "sources": [source], "interval": interval}


def make_metric(
    survey: Survey, *, actor: Any, name: str, scope: str = "survey", number: str = "score", interval: str = "month"
) -> Metric:
    """Make a metric of the score, so that it can be a tile, an alert and a goal."""
    scale = survey.scale
    if scale is None:
        raise Conflict("Words alone have no score, so there is nothing to measure.")
    faults = {}
    for field, value, known in (
        ("scope", scope, SCOPES),
        ("number", number, NUMBERS),
        ("interval", interval, INTERVALS),
    ):
        if value not in known:
            faults[field] = [f"Use one of: {', '.join(known)}."]
    if number == "agrees" and survey.kind != CES:
        faults["number"] = ["Only CES has both numbers: the mean, and the share of 5 to 7."]
    if faults:
        raise BadInput(fields=faults)
    load_product(survey.product)
    definition = read_definition(
        question_of(survey, scope=scope, number=number, interval=interval),
        product=survey.product,
        actor=actor,
        now=timezone.now(),
        unit="% who agree" if number == "agrees" else _UNITS[survey.kind],
    )
    formula = SCALES[survey.kind].formula
    words = f"{formula} One answer a person; only of persons who are known. From “{survey.name}”."
    if scope == "kind":
        words = f"{formula} One answer a person in each survey; only of persons who are known. All such surveys."
    return create_metric(
        definition,
        product=survey.product,
        name=name,
        actor=actor,
        description=words,
        tags=["voice"],
        visibility=survey.visibility,
    )
