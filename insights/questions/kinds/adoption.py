"""Adoption: who uses which features, how much, how soon, whether they stay, and how engaged all are."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from insights.questions.adoption_contracts import AdoptionQuestion, Feature
from insights.questions.bucket_sql import bucket_sql
from insights.questions.calendar import EPOCH, Buckets, cut, lead_period, to_local
from insights.questions.cells import read_place
from insights.questions.contracts import EventSpec
from insights.questions.event_select import select_firsts
from insights.questions.grouped import ALL
from insights.questions.kinds.contracts import Kind, range_span
from insights.questions.rates import rate_of
from insights.questions.reading import Faults, ObjectReader
from insights.questions.running import Run
from insights.questions.specs import read_event_spec
from insights.questions.sql import EventRows, Statement

if TYPE_CHECKING:
    from insights.questions.adoption_kernel import Activity

MAX_FEATURES, MAX_EVENTS = 50, 20
INTERVALS = ("week", "month", "quarter")
_MOST_BUCKETS = 62  # of a 64-bit mask, beside the bucket before the range
_NEVER = -1


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


def _where(rows: EventRows, run: Run, specs: Sequence[EventSpec], since: datetime | None, until: datetime) -> list[str]:
    fits = " or ".join(f"({' and '.join(rows.matches(spec) or ['true'])})" for spec in specs)
    where = [f"({fits})", *rows.between(since, until), *rows.holds(run.question.filters)]
    return [*where, f"{rows.unit()} is not null"] if run.question.unit == "account" else where


def _fetch_masks(run: Run, specs: Sequence[EventSpec], buckets: Buckets) -> dict[str, Any]:
    """Return the units with such an event, rising, each with a mask of its buckets and its number of events."""
    statement = Statement()
    rows = run.event_rows(statement)
    columns = {"u": rows.unit(), "b": bucket_sql(statement, buckets)}
    selected = rows.select(columns, _where(rows, run, specs, buckets.since, buckets.until))
    final = (
        "select u, bit_or(1::ubigint << b::ubigint) as m, count(*) filter (b > 0) as n"
        f" from ({selected}) group by u order by u"
    )
    return _plain(run.arrays(statement, final, buckets.since, buckets.until))


def _fetch_firsts(run: Run, specs: Sequence[EventSpec], until: datetime) -> dict[str, Any]:
    """Return the units with such an event ever, rising, each with the microsecond of its first."""
    statement = Statement()
    firsts = " union all ".join(
        f"select u, ts from ({select_firsts(statement, run, spec, ALL, since=EPOCH, until=until)})" for spec in specs
    )
    final = f"select u, min(epoch_us(ts)) as t from ({firsts}) group by u order by u"
    return _plain(run.arrays(statement, final, None, until))


def _fetch_everybody(run: Run, longer: Buckets) -> tuple[dict[str, Any], list[int]]:
    """Return the active units, rising, with their masks, and each bucket's pairs of unit and local day with an event.

    One scan finds both: it is the one that reads all events, and most of what an answer takes.
    """
    statement = Statement()
    rows = run.event_rows(statement)
    n_days = [(later - day).days for day, later in pairwise((*longer.days, _day_after(longer)))]
    places = statement.bind([place for place, n in enumerate(n_days) for _ in range(n)])
    columns = {"u": rows.unit(), "d": bucket_sql(statement, replace(longer, interval="day"))}
    selected = rows.select(columns, _where(rows, run, [EventSpec(None)], longer.since, longer.until))
    pairs = f"select u, ({places}::integer[])[d + 1] as b from (select distinct u, d from ({selected}))"
    statement.cte("pairs", pairs, is_materialized=True)
    final = (
        "select 0 as part, u, bit_or(1::ubigint << b::ubigint) as m from pairs group by u union all"
        " select 1, b, count(*)::ubigint from pairs group by b order by part, u"
    )
    found = _plain(run.arrays(statement, final, longer.since, longer.until))
    is_unit = found["part"] == 0
    by_bucket = dict(zip(found["u"][~is_unit].tolist(), found["m"][~is_unit].tolist(), strict=True))
    unit_days = [by_bucket.get(place, 0) for place in range(1, len(longer))]
    return {name: found[name][is_unit] for name in ("u", "m")}, unit_days


def _day_after(buckets: Buckets) -> date:
    return to_local(buckets.until, buckets.zone).date()


def _plain(columns: dict[str, Any]) -> dict[str, Any]:
    import numpy as np

    return {name: np.ma.getdata(column) for name, column in columns.items()}


def _spread(units: Any, found: dict[str, Any], column: str, empty: int) -> Any:
    """Return a column of what was found for each of the units, all of which rise; units not found have `empty`."""
    import numpy as np

    spread = np.full(len(units), empty, found[column].dtype)
    if len(units) and len(found["u"]):
        places = np.minimum(np.searchsorted(units, found["u"]), len(units) - 1)
        is_there = units[places] == found["u"]
        spread[places[is_there]] = found[column][is_there]
    return spread


def _activity(question: AdoptionQuestion, run: Run, masks: dict[str, Any]) -> "Activity":
    """Return the activity of the units that have masks."""
    from insights.questions.adoption_kernel import Activity

    firsts = _fetch_firsts(run, [EventSpec(None)], run.buckets.until)
    edges = [(edge - EPOCH) // timedelta(microseconds=1) for edge in run.buckets.edges]
    is_whole = [not flag for flag in run.buckets.partial(question.now)]
    first_us = _spread(masks["u"], firsts, "t", _NEVER)
    return Activity(masks["m"], first_us, is_whole, edges)


def _answer(question: AdoptionQuestion, run: Run) -> dict[str, Any]:
    from insights.questions import adoption_kernel as kernel

    buckets, longer = run.buckets, _longer(question)
    masks, unit_days = _fetch_everybody(run, longer)
    units, activity = masks["u"], _activity(question, run, masks)
    n_active, actives = int(activity.in_range.sum()), kernel.count_by_bucket(activity, activity.active)
    features, series = [], []
    for index, feature in enumerate(question.features):
        run.check_time()
        found = _fetch_masks(run, feature.events, longer)
        used, n_events = _spread(units, found, "m", 0), _spread(units, found, "n", 0)
        first_us = _spread(units, _fetch_firsts(run, feature.events, buckets.until), "t", _NEVER)
        has_used = used >> 1 != 0
        n_users, total = int(has_used.sum()), int(n_events.sum())
        values = kernel.count_by_bucket(activity, used)
        features.append(
            {
                "name": feature.name,
                "index": index,
                "core": feature.is_core,
                "users": n_users,
                "share": rate_of(n_users, n_active),
                "events": total,
                "depth": total / n_users if n_users else None,
                "first_use": kernel.first_use(activity, first_us),
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

    days = (*run.buckets.days, _day_after(run.buckets))
    n_days = [(days[place + 1] - day).days for place, day in enumerate(days[:-1])]
    grown = kernel.growth(activity)
    shares = [one["users"] / n_active for one in features if one["core"]] if n_active else []
    sticky = kernel.stickiness(activity, unit_days, n_days)
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
        masks, _ = _fetch_everybody(run, _longer(question))
        units, activity = masks["u"], _activity(question, run, masks)
        meant = activity.active
        if feature is not None:
            meant = _spread(units, _fetch_masks(run, question.features[feature].events, _longer(question)), "m", 0)

        def has(masks: Any) -> Any:
            return masks >> 1 != 0 if place is None else activity.in_bucket(masks, place)

        is_meant = has(activity.active) & ~has(meant) if is_others else has(meant)
        return [int(unit) for unit in units[is_meant]]

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
