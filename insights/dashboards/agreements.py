"""The same number asked in different ways must come out the same: checked on live data every night.

Asked of the last 30 whole days of each product (or the 30 days that end with its newest event), without the cache.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from insights.catalogue.public import list_event_names, list_properties, sources_of_products
from insights.events.public import data_version, open_snapshot
from insights.questions.public import ask, list_people, parse_question
from portal.people.public import SYSTEM

_CALLER = "insights.dashboards.agreements"
_DAYS = 30
_TRIES = 3


@dataclass(frozen=True)
class Check:
    """One comparison: whether the ways agree, and what to say if not."""

    agrees: bool
    sentence: str = ""


def check_product(product: Any, now: datetime) -> list[Check]:
    """Return the checks of one product; none when it has no events. Data that changes meanwhile is checked anew."""
    for _ in range(_TRIES):
        version = data_version()
        checks = _check_once(product, now)
        if data_version() == version:
            return checks
    return []


def _check_once(product: Any, now: datetime) -> list[Check]:
    source_ids = sources_of_products([product.pk])
    with open_snapshot(source_ids, caller=_CALLER) as snapshot:
        newest = snapshot.data_until
    if newest is None:
        return []
    last = min(newest, now).astimezone(ZoneInfo(settings.WORKSPACE_TIME_ZONE)).date()
    scope = {
        "products": [product.slug],
        "date_from": (last - timedelta(days=_DAYS - 1)).isoformat(),
        "date_to": last.isoformat(),
    }
    names = [info.name for info in list_event_names(source_ids, limit=2)]
    event = names[0] if names else None
    properties = list_properties(source_ids, of="event", event=event or "", limit=1)
    return check_scope(
        lambda question: parse_question({**question, **scope}, now=now, default_zone=settings.WORKSPACE_TIME_ZONE),
        event,
        names[1] if len(names) > 1 else event,
        properties[0].name if properties else None,
    )


def check_scope(make: Callable[[dict], Any], event: str | None, second: str | None, split: str | None) -> list[Check]:
    """Return the checks of one scope; `make` turns a question without dates and products into one with them."""

    def answer(question: dict) -> dict:
        return ask(make(question), user=SYSTEM, caller=_CALLER, use_cache=False)

    name = event or "any event"
    one_bucket = {"kind": "trend", "series": [{"event": event, "measure": "persons"}], "interval": "all"}
    trend = answer(one_bucket)
    persons = trend["series"][0]["values"][0]
    funnel = answer({"kind": "funnel", "steps": [{"event": event}, {"event": second}]})
    counts = [step["count"] for step in funnel["steps"]]
    cell = {"series": 0, "label": trend["labels"][0]}
    people = list_people(make(one_bucket), cell, user=SYSTEM, page=1).total
    checks = [
        _equal(f"people who did “{name}”", persons, "step 1 of a funnel", counts[0]),
        _equal(f"people who did “{name}”", persons, "the list of them", people),
        Check(
            all(later <= earlier for earlier, later in pairwise(counts)),
            f"a funnel from “{name}” has more people in a later step than in an earlier one: {counts}.",
        ),
        *_lifecycle(answer, event, name),
        *_retention(answer, event, name),
    ]
    if split:
        checks.append(_parts(answer, event, name, split))
    return checks


def _equal(what: str, one: Any, other_way: str, other: Any) -> Check:
    return Check(one == other, f"{what} are {one} in a trend and {other} in {other_way}.")


def _parts(answer: Callable[[dict], dict], event: str | None, name: str, split: str) -> Check:
    whole = {"kind": "trend", "series": [{"event": event, "measure": "total"}], "interval": "all"}
    total = answer(whole)["series"][0]["values"][0]
    broken = answer({**whole, "breakdown": [{"property": split, "of": "event"}]})
    parts = sum(series["values"][0] for series in broken["series"])
    return _equal(f"events “{name}”", total, f"the sum of its parts by {split}", parts)


def _lifecycle(answer: Callable[[dict], dict], event: str | None, name: str) -> list[Check]:
    life = answer({"kind": "lifecycle", "event": {"event": event}, "interval": "week"})
    trend = answer({"kind": "trend", "series": [{"event": event, "measure": "persons"}], "interval": "week"})
    sums = [sum(parts) for parts in zip(life["new"], life["returning"], life["resurrecting"], strict=True)]
    persons = trend["series"][0]["values"]
    return [
        _equal(f"people of the week of {label} who did “{name}”", one, "new, returning and resurrecting together", both)
        for label, one, both in zip(life["labels"], persons, sums, strict=True)
    ]


def _retention(answer: Callable[[dict], dict], event: str | None, name: str) -> list[Check]:
    spec = {"event": event}
    table = answer({"kind": "retention", "target": spec, "returning": spec, "interval": "week", "intervals": 4})
    return [
        Check(
            all(value is None or value <= row["size"] for value in row["values"]),
            f"retention of “{name}” from {row['label']} has a column above the row's size {row['size']}.",
        )
        for row in table["cohorts"]
    ]
