"""What a starter dashboard is made of, so that its first sight tells something."""

from datetime import date

import pytest

from insights.catalogue.public import read_source
from insights.dashboards.actions.starters import look_at
from insights.dashboards.starter import Seen, build_starter, starter_range
from tests import factories

TODAY = date(2026, 11, 22)
LAB_DAYS = Seen(["Other"], first_on=date(2014, 10, 2), last_on=date(2014, 12, 11), week_before_on=date(2014, 11, 20))


def test_old_data_ends_with_its_last_whole_week():
    steady = Seen([], first_on=date(2014, 10, 2), last_on=date(2014, 12, 11), week_before_on=date(2014, 12, 7))
    assert starter_range(steady, TODAY) == ("2014-10-02", "2014-12-07")


def test_old_data_with_gaps_ends_with_its_last_days():
    assert starter_range(LAB_DAYS, TODAY) == ("2014-10-02", "2014-12-11")


def test_who_comes_back_is_told_of_the_first_months_of_data_that_ended_long_ago():
    seen = Seen([], first_on=date(1997, 1, 1), last_on=date(1998, 6, 30))
    tile = next(tile for tile in build_starter(seen, TODAY) if tile.chart == "heatmap")
    assert tile.keeps_own_dates
    assert (tile.question["date_from"], tile.question["interval"], tile.question["intervals"]) == (
        "1997-01-01",
        "month",
        8,
    )


def test_who_comes_back_is_told_of_the_newest_weeks_of_a_living_source():
    seen = Seen([], first_on=date(2025, 1, 1), last_on=TODAY)
    tile = next(tile for tile in build_starter(seen, TODAY) if tile.chart == "heatmap")
    assert not tile.keeps_own_dates and "date_from" not in tile.question


def test_many_event_names_are_shown_by_the_five_commonest():
    tile = next(tile for tile in build_starter(Seen(list("abcdefgh")), TODAY) if tile.title == "Top 5 events")
    assert [one["event"] for one in tile.question["series"]] == list("abcde")


@pytest.mark.django_db(transaction=True)
def test_people_are_split_by_what_has_few_values_not_by_an_id(product):
    source = factories.make_source(product, "Web")
    rows = [
        {
            "event": "opened",
            "distinct_id": f"u{number}",
            "timestamp": f"2026-03-{number % 28 + 1:02d}T09:00:00Z",
            "properties": {"a_session": f"s{number}", "plan": "free" if number % 3 else "pro"},
        }
        for number in range(40)
    ]
    factories.store_events(source, rows)
    read_source(source.pk)
    assert look_at([source.pk]).properties == [("plan", "opened")]
