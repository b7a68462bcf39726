"""A dashboard with events under it and computed tiles, some days before its pack is looked at again."""

import datetime as dt

import pytest
import time_machine

from insights.dashboards import actions as boards
from insights.dashboards import refreshing
from insights.dashboards.models import Tile
from insights.sharing import actions, checking
from tests import factories

NOW = dt.datetime(2026, 3, 20, 9, 0, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 4, 2, 9, 0, tzinfo=dt.UTC)
TREND = {"kind": "trend", "series": [{"event": "report opened", "measure": "persons"}], "interval": "day"}
FUNNEL = {"kind": "funnel", "steps": [{"event": "signed up"}, {"event": "report opened"}]}


def event(name, person, day, hour=12, month=3, **more):
    return {"event": name, "distinct_id": person, "timestamp": f"2026-{month:02}-{day:02}T{hour:02}:00:00Z", **more}


@pytest.fixture
def source(product):
    return factories.make_source(product, "Planner app")


@pytest.fixture
def dashboard(owner, product, source):
    """People who open reports by day, and a funnel, computed on 20 March at nine."""
    received = {"received_at": NOW - dt.timedelta(hours=1)}
    rows = [event("signed up", person, day, **received) for person, day in (("ann", 2), ("bob", 3), ("cem", 9))]
    rows += [event("report opened", "ann", day, **received) for day in (3, 10, 17, 20)]
    rows[-1]["timestamp"] = "2026-03-20T08:00:00Z"
    rows += [event("report opened", "bob", day, **received) for day in (4, 17)]
    with time_machine.travel(NOW, tick=False):
        factories.store_events(source, rows)
        board = boards.create_dashboard(actor=owner, product=product, title="Product health")
        boards.add_tile(board, actor=owner, kind="text", title="Read me", text="[a link](https://example.org) **bold**")
        boards.add_tile(board, actor=owner, title="People who read reports", question=TREND, chart="line")
        boards.add_tile(board, actor=owner, title="From sign-up to report", question=FUNNEL, chart="funnel")
        refresh()
    return board


def refresh(now=NOW):
    done = refreshing.refresh_tiles(Tile.objects.on_duty(), now)
    assert done.n_failed == 0, done.problems


@pytest.fixture
def pack(dashboard, owner):
    with time_machine.travel(NOW, tick=False):
        return actions.freeze_dashboard(dashboard, actor=owner, name="Board meeting", held_on=dt.date(2026, 3, 21))


def look_again(pack):
    """Do what the workers do when somebody opens a pack."""
    checking.check_pack(pack.pk)
    from insights.dashboards.models import TileAnswer

    for answer in TileAnswer.objects.filter(state=TileAnswer.State.WAITING):
        refreshing.refresh_answer(answer.pk)
