"""From what a person gives, a question's JSON and a few words, to a definition that they may make."""

from datetime import datetime
from typing import Any

from django.conf import settings

from insights.events.public import Source
from insights.metrics.contracts import Definition
from insights.metrics.definitions import keep_definition, prepare_question, refuse_unfit
from insights.metrics.models import MetricVersion
from insights.questions.public import check_question
from portal.people.public import Product
from portal.shell.public import BadInput

RATE_UNIT = "%"
_LONGEST_UNIT = 40


def read_definition(
    value: dict[str, Any],
    *,
    product: Product,
    actor: Any,
    now: datetime,
    interval: str = "",
    column: int | None = None,
    unit: str = "",
    direction: str = "up",
) -> Definition:
    """Return the definition that a question makes, if the actor may ask it; every fault has its path.

    `interval` replaces the question's own; a question that names neither products nor sources is about the product.
    """
    asked = prepare_question(value, interval=interval, column=column)
    if not asked.get("products") and not asked.get("sources"):
        asked["products"] = [product.slug]
    try:
        zone = settings.WORKSPACE_TIME_ZONE
        question = check_question(asked, user=actor, now=now, default_zone=zone)
    except BadInput as error:
        fields = {f"question.{path}": said for path, said in error.fields.items()}
        raise BadInput("This question cannot be asked.", fields=fields) from error
    refuse_unfit(question, column)
    _refuse_other_products(question, product)
    if direction not in MetricVersion.Direction.values:
        raise BadInput(fields={"direction": ["Choose up, down or neither."]})
    unit = " ".join(unit.split())
    if len(unit) > _LONGEST_UNIT:
        raise BadInput(fields={"unit": [f"Say the unit in at most {_LONGEST_UNIT} characters."]})
    is_rate = question.kind in ("funnel", "retention")
    return keep_definition(question, column=column, unit=RATE_UNIT if is_rate else unit, direction=direction)


def _refuse_other_products(question: Any, product: Product) -> None:
    """Refuse what lies outside the metric's product: who may see the product may see the number, and nobody else."""
    others = set(question.products) - {product.slug}
    if question.sources:
        inside = Source.objects.filter(slug__in=question.sources, product=product).count()
        others = set() if inside == len(question.sources) else {"sources"}
    if others:
        said = f"A metric is about one product: ask about {product} alone, or about sources of it."
        raise BadInput(fields={"question.products": [said]})
