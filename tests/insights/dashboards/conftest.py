"""A dashboard with events under it, and a worker that does at once what pages ask for."""

import datetime as dt

import pytest

from insights.dashboards import actions
from insights.dashboards.models import Tile
from tests import factories

NOW = dt.datetime(2026, 3, 20, 9, 0, tzinfo=dt.UTC)
TREND = {"kind": "trend", "series": [{"event": "report opened", "measure": "persons"}], "interval": "day"}


def event(name, person, day, hour=12, **more):
    return {"event": name, "distinct_id": person, "timestamp": f"2026-03-{day:02}T{hour:02}:00:00+00:00", **more}


@pytest.fixture
def source(product):
    return factories.make_source(product, "Planner app")


@pytest.fixture
def events(source):
    """Three people over three weeks: ann and bob open reports, cem only signs up."""
    rows = [event("signed up", person, day) for person, day in (("ann", 2), ("bob", 3), ("cem", 9))]
    rows += [event("report opened", "ann", day, properties={"kind": "team"}) for day in (3, 10, 17, 18)]
    rows += [event("report opened", "bob", day, properties={"kind": "own"}) for day in (4, 18)]
    factories.store_events(source, rows)
    return rows


@pytest.fixture
def dashboard(owner, product):
    return actions.create_dashboard(actor=owner, product=product, title="Product health")


@pytest.fixture
def tile(dashboard, owner):
    return actions.add_tile(dashboard, actor=owner, title="People who read reports", question=TREND, chart="line")


@pytest.fixture
def broken(dashboard, owner):
    """A tile whose question could be asked once, and cannot any more."""
    tile = actions.add_tile(dashboard, actor=owner, title="Broken", question=TREND)
    Tile.objects.filter(pk=tile.pk).update(question={"kind": "trend"})
    return tile
