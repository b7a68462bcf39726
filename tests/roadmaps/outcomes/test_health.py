"""The trend of a bet's metric in the health of its initiative: it warns before the release, and no more."""

import datetime as dt

import pytest
import time_machine

from insights.metrics.actions import create_metric
from insights.metrics.models import Metric
from roadmaps.outcomes import actions
from roadmaps.outcomes.models import Bet
from roadmaps.outcomes.trends import kendall_z, trend_of
from roadmaps.plan.board.healing import refresh_health
from roadmaps.plan.board.models import InitiativeHealth
from roadmaps.planning.initiatives.public import change_initiative, create_initiative
from tests import factories
from tests.insights.metrics.conftest import define, refresh

MONDAY = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
WEEKS = 10
FALLS = ["warn", "The number that it is meant to raise clearly falls of late."]
RISES = ["warn", "The number that it is meant to lower clearly rises of late."]


@pytest.mark.parametrize(
    "values, step, z",
    [
        # S = 28 - 0, variance 8 * 7 * 21 / 18 = 65.33: (28 - 1) / 8.083
        ([1, 2, 3, 4, 5, 6, 7, 8], 1, 3.340),
        # 27 pairs fall and one is tied: variance (1176 - 2 * 1 * 9) / 18 = 64.33, (27 - 1) / 8.021
        ([9, 8, 7, 6, 5, 4, 3, 3], 1, -3.242),
        # Two seasons of four that rise, one above the other: S = 6 + 6, variance 2 * 4 * 3 * 13 / 18 = 17.33
        ([1, 90, 2, 91, 3, 92, 4, 93], 2, 2.642),
        # One outlier is one number: 21 pairs of the seven rise, 7 fall
        ([1, 2, 3, 4, 5, 6, 7, 0], 1, 1.608),
        ([5, 5, 5, 5, 5, 5, 5, 5], 1, None),
        ([1, 2, 3, None, None, 6, 7, 8], 1, None),
    ],
)
def test_a_trend_is_held_against_chance(values, step, z):
    assert kendall_z(values, step) == (None if z is None else pytest.approx(z, abs=0.001))


def test_days_are_compared_with_their_weekday_and_what_is_long_ago_is_not():
    calm, weekend = [100, 102, 99, 101, 100], [10, 11]
    assert trend_of((calm + weekend) * 4, "day") == 0
    assert trend_of([day - 9 * week for week in range(4) for day in calm + weekend], "day") == -1
    assert trend_of([*range(50, 0, -1), *[7, 8] * 6], "week") == 0
    assert trend_of([0, 0, 0, 0, *range(50, 40, -1)], "week") == -1


@pytest.fixture
def counts(product):
    """Store so many events in each of the ten weeks before MONDAY, by name."""
    source = factories.make_source(product, "Planner app")

    def store(name, of_week):
        rows = []
        for week in range(WEEKS):
            day = (MONDAY - dt.timedelta(weeks=WEEKS - week)).date()
            for number in range(of_week(week)):
                stamp = f"{day + dt.timedelta(days=number % 7)}T10:{number // 60:02}:{number % 60:02}Z"
                rows.append({"event": name, "distinct_id": f"p{number}", "timestamp": stamp})
        factories.store_events(source, rows)

    return store


@pytest.fixture
def metric_of(product, owner):
    def make(event):
        question = {"kind": "trend", "series": [{"event": event}], "interval": "week"}
        made = create_metric(define(question, product, owner, now=MONDAY), product=product, name=event, actor=owner)
        refresh(now=MONDAY)
        return Metric.objects.select_related("current__series", "product").get(pk=made.pk)

    return make


def reasons_of(*initiatives, at=MONDAY):
    with time_machine.travel(at, tick=False):
        refresh_health([one.pk for one in initiatives])
    kept = InitiativeHealth.objects.in_bulk([one.pk for one in initiatives])
    return [(kept[one.pk].tone, kept[one.pk].reasons) for one in initiatives]


def test_a_bets_metric_that_goes_the_wrong_way_warns_until_it_is_out(product, owner, viewer, counts, metric_of, client):
    counts("opened", lambda week: 80 - 5 * week)
    counts("asked support", lambda week: 20 + 3 * week)
    made = {}
    with time_machine.travel(MONDAY, tick=False):
        opened, asked = metric_of("opened"), metric_of("asked support")
        wanted = {"Raise": (opened, "up"), "Lower": (asked, "down"), "Already": (opened, "down"), "None": None}
        for title, bet in wanted.items():
            made[title] = create_initiative(product, title=title, actor=owner, owner=owner)
            if bet is not None:
                actions.write_bet(
                    made[title], metric=bet[0], aim=bet[1], low=5.0, high=20.0, confidence=0.8, days=30, why="",
                    actor=owner,
                )  # fmt: skip
    assert reasons_of(*made.values()) == [("warn", [FALLS]), ("warn", [RISES]), ("unknown", []), ("unknown", [])]
    client.force_login(viewer)
    page = client.get(
        f"/initiatives/{made['Raise'].pk}/panels/health/", headers={"HX-Request": "true"}
    ).content.decode()
    assert "At risk" in page and FALLS[1] in page
    # What is late stays off track, with the warning below it.
    with time_machine.travel(MONDAY, tick=False):
        change_initiative(made["Raise"], actor=owner, changes={"ends_on": dt.date(2026, 5, 29)})
    [(tone, reasons)] = reasons_of(made["Raise"])
    assert tone == "bad" and reasons[0][0] == "bad" and reasons[1] == FALLS
    # Numbers that stopped coming say nothing of today, and what is out is measured in another way.
    assert reasons_of(made["Lower"], at=MONDAY + dt.timedelta(days=6))[0][1] == [RISES]
    assert reasons_of(made["Lower"], at=MONDAY + dt.timedelta(days=14)) == [("unknown", [])]
    Bet.objects.filter(initiative=made["Lower"]).update(locked_at=MONDAY, released_on=MONDAY.date())
    assert reasons_of(made["Lower"]) == [("unknown", [])]
