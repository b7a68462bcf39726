"""From JSON to a question: every fault is named with its path, every default is filled."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from insights.questions.calendar import MAX_BUCKETS, count_buckets, cut, midnight, read_period, step_day
from insights.questions.contracts import Period, Question, RetentionQuestion
from insights.questions.kinds import KINDS
from insights.questions.reading import Faults, ObjectReader
from insights.questions.specs import read_breakdown, read_filters
from portal.shell.public import UNREADABLE, BadInput, is_storable

MAX_SLUGS = 100


def parse_question(value: Mapping[str, Any], *, now: datetime, default_zone: str) -> Question:
    """Return the question that a JSON object asks.

    Parameters: value — the JSON object; now — aware, the moment that relative ranges refer to; default_zone — the
    workspace's time zone, used when the question names none.
    Raises: BadInput, whose `fields` name every fault by its path, such as {"series[0].measure": ["…"]}.
    """
    if not is_storable(value):
        raise BadInput("This question cannot be asked. Correct the named parts.", fields={"question": [UNREADABLE]})
    faults = Faults()
    reader = ObjectReader(value, "", faults)
    question = _read(reader, now, default_zone) if reader.is_object else None
    if faults.found or question is None:
        raise BadInput("This question cannot be asked. Correct the named parts.", fields=faults.found)
    return question


def _read(reader: ObjectReader, now: datetime, default_zone: str) -> Question | None:
    name = reader.take("kind")
    if not isinstance(name, str) or name not in KINDS:
        reader.fault("kind", f"There is no such kind of question. Use one of: {', '.join(KINDS)}.")
        return None
    kind = KINDS[name]
    own = kind.read(reader)
    zone_name = reader.text("timezone", default_zone)
    week_start = reader.choice("week_start", ("monday", "sunday"), "monday")
    zone = _zone(reader, zone_name)
    interval = own.get("interval") or "day"
    date_from, date_to, period = read_period(
        reader,
        interval=interval,
        zone=zone,
        week_start=week_start,
        now=now,
        default_from=kind.default_from(own),
    )
    common: dict[str, Any] = {
        "products": _read_slugs(reader, "products"),
        "sources": _read_slugs(reader, "sources"),
        "unit": reader.choice("unit", ("person", "account"), "person"),
        "filters": read_filters(reader),
        "compare": _read_compare(reader),
    }
    if common["products"] and common["sources"]:
        reader.fault("sources", "Name products or sources, not both.")
    if kind.question.has_breakdown:
        common["breakdown"] = read_breakdown(reader, kind.question.most_breakdowns)
    elif reader.has("breakdown"):
        reader.known.add("breakdown")
        reader.fault("breakdown", f"A {name} question has no breakdown. Leave it out.")
    if count_buckets(period, interval) > MAX_BUCKETS:
        reader.fault("interval", f"This range has more than {MAX_BUCKETS} buckets. Choose a longer interval.")
    elif kind.most_buckets < MAX_BUCKETS and len(cut(period, interval, zone)) > kind.most_buckets:
        reader.fault("interval", f"This range has more than {kind.most_buckets} buckets. Choose a longer interval.")
    reader.finish()
    if reader.faults.found:
        return None
    question = kind.question(
        **common,
        **own,
        date_from=date_from,
        date_to=date_to,
        timezone=zone_name,
        week_start=week_start,
        period=period,
        now=now,
    )
    return _fit_retention(question) if isinstance(question, RetentionQuestion) else question


def _fit_retention(question: RetentionQuestion) -> RetentionQuestion:
    """Give a retention question the range of its rows: `intervals` of them from its first, whatever `date_to` says."""
    start = question.period.start
    if question.interval == "hour":
        end = start + timedelta(hours=question.intervals)
    else:
        end = midnight(step_day(start.date(), question.interval, question.intervals))
    return replace(question, period=Period(start, end))


def _zone(reader: ObjectReader, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        reader.fault("timezone", "This is not a time zone. Use a name such as Europe/Berlin.")
        return ZoneInfo("UTC")


def _read_slugs(reader: ObjectReader, key: str) -> tuple[str, ...]:
    def read(value: Any, path: str) -> str:
        if not isinstance(value, str) or not value:
            reader.faults.add(path, "This must be a slug, such as planner.")
            return ""
        return value

    return tuple(dict.fromkeys(reader.items(key, read, most=MAX_SLUGS)))


def _read_compare(reader: ObjectReader) -> str | None:
    if reader.take("compare") is None:
        return None
    return reader.choice("compare", ("previous", "year"), "previous")
