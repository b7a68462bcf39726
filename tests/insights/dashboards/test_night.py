"""The night's steps: agreements hold on real answers and are told when they do not; promises are checked."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command

from insights.dashboards import agreements, night
from insights.dashboards.agreements import check_product
from insights.dashboards.freshness import expected_since
from insights.events.models import Source
from tests.insights.dashboards.conftest import NOW


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
