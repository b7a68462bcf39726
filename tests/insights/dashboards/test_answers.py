"""Stored answers: computed once, kept when a try fails, renewed exactly when data or range changed."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection

from insights.dashboards import actions, answers, refreshing
from insights.dashboards.models import Tile, TileAnswer
from insights.dashboards.queries import freshness_of
from portal.operations.models import OutboxMessage
from tests import factories
from tests.insights.dashboards.conftest import NOW, TREND, event

DAY = dt.timedelta(days=1)


def refresh(now=NOW, **more):
    with time_machine.travel(now, tick=False):
        return refreshing.refresh_tiles(Tile.objects.on_duty(), now, **more)


def test_the_night_computes_a_tile_and_skips_it_while_nothing_changed(events, tile):
    first = refresh()
    assert (first.n_due, first.n_computed, first.n_failed) == (1, 1, 0)
    stored = TileAnswer.objects.get()
    assert stored.state == "ok" and stored.data_until == dt.datetime(2026, 3, 18, 12, tzinfo=dt.UTC)
    assert sum(stored.answer["series"][0]["values"]) == 6
    assert refresh(NOW + dt.timedelta(hours=2)).n_skipped == 1
    stored.refresh_from_db()
    assert stored.computed_at == NOW


def test_equal_questions_run_once_and_share_the_answer(events, tile, dashboard, owner, product):
    actions.duplicate_tile(tile, actor=owner)
    other = actions.create_dashboard(actor=owner, product=product, title="Other")
    actions.add_tile(other, actor=owner, question=TREND, title="The same again")
    done = refresh()
    assert (done.n_due, done.n_computed) == (1, 1)


def test_a_relative_range_by_day_is_recomputed_the_next_day(events, tile):
    refresh()
    assert refresh(NOW + DAY).n_computed == 1


def test_a_relative_range_by_week_is_recomputed_only_when_the_week_is_over(events, dashboard, tile, owner):
    by_week = {**TREND, "interval": "week", "date_from": "-4w"}
    actions.update_tile(tile, actor=owner, revision=1, question=by_week, keeps_own_dates=True)
    friday, saturday, monday = NOW, NOW + DAY, NOW + 3 * DAY
    assert refresh(friday).n_computed == 1
    assert refresh(saturday).n_skipped == 1
    stored = TileAnswer.objects.get()
    assert stored.holds_until == dt.datetime(2026, 3, 22, tzinfo=dt.UTC), "the next look is after midnight"
    assert refresh(monday).n_computed == 1


def test_a_range_that_is_over_is_never_recomputed_for_the_clock(events, tile, owner):
    january = {**TREND, "date_from": "2026-03-01", "date_to": "2026-03-10"}
    actions.update_tile(tile, actor=owner, revision=1, question=january, keeps_own_dates=True)
    refresh()
    assert TileAnswer.objects.get().holds_until is None
    assert refresh(NOW + 400 * DAY).n_skipped == 1


def test_only_data_in_the_range_makes_an_answer_old(events, source, tile, owner):
    early = {**TREND, "date_from": "2026-03-01", "date_to": "2026-03-10"}
    actions.update_tile(tile, actor=owner, revision=1, question=early, keeps_own_dates=True)
    refresh()
    factories.store_events(source, [event("report opened", "dan", 19)])
    assert refresh().n_skipped == 1
    factories.store_events(source, [event("report opened", "dan", 5)])
    assert refresh().n_computed == 1
    assert sum(TileAnswer.objects.get().answer["series"][0]["values"]) == 4


def test_a_failing_tile_says_why_and_keeps_its_last_good_answer(events, tile, owner, source):
    refresh()
    good = TileAnswer.objects.get()
    bad = {**TREND, "series": [{"event": "report opened", "measure": "nonsense"}]}
    TileAnswer.objects.update(question={**bad, "products": ["planner"]}, version=0)
    problems = []
    done = refresh(NOW + DAY, problem=problems.append)
    stored = TileAnswer.objects.get()
    assert (done.n_failed, stored.state, stored.answer) == (1, "failed", good.answer)
    assert "series[0].measure" in stored.failure and stored.computed_at == good.computed_at
    assert problems == [f"“People who read reports” on “Product health”: {stored.failure}"]
    shown = freshness_of(stored, answers.data_version(), NOW + DAY)
    assert shown.state == "failed" and shown.has_answer


def test_one_failing_tile_stops_no_other(events, tile, broken):
    done = refresh()
    assert (done.n_computed, done.n_failed) == (1, 1)


def test_a_failed_answer_waits_longer_each_time():
    answer = TileAnswer(state="failed", failed_at=NOW, n_failures=3)
    assert not answers.may_try_again(answer, NOW + dt.timedelta(minutes=3))
    assert answers.may_try_again(answer, NOW + dt.timedelta(minutes=4))
    answer.n_failures = 40
    assert answers.may_try_again(answer, NOW + dt.timedelta(hours=1, minutes=4))


def test_an_answer_is_claimed_by_one_worker(events, tile):
    questions = answers.tile_questions([tile], answers.own_scope(tile.dashboard), NOW)
    (row,) = answers.ensure_answers(questions.values(), NOW)
    assert answers.request_refresh([row], NOW) == [row.pk]
    assert answers.request_refresh([row], NOW) == [], "who asks second waits with the first"
    TileAnswer.objects.update(state="running", claimed_at=NOW)
    assert answers.refresh_answer(row.pk, lambda: NOW + dt.timedelta(seconds=10)) is None
    late = NOW + dt.timedelta(minutes=10)
    assert answers.refresh_answer(row.pk, lambda: late).state == "ok", "a worker that is gone loses its claim"


def test_a_page_asks_once_and_the_worker_fills_in(events, tile, dashboard, django_capture_on_commit_callbacks):
    scope = answers.own_scope(dashboard)
    assert refreshing.watch_dashboard(dashboard, scope) is True
    assert refreshing.watch_dashboard(dashboard, scope) is False
    assert OutboxMessage.objects.filter(task="dashboards.check_dashboard").count() == 1
    assert refreshing.check_dashboard(dashboard.pk, scope.date_from, scope.date_to, []) == 1
    (message,) = OutboxMessage.objects.filter(task="dashboards.refresh_tile")
    assert refreshing.refresh_answer(message.arguments["answer_id"]).state == "ok"
    assert refreshing.check_dashboard(dashboard.pk, scope.date_from, scope.date_to, []) == 0


def test_archived_dashboards_and_deleted_tiles_are_not_recomputed(events, tile, dashboard, owner):
    actions.delete_tile(tile, actor=owner)
    assert refresh().n_due == 0
    actions.restore_tile(tile, actor=owner)
    actions.archive_dashboard(dashboard, actor=owner)
    assert refresh().n_due == 0


def test_a_dry_run_changes_nothing(events, tile):
    done = refresh(is_dry=True)
    assert (done.n_due, done.n_computed) == (1, 1)
    assert not TileAnswer.objects.exists()


def test_answers_that_nobody_uses_are_forgotten_after_a_month(events, tile):
    refresh()
    assert answers.forget_unused(NOW + 29 * DAY) == 0
    assert answers.forget_unused(NOW + 31 * DAY) == 1


@pytest.mark.parametrize("hour, state", [(1, "fresh"), (30, "stale")])
def test_a_page_shows_an_answer_as_fresh_until_its_range_moves(events, tile, hour, state):
    refresh()
    shown = freshness_of(TileAnswer.objects.get(), answers.data_version(), NOW + dt.timedelta(hours=hour))
    assert shown.state == state and shown.has_answer


def test_answers_of_readers_own_scopes_are_capped_and_the_nights_own_stay(events, tile, dashboard, owner, monkeypatch):
    monkeypatch.setattr(answers, "MOST_OF_READERS", 3)
    refresh()
    (own,) = TileAnswer.objects.all()
    for minute, days in enumerate((3, 4, 5, 6, 3, 7)):
        with time_machine.travel(NOW + dt.timedelta(minutes=minute), tick=False):
            refreshing.check_dashboard(dashboard.pk, f"-{days}d", "", [])
    kept = TileAnswer.objects.exclude(pk=own.pk)
    assert {answer.question["date_from"] for answer in kept} == {"-6d", "-3d", "-7d"}, "the longest unseen went"
    assert TileAnswer.objects.filter(pk=own.pk, made_for=None).exists()
    actions.update_dashboard(dashboard, actor=owner, revision=1, date_from="-6d")
    refresh()
    for days in (10, 11, 12, 13):
        refreshing.check_dashboard(dashboard.pk, f"-{days}d", "", [])
    assert TileAnswer.objects.filter(question__date_from="-6d").exists(), "it is the dashboard's own now"


@pytest.mark.django_db(transaction=True)
def test_who_looked_before_another_finished_takes_its_answer_and_does_not_ask_again(events, tile, monkeypatch):
    questions = list(answers.tile_questions([tile], answers.own_scope(tile.dashboard), NOW).values())
    asked, found, has_looked, is_done = [], {}, threading.Event(), threading.Event()
    ask, look = answers.ask, refreshing.is_still_right

    def counting(*arguments, **options):
        asked.append(threading.current_thread())
        return ask(*arguments, **options)

    def look_and_linger(answer, now):
        is_right = look(answer, now)
        if threading.current_thread() is slow:
            has_looked.set()
            is_done.wait(20)
        return is_right

    def work():
        try:
            found["slow"] = refreshing.bring_up_to_date(questions, NOW)
        finally:
            connection.close()

    monkeypatch.setattr(answers, "ask", counting)
    monkeypatch.setattr(refreshing, "is_still_right", look_and_linger)
    slow = threading.Thread(target=work)
    slow.start()
    assert has_looked.wait(20)
    found["quick"] = refreshing.bring_up_to_date(questions, NOW)
    is_done.set()
    slow.join(20)
    assert asked == [threading.current_thread()]
    (quick,), (late,) = found["quick"].values(), found["slow"].values()
    assert quick.state == late.state == "ok" and late.answer == quick.answer and late.computed_at == quick.computed_at
