"""The question about a product's features, and whether a feature's events are such as a question can ask about."""

from datetime import datetime
from typing import Any

from django.conf import settings

from insights.adoption.models import Feature
from insights.questions.public import parse_question
from portal.people.public import Product
from portal.shell.public import BadInput

RANGES = {"-4w": "4 weeks", "-12w": "12 weeks", "-26w": "26 weeks", "-12m": "12 months"}
INTERVALS = {"week": "By week", "month": "By month", "quarter": "By quarter"}
UNITS = {"person": "People", "account": "Accounts"}


def adoption_question(product: Product, features: list[Feature], **options: str) -> dict[str, Any]:
    """Return the question how far a product's features are used."""
    return {
        "kind": "adoption",
        "products": [product.slug],
        "features": [feature.to_json() for feature in features],
        **options,
    }


def read_events(feature: Feature, now: datetime) -> list[dict[str, Any]]:
    """Return a feature's events as a question holds them. Raises: BadInput, with faults by path."""
    question = adoption_question(feature.product, [feature])
    try:
        parsed = parse_question(question, now=now, default_zone=settings.WORKSPACE_TIME_ZONE)
    except BadInput as error:
        fields = {path.removeprefix("features[0]."): texts for path, texts in error.fields.items()}
        raise BadInput(fields=fields) from error
    return [spec.to_json() for spec in parsed.features[0].events]
