"""A metric with events under it, and a worker that does at once what is asked of it."""

import datetime as dt

import pytest
import time_machine

from insights.metrics import actions, refreshing
from insights.metrics.forming import read_definition
from insights.metrics.models import MetricVersion
from tests import factories

NOW = dt.datetime(2026, 3, 20, 9, 0, tzinfo=dt.UTC)
PEOPLE = {"kind": "trend", "series": [{"event": "report opened", "measure": "persons"}], "interval": "week"}
EVENTS = {"kind": "trend", "series": [{"event": "report opened"}], "interval": "week"}
FUNNEL = {
    "kind": "funnel",
    "steps": [{"event": "signed up"}, {"event": "report opened"}],
    "window": {"value": 7, "unit": "day"},
    "interval": "week",
}
RETENTION = {"kind": "retention", "target": {"event": "signed up"}, "returning": {"event": None}, "interval": "week"}


def event(name, person, day, month=3, hour=12, **more):
    return {"event": name, "distinct_id": person, "timestamp": f"2026-{month:02}-{day:02}T{hour:02}:00:00Z", **more}


def define(question, product, actor, now=NOW, **more):
    return read_definition({"products": [product.slug], **question}, product=product, actor=actor, now=now, **more)


def refresh(now=NOW, **more):
    """Do the night's step at a moment; return how many versions were computed, unchanged, and failed."""
    live = [MetricVersion.State.CURRENT, MetricVersion.State.PROPOSED]
    with time_machine.travel(now, tick=False):
        versions = MetricVersion.objects.filter(state__in=live).select_related("metric").order_by("pk")
        return refreshing.refresh_versions(versions, now, **more)


@pytest.fixture
def source(product):
    return factories.make_source(product, "Planner app")


@pytest.fixture
def events(source):
    """Nine people sign up over six weeks to 15 March 2026; each opens reports on some days after it."""
    rows = []
    for number in range(36):
        person, first = f"p{number % 9}", dt.date(2026, 2, 2) + dt.timedelta(days=number)
        if number < 9:
            rows.append(event("signed up", person, first.day, first.month, hour=1))
        plan = "free" if number % 3 else "pro"
        rows.append(event("report opened", person, first.day, first.month, properties={"plan": plan, "ms": number}))
    factories.store_events(source, rows)
    return rows


@pytest.fixture
def make_metric(product, owner):
    """Return a function that makes a metric of a question."""

    def make(question=PEOPLE, name="People who read reports", *, actor=owner, now=NOW, unit="people", **more):
        options = {key: more.pop(key) for key in ("column", "direction") if key in more}
        with time_machine.travel(now, tick=False):
            definition = define(question, product, actor, now, unit=unit, **options)
            return actions.create_metric(definition, product=product, name=name, actor=actor, **more)

    return make


@pytest.fixture
def metric(make_metric, events):
    return make_metric()
