"""What stored questions speak of, asked of the database: for "who uses this event, this property, this cohort?"."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from django.db.models import BooleanField, Func, JSONField, Q, Value
from django.db.models.expressions import Combinable

from insights.catalogue.public import CatalogueEvent, CatalogueProperty
from insights.questions.contracts import COHORT_OPS

_EVENT = '$.** ? (@.type() == "object" && @.event == $name)'
_PROPERTY = '$.** ? (@.type() == "object" && @.property == $name && (@.of == $of || (!exists(@.of) && $of == "event")))'
_COHORT = (  # what `members.named_cohorts` finds
    '$.** ? (@.type() == "object" && ((@.op == $ops[*] && @.value[*] == $names[*])'
    ' || (!(@.op == $ops[*]) && @.of == "cohort" && @.property == $names[*])))'
)
_INSIGHT = "$.series[*] ? (@.insight == $number)"  # what `saved.named_insights` finds


@dataclass(frozen=True)
class Mention:
    """How JSON values name a thing: a JSON path with its variables, and the product whose questions alone can."""

    path: str
    variables: dict[str, Any]
    product_id: int | None = None


@singledispatch
def how_mentioned(thing: Any) -> Mention | None:
    """Return how questions name a thing, None where they don't; a room to the right registers its own things."""
    return None


@how_mentioned.register
def _(event: CatalogueEvent) -> Mention:
    return Mention(_EVENT, {"name": event.name}, event.product_id)


@how_mentioned.register
def _(prop: CatalogueProperty) -> Mention:
    return Mention(_PROPERTY, {"name": prop.name, "of": prop.of}, prop.product_id)


def mention_of_cohort(names: Iterable[str]) -> Mention:
    """Return how questions name a cohort: by its slug or its number, which may be written as a number too."""
    numbers = [int(name) for name in names if name.isdecimal()]
    return Mention(_COHORT, {"names": [*names, *numbers], "ops": list(COHORT_OPS)})


def mention_of_insight(number: int) -> Mention:
    """Return how questions name a saved insight whose number they take."""
    return Mention(_INSIGHT, {"number": number})


def asks_about(thing: Any, *columns: str | Combinable, product: str = "product") -> Q | None:
    """Return the condition that one of some columns of JSON names a thing; None for what questions never name.

    `product` is the rows' own; what belongs to one product is named only by what is about that product.
    """
    mention = how_mentioned(thing)
    if mention is None:
        return None
    given = (Value(mention.path), Value(mention.variables, JSONField()))
    named = Q()
    for column in columns:
        named |= Q(Func(column, *given, function="jsonb_path_exists", output_field=BooleanField()))
    return named if mention.product_id is None else named & Q((product, mention.product_id))
