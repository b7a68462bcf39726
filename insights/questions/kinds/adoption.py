"""Adoption: who uses which features, how much, how soon, whether they stay, and how engaged all are."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from insights.questions.adoption_contracts import AdoptionQuestion, Feature
from insights.questions.adoption_rows import fetch_days, fetch_first_seen, fetch_first_uses, fetch_uses
from insights.questions.calendar import EPOCH, Buckets, cut, lead_period, to_local
from insights.questions.cells import read_place
from insights.questions.kinds.contracts import Kind, range_span
from insights.questions.rates import rate_of
from insights.questions.reading import Faults, ObjectReader
from insights.questions.running import Run
from insights.questions.specs import read_event_spec

if TYPE_CHECKING:
    from insights.questions.adoption_kernel import Activity, Units

MAX_FEATURES, MAX_EVENTS = 50, 20
INTERVALS = ("week", "month", "quarter")
_MOST_BUCKETS = 62  # of a 64-bit mask, beside the bucket before the range


def _read(reader: ObjectReader) -> dict[str, Any]:
    features = reader.items(
        "features", lambda value, path: _read_feature(value, path, reader.faults), least=1, most=MAX_FEATURES
    )
    names = [feature.name for feature in features]
    for place, name in enumerate(names):
        if name and name in names[:place]:
            reader.fault(f"features[{place}].name", "Another feature has this name. Give each its own.")
    return {"features": features, "interval": reader.choice("interval", INTERVALS, "week")}


def _read_feature(value: Any, path: str, faults: Faults) -> Feature:
    reader = ObjectReader(value, path, faults)
    events = reader.items("events", lambda item, inner: read_event_spec(item, inner, faults), least=1, most=MAX_EVENTS)
    found = Feature(reader.text("name"), events, reader.flag("core"))
    reader.finish()
    return found


def _longer(question: AdoptionQuestion) -> Buckets:
    """Return the buckets of the range and the one before it."""
    zone = ZoneInfo(question.timezone)
    return cut(lead_period(question.period, question.interval, zone, 1), question.interval, zone)


def _day_after(buckets: Buckets) -> date:
    return to_local(buckets.until, buckets.zone).date()


def _n_days(buckets: Buckets) -> list[int]:
    return [(later - day).days for day, later in pairwise((*buckets.days, _day_after(buckets)))]


def _fetch_activity(question: AdoptionQuestion, run: Run) -> tuple["Units", "Activity", list[int]]:
    """Return the active units, their activity, and each bucket's pairs of unit and local day with an event."""
    from insights.questions.adoption_kernel import Activity, Units, days_to_buckets

    longer = _longer(question)
    days = fetch_days(run, longer)
    units = Units(days["u"])
    masks, unit_days = days_to_buckets(units, days, _n_days(longer))
    edges = [(edge - EPOCH) // timedelta(microseconds=1) for edge in run.buckets.edges]
    is_whole = [not flag for flag in run.buckets.partial(question.now)]
    first_us = units.earliest_of([fetch_first_seen(run, run.buckets.until)])
    return units, Activity(masks, first_us, is_whole, edges), unit_days[1:]


def _answer(question: AdoptionQuestion, run: Run) -> dict[str, Any]:
    from insights.questions import adoption_kernel as kernel

    buckets = run.buckets
    units, activity, unit_days = _fetch_activity(question, run)
    uses = fetch_uses(run, question.features, _longer(question))
    firsts = fetch_first_uses(run, question.features, buckets.until)
    n_active, actives = int(activity.in_range.sum()), kernel.count_by_bucket(activity, activity.active)
    features, series = [], []
    for index, feature in enumerate(question.features):
        used, n_events = units.masks_of(uses[index]), sum(int(piece["n"].sum()) for piece in uses[index])
        has_used = used >> 1 != 0
        n_users = int(has_used.sum())
        values = kernel.count_by_bucket(activity, used)
        features.append(
            {
                "name": feature.name,
                "index": index,
                "core": feature.is_core,
                "users": n_users,
                "share": rate_of(n_users, n_active),
                "events": n_events,
                "depth": n_events / n_users if n_users else None,
                "first_use": kernel.first_use(activity, units.earliest_of(firsts[index])),
                "retention": kernel.keep_rates(activity, used),
            }
        )
        rates = [rate_of(n, of) for n, of in zip(values, actives, strict=True)]
        series.append(
            {
                "name": feature.name,
                "index": index,
                "breakdown": None,
                "group": "all",
                "values": [rate["rate"] for rate in rates],
                "rates": rates,
                "users": values,
            }
        )
    return {
        "labels": list(buckets.labels),
        "partial": buckets.partial(question.now),
        "interval": question.interval,
        "active": n_active,
        "actives": actives,
        "features": features,
        "series": series,
        "score": _score(run, activity, unit_days, features, n_active),
    }


def _score(
    run: Run, activity: "Activity", unit_days: list[int], features: list[dict[str, Any]], n_active: int
) -> dict[str, Any]:
    """Return the engagement score with its three parts, and who came and went."""
    from insights.questions import adoption_kernel as kernel

    grown = kernel.growth(activity)
    shares = [one["users"] / n_active for one in features if one["core"]] if n_active else []
    sticky = kernel.stickiness(activity, unit_days, _n_days(run.buckets))
    return {**kernel.engagement(shares, sticky, grown.pop("value")), "came_and_went": grown}


def _behind(question: AdoptionQuestion, cell: ObjectReader) -> Callable[[Run], list[int]]:
    """Read {"feature": 0, "label"?, "others"?}: who used it in the range or bucket, or who was active without it."""
    feature = None
    if cell.has("feature"):
        feature = cell.whole_number("feature", 0, least=0, most=len(question.features) - 1)
    buckets = cut(question.period, question.interval, ZoneInfo(question.timezone))
    place = read_place(cell, "label", buckets.labels) if cell.has("label") else None
    is_others = cell.flag("others")
    if is_others and feature is None:
        cell.fault("feature", "Name the feature that they did not use.")

    def find(run: Run) -> list[int]:
        units, activity, _ = _fetch_activity(question, run)
        meant = activity.active
        if feature is not None:
            (pieces,) = fetch_uses(run, [question.features[feature]], _longer(question))
            meant = units.masks_of(pieces)

        def has(masks: Any) -> Any:
            return masks >> 1 != 0 if place is None else activity.in_bucket(masks, place)

        is_meant = has(activity.active) & ~has(meant) if is_others else has(meant)
        return [int(unit) for unit in units.numbers[is_meant]]

    return find


KIND = Kind(
    name="adoption",
    title="Adoption",
    purpose="Which features are used: by how many, how much, how soon, and whether those who use them stay.",
    question=AdoptionQuestion,
    read=_read,
    answer=_answer,
    span=lambda question: (None, range_span(question)[1]),
    behind=_behind,
    default_from=lambda own: "-12w",
    most_buckets=_MOST_BUCKETS,
)
