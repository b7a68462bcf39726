"""Forecasts of initiatives and releases: by which pace, night after night, and what came of them."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from portal.shell.public import NotAllowed
from roadmaps.delivery.forecasts.making import ask_forecasts, make_backtest, make_forecasts
from roadmaps.delivery.forecasts.models import Backtest, Forecast
from roadmaps.delivery.forecasts.monte_carlo import Trials, last_day_of
from roadmaps.delivery.forecasts.public import newest_forecasts
from roadmaps.delivery.forecasts.queries import read_coverage, verdict_of
from roadmaps.delivery.forecasts.things import seed_of
from roadmaps.delivery.work.contracts import Change, GivenItem
from roadmaps.delivery.work.models import WorkItem
from roadmaps.delivery.work.writing import write_items
from roadmaps.planning.initiatives.public import change_initiative, create_initiative
from roadmaps.planning.releases.public import create_release, release_now
from tests.roadmaps.delivery.work.access_rows import SYSTEM, make_tracker

MONDAY = dt.date(2026, 6, 15)
WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def tracker(product):
    return make_tracker(product)


def fill(tracker, initiative, weeks, n_left, name, until=MONDAY):
    """Give an initiative items: so many finished in each of the weeks before a Monday, and so many that are left."""
    given = []
    for place, n_done in enumerate(weeks):
        day = until - (len(weeks) - place) * WEEK + dt.timedelta(days=2)
        end = dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC)
        for n in range(n_done):
            changes = (Change(end - dt.timedelta(hours=30), "To Do", "In Progress"), Change(end, "In Progress", "Done"))
            said = {"status": "Done", "opened_at": end - dt.timedelta(days=9)}
            given.append(GivenItem(f"{name}-{place}-{n}", said, "", changes))
    opened = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    given += [GivenItem(f"{name}-left-{n}", {"status": "To Do", "opened_at": opened}) for n in range(n_left)]
    write_items(tracker, given)
    WorkItem.objects.filter(tracker=tracker, key__startswith=f"{name}-").update(initiative=initiative)


def make(product, title, stage="building", **fields):
    made = create_initiative(product=product, title=title, actor=SYSTEM, **fields)
    return change_initiative(made, actor=SYSTEM, changes={"stage": stage})


def newest(thing):
    return Forecast.objects.get(initiative=thing, is_newest=True)


def test_an_initiative_goes_by_its_own_pace_and_a_night_is_made_once(product, tracker):
    weeks = [1, 0, 2, 3, 0, 1, 2, 2, 0, 1, 4, 1]
    initiative = make(product, "Reports", promised_on=dt.date(2026, 9, 1))
    fill(tracker, initiative, weeks, 9, "A")
    assert make_forecasts(product, today=MONDAY) == 1
    made = newest(initiative)
    expected = Trials(weeks, seed_of(f"initiative:{initiative.pk}", MONDAY)).first_weeks(9)
    assert (made.p50, made.p85, made.p95) == tuple(last_day_of(expected[percent], MONDAY) for percent in (50, 85, 95))
    assert (made.basis, made.n_weeks, made.n_done, made.n_left, made.n_ahead) == ("own", 12, 17, 9, 0)
    assert verdict_of(made) in ("kept", "open", "missed")
    make_forecasts(product, today=MONDAY)
    assert Forecast.objects.count() == 1
    make_forecasts(product, today=MONDAY + WEEK)
    assert list(Forecast.objects.order_by("made_on").values_list("is_newest", flat=True)) == [False, True]
    assert newest_forecasts([initiative.pk])[initiative.pk].made_on == MONDAY + WEEK


def test_what_has_no_past_waits_for_its_turn_at_the_roadmaps_pace(product, tracker):
    first = make(product, "First")
    fill(tracker, first, [2] * 12, 6, "A")
    later, second = make(product, "Later", "discovery"), make(product, "Second")
    fill(tracker, later, [], 4, "L")
    fill(tracker, second, [], 3, "S")
    make_forecasts(product, today=MONDAY)
    found = newest(second)
    assert (found.basis, found.n_ahead, found.n_left) == ("roadmap", 6, 3)
    assert found.p85 == MONDAY + 5 * WEEK - dt.timedelta(days=1)  # nine items, two a week: the end of the fifth week
    found = newest(later)
    assert (found.n_ahead, found.p50) == (9, MONDAY + 7 * WEEK - dt.timedelta(days=1))


def test_too_little_of_a_past_is_said(product, tracker, client, viewer):
    initiative = make(product, "New")
    fill(tracker, initiative, [1, 1], 3, "A")
    make_forecasts(product, today=MONDAY)
    made = newest(initiative)
    assert (made.p85, "10 whole weeks" in made.why_none, verdict_of(made)) == (None, True, "")
    client.force_login(viewer)
    assert b"10 whole weeks" in client.get(made.get_absolute_url()).content


def test_what_came_is_compared_with_what_was_said_until_work_is_added(product, tracker, client, outsider):
    initiative = make(product, "Reports")
    fill(tracker, initiative, [2] * 12, 4, "A")
    make_forecasts(product, today=MONDAY)
    said = newest(initiative)
    assert said.p50 == MONDAY + 2 * WEEK - dt.timedelta(days=1)
    WorkItem.objects.filter(key__contains="left").update(
        phase="done", finished_at=dt.datetime(2026, 6, 29, 12, tzinfo=dt.UTC)
    )  # a day after P95: late
    make_forecasts(product, today=MONDAY + 3 * WEEK)
    said.refresh_from_db()
    assert (said.finished_on, said.is_newest) == (dt.date(2026, 6, 29), False)
    for night in range(1, 6):  # five more nights before that one; each said two weeks, three of them enough
        Forecast.objects.create(
            product=product, initiative=initiative, made_on=MONDAY - dt.timedelta(days=night), basis="own", n_weeks=12,
            n_done=1, n_left=1, p50=dt.date(2026, 6, 1), p85=dt.date(2026, 6, 29 if night > 2 else 28),
            seed=1, is_newest=False, finished_on=dt.date(2026, 6, 29),
        )  # fmt: skip
    row = read_coverage([product])[1]
    assert (row.n, row.n_things, [hits for _, hits, *_ in row.shares]) == (6, 1, [0, 3, 5])
    client.force_login(outsider)
    assert "too early" in client.get(reverse("forecasts:coverage")).content.decode()
    fill(tracker, initiative, [], 1, "more")
    make_forecasts(product, today=MONDAY + 4 * WEEK)
    assert not Forecast.objects.exclude(finished_on=None).exists()


def test_a_release_is_done_when_all_of_its_initiatives_are(product, tracker, ops):
    one, two = make(product, "One"), make(product, "Two")
    fill(tracker, one, [1] * 12, 3, "A")
    fill(tracker, two, [1] * 12, 5, "B")
    release = create_release(
        product=product, name="4.2", planned_on=dt.date(2026, 8, 1), initiatives=[one, two], actor=ops
    )
    make_forecasts(product, today=MONDAY)
    made = Forecast.objects.get(release=release)
    assert (made.basis, made.n_left, made.promised_on) == ("own", 8, dt.date(2026, 8, 1))
    assert made.p85 == MONDAY + 4 * WEEK - dt.timedelta(days=1)  # eight items, two a week together
    with time_machine.travel("2026-07-20T12:00:00Z", tick=False):
        release_now(release, actor=ops, on=dt.date(2026, 7, 20))
        make_forecasts(product, today=dt.date(2026, 7, 21))
    made.refresh_from_db()
    assert (made.finished_on, made.is_newest) == (dt.date(2026, 7, 20), False)


def test_a_day_of_the_past_is_made_as_it_would_have_been(product, tracker):
    initiative = make(product, "Reports")
    fill(tracker, initiative, [2] * 12, 4, "A")
    before = MONDAY - 2 * WEEK
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False):
        early = make(product, "Early")
    WorkItem.objects.update(initiative=early)
    make_forecasts(product, today=before, looks_back=True)
    made = newest(early)
    assert (made.n_weeks, made.n_done, made.n_left) == (10, 20, 4 + sum(
        1 for item in WorkItem.objects.filter(phase="done")
        if item.opened_at.date() < before <= item.finished_at.date()
    ))  # fmt: skip
    assert Forecast.objects.count() == 1


@time_machine.travel("2026-06-17T12:00:00Z", tick=False)
def test_pages_show_what_was_said_to_those_who_may_see_it(
    client, product, tracker, owner, viewer, outsider, django_assert_max_num_queries
):
    for place in range(12):
        initiative = make(product, f"Reports {place}", visibility="team", promised_on=dt.date(2026, 12, 1))
        fill(tracker, initiative, [1] * 16, 2, f"P{place}")
    for weeks_ago in (6, 0):
        make_forecasts(product, today=MONDAY - weeks_ago * WEEK)
    make_backtest(product, today=MONDAY)
    assert Backtest.objects.get().n_by_p85 == Backtest.objects.get().n_forecasts == 5
    client.force_login(owner)
    client.get(reverse("forecasts:forecast-list"))
    for asked in ({}, {"product": product.slug, "kind": "initiative", "looks": "kept", "q": "reports"}):
        with django_assert_max_num_queries(12):
            text = client.get(reverse("forecasts:forecast-list"), asked).content.decode()
        assert text.count("will be kept") == 12
        assert "42 later" in text
    page = client.get(newest(initiative).get_absolute_url()).content.decode()
    assert "What was said when" in page
    asked = client.get(reverse("forecasts:ask"), {"product": product.slug, "n": 24, "weeks": 26}).content.decode()
    assert "28 Jun 2026" not in asked.split("figures")[0]
    assert "5 Jul 2026" in asked  # 24 items, twelve a week, from Monday the 22nd on
    found = client.get("/api/v1/forecasts/", {"is_newest": "true", "initiative": initiative.pk}).json()["results"]
    assert [(one["n_left"], one["basis"], one["reason"]) for one in found] == [(2, "own", "")]
    assert client.get("/api/v1/forecasts/coverage/").json()["backtests"][0]["n"] == 5
    client.force_login(outsider)
    assert "Reports" not in client.get(reverse("forecasts:forecast-list")).content.decode()
    assert client.get("/api/v1/forecasts/").json()["results"] == []
    with pytest.raises(NotAllowed):
        ask_forecasts(product, actor=viewer)
