"""What can be picked while a question is built: events, properties and values, from the catalogue.

A page holds the most frequent names; what is typed is looked up among all of them by `find_picks`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from insights.catalogue.public import (
    EventNameInfo,
    PropertyInfo,
    list_event_names,
    list_properties,
    list_property_values,
)
from insights.explore.builder.drafts import Draft
from insights.explore.builder.rows import values_id

MOST_ON_PAGE = 100
MOST_FOUND = 60
_EVERY = 100_000
_STATUS_WORDS = {"retired": ", retired", "unexpected": ", not expected"}


@dataclass(frozen=True)
class Pick:
    """Something to pick: `label` says how often it was seen; `of` is whose property it is."""

    value: str
    label: str = ""
    of: str = ""


@dataclass(frozen=True)
class Pickers:
    """What the page holds: the most frequent names, the values of properties in use, and where the rest is asked."""

    events: list[Pick]
    properties: list[Pick]
    values: dict[str, tuple[str, ...]]
    more_events: str
    more_properties: str


def build_pickers(source_ids: Sequence[int], events: list[EventNameInfo], draft: Draft) -> Pickers:
    """Return what a draft's page offers; `events` are the names seen, at least one more than a page holds."""
    properties = list_properties(source_ids, limit=_EVERY)
    in_use = set(_filtered(draft))
    return Pickers(
        events=[_pick_event(event) for event in events[:MOST_ON_PAGE]],
        properties=[_pick_property(one) for one in properties[:MOST_ON_PAGE]],
        values={values_id(one.of, one.name): one.examples for one in properties if (one.of, one.name) in in_use},
        more_events=picks_url(draft, "events") if len(events) > MOST_ON_PAGE else "",
        more_properties=picks_url(draft, "properties") if len(properties) > MOST_ON_PAGE else "",
    )


def picks_url(scope: dict[str, Any], what: str) -> str:
    """Return the address that looks for names in the products or sources of a question."""
    pairs = [(key, slug) for key in ("products", "sources") for slug in scope.get(key) or []]
    return f"{reverse('explore:picks')}?{urlencode([('what', what), *pairs])}"


def find_picks(source_ids: Sequence[int], what: str, text: str, *, of: str = "", name: str = "") -> list[Pick]:
    """Return events, properties, or the values of the property `name`, that contain a text; most frequent first."""
    if what == "events":
        return [_pick_event(event) for event in list_event_names(source_ids, text, limit=MOST_FOUND)]
    if what == "properties":
        return [_pick_property(one) for one in list_properties(source_ids, text=text, limit=MOST_FOUND)]
    if what == "values" and name:
        return [Pick(value) for value in list_property_values(source_ids, of, name, text)]
    return []


def _filtered(value: Any) -> Iterator[tuple[str, str]]:
    """Yield (of, property) of every filter, wherever it stands in a draft."""
    if isinstance(value, dict):
        if "op" in value and isinstance(value.get("property"), str):
            yield str(value.get("of") or "event"), value["property"]
        for inner in value.values():
            yield from _filtered(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _filtered(inner)


def _pick_event(event: EventNameInfo) -> Pick:
    noun = "event" if event.n_events == 1 else "events"
    return Pick(event.name, f"{event.n_events:,} {noun}{_STATUS_WORDS.get(event.status, '')}")


def _pick_property(one: PropertyInfo) -> Pick:
    noun = "value" if one.n_values == 1 else "values"
    words = ", ".join(filter(None, [one.of, "/".join(one.types[:2]), f"{one.n_values:,} {noun}"]))
    return Pick(one.name, words, one.of)
