"""What is read to measure a bet: its metric's past as periods, and what each adopter and each other one did."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from insights.adoption.public import Feature
from insights.metrics.public import MetricVersion, Point, compute_history, last_day, read_values
from insights.questions.public import Finder, TrendQuestion, open_finder, parse_question
from portal.people.public import SYSTEM
from portal.shell.public import PortalError
from roadmaps.outcomes.contracts import Observed, Unit

MONTHS = 40  # of the past, so that two years of seasons lie before most releases
COUNTED = ("total", "persons", "weekly_active", "monthly_active", "per_person", "first_time")
ADOPT_DAYS = {30: 14, 90: 28}  # from the release: who uses the feature in them has adopted it
CALLER = "roadmaps.outcomes"
_WEEK = 7
_WEEKS = 4  # of matching, and of what is compared before the release


def read_observed(version: MetricVersion, *, now: datetime) -> list[Observed]:
    """Return a metric's whole periods that have a value, as its question answers them now; stored ones if it fails.

    The first that is not 0 is the first: what lies before is a time before there were data.
    """
    try:
        points: list[Point] = compute_history(version, now, months=MONTHS)
    except PortalError:
        points = list(read_values([version], now=now)[version.pk].points)
    found = [
        Observed(point.starts_on, last_day(point.starts_on, version.interval), point.value)
        for point in points
        if not point.is_partial and point.value is not None
    ]
    first = next((place for place, one in enumerate(found) if one.value), len(found))
    return found[first:]


def why_no_adopters(version: MetricVersion, feature: Feature) -> str:
    """Return why adopters cannot be compared by a metric, or ""."""
    question, definition = version.question, version.definition
    if definition.kind != "trend" or question.get("formula") or definition.measure not in COUNTED:
        return "Adopters are compared by how often they do something; this metric is a share, a sum or a formula."
    event = question["series"][0].get("event")
    if event is None or event in {one.get("event") for one in feature.events}:
        return "The metric counts the use of the feature itself, so whoever uses it counts by definition."
    return ""


def read_units(version: MetricVersion, feature: Feature, *, released_on: date, days: int, now: datetime) -> list[Unit]:
    """Return who was there before the release and again right after it, with what each did a week on average.

    Before: in the weeks 8 to 5 before the release, by which they are matched; right after: in the weeks in which it
    could be adopted. Compared are the 4 weeks before the release and what follows those weeks, up to `days`.
    """
    adopt_days = ADOPT_DAYS[days]
    before_on, earlier_on = (released_on - timedelta(weeks=weeks) for weeks in (_WEEKS, 2 * _WEEKS))
    later_on, ends_on = released_on + timedelta(days=adopt_days), released_on + timedelta(days=days)
    counted = version.question["series"][0]
    anything = {"event": None, "filters": []}

    def ask(spec: dict[str, Any], since: date, until: date) -> TrendQuestion:
        return _question(version, spec, since, until - timedelta(days=1), now)

    with open_finder(ask(anything, earlier_on, ends_on), user=SYSTEM, caller=CALLER) as finder:
        busy = finder.tally(ask(anything, earlier_on, before_on))
        there = finder.tally(ask(anything, released_on, later_on))
        adopted = _users_of(finder, feature, lambda spec: ask(spec, released_on, later_on))
        stretches = [
            (finder.tally(ask(counted, since, until)), (until - since).days / _WEEK)
            for since, until in ((earlier_on, before_on), (before_on, released_on), (later_on, ends_on))
        ]
    return [
        Unit(
            no,
            no in adopted,
            busy=busy[no] / _WEEKS,
            **{name: tally.get(no, 0) / weeks for name, (tally, weeks) in zip(_STRETCHES, stretches, strict=True)},
        )
        for no in sorted(busy.keys() & there.keys())
    ]


_STRETCHES = ("earlier", "before", "after")


def _users_of(finder: Finder, feature: Feature, ask: Any) -> set[int]:
    """Return who did any of a feature's events."""
    found: set[int] = set()
    for spec in feature.events:
        found |= finder.tally(ask(spec)).keys()
    return found


def _question(version: MetricVersion, spec: dict[str, Any], since: date, until: date, now: datetime) -> TrendQuestion:
    kept = {name: version.question[name] for name in _KEPT if version.question.get(name)}
    value = {
        **kept,
        "kind": "trend",
        "series": [{"event": spec.get("event"), "filters": spec.get("filters") or [], "measure": "total"}],
        "interval": "day",
        "date_from": since.isoformat(),
        "date_to": until.isoformat(),
    }
    return parse_question(value, now=now, default_zone=settings.WORKSPACE_TIME_ZONE)


_KEPT = ("products", "sources", "unit", "filters", "timezone")
