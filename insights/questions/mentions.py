"""What a question speaks of: for "who uses this event, this property?"."""

from collections.abc import Iterator
from typing import Any

from insights.catalogue.public import CatalogueEvent, CatalogueProperty


def does_mention(question: Any, thing: Any) -> bool:
    """Say whether a question's JSON value names an event or a property of the catalogue."""
    if isinstance(thing, CatalogueEvent):
        return any(part.get("event") == thing.name for part in _parts(question))
    if isinstance(thing, CatalogueProperty):
        return any(
            part.get("property") == thing.name and part.get("of", CatalogueProperty.Of.EVENT) == thing.of
            for part in _parts(question)
        )
    return False


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _parts(inner)
