"""The night's steps: agreements hold on real answers and are told when they do not; promises are checked."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command

from insights.dashboards import agreements, night
from insights.dashboards.agreements import check_product
from insights.events.models import Source
from insights.events.public import expected_since, undo_batch
from insights.sources.queries import freshness_of, sources_with_facts
from portal.people.public import SYSTEM
from tests import factories
from tests.insights.dashboards.conftest import NOW, event


class Recorded:
    """A night that keeps what it is told."""

    def __init__(self):
        self.now, self.said, self.problems, self.rows = NOW, "", [], 0

    def progress(self, done, total, note=""):
        self.said = note

    def count(self, *, rows_in=0, rows_out=0, quarantined=0):
        self.rows += rows_in

    def problem(self, sentence):
        self.problems.append(sentence)

    def check_still_mine(self):
        pass


def test_ways_to_ask_the_same_agree(events, product):
    checks = check_product(product, NOW)
    assert len(checks) >= 8
    assert [check.sentence for check in checks if not check.agrees] == []


def test_a_disagreement_is_told_in_plain_words(events, product, monkeypatch):
    class Short:
        total = 1

    monkeypatch.setattr(agreements, "list_people", lambda *args, **kwargs: Short)
    tonight = Recorded()
    night.check_agreements(tonight)
    (sentence,) = tonight.problems
    assert sentence.startswith("Planner: people who did “") and sentence.endswith("and 1 in the list of them.")


def test_the_night_recomputes_and_counts(events, tile):
    tonight = Recorded()
    with time_machine.travel(NOW, tick=False):
        night.recompute_tiles(tonight)
    assert tonight.said == "1 computed, 0 unchanged, 0 failed" and tonight.rows > 0


@pytest.mark.parametrize("hour, day", [(7, 15), (5, 14)])
def test_a_promise_is_about_the_day_before_it_is_due(hour, day):
    now = dt.datetime(2026, 3, 16, hour, tzinfo=dt.UTC)
    assert expected_since(dt.time(6), "UTC", now) == dt.datetime(2026, 3, day, tzinfo=dt.UTC)


def test_a_source_that_broke_its_promise_is_named(events, source):
    Source.objects.update(fresh_by=dt.time(6))
    tonight = Recorded()
    night.check_freshness(tonight)
    (sentence,) = tonight.problems
    assert sentence.startswith("Planner app promises new data by 06:00, but its newest event is of 18 Mar 2026, 12:00.")


@pytest.mark.parametrize(
    "newest, hour, zone, is_late",
    [
        (18, 9, "UTC", True),
        (19, 9, "UTC", False),
        (18, 5, "UTC", False),  # before 06:00 the promise of the day before is the newest that is due
        (2, 9, "UTC", True),  # a load of this minute keeps no promise with old events
        (18, 9, "America/New_York", False),  # where it is 05:00
        (None, 9, "UTC", True),
    ],
)
def test_pages_and_the_night_say_the_same_of_a_promise(source, ops, newest, hour, zone, is_late):
    Source.objects.update(fresh_by=dt.time(6), time_zone=zone)
    if newest:
        late = factories.store_events(source, [event("signed up", "zoe", 19)])
        factories.store_events(source, [event("signed up", "ann", newest)])
        if newest < 19:  # what was taken back is no event
            undo_batch(late, actor=SYSTEM)
    tonight = Recorded()
    tonight.now = NOW.replace(hour=hour)
    night.check_freshness(tonight)
    page = freshness_of(sources_with_facts(ops).get(), tonight.now)
    assert (page.state, len(tonight.problems)) == (("late", 1) if is_late else ("fresh", 0))


def test_the_refresh_command_is_honest(events, tile, capsys, dashboard, request):
    call_command("refresh", "--dry-run")
    assert "1 to compute" in capsys.readouterr().out
    call_command("refresh", "--dashboard", dashboard.slug)
    out = capsys.readouterr()
    assert "1 computed" in out.out and "1/1" in out.err
    request.getfixturevalue("broken")
    with pytest.raises(SystemExit) as ended:
        call_command("refresh")
    assert ended.value.code == 1 and "Broken" in capsys.readouterr().err
