"""Bets: written, locked, released, measured by the night, judged, reviewed; who may, what is hidden, two at once."""

import datetime as dt
import json
from types import SimpleNamespace

import pytest
import time_machine
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from insights.adoption.models import Feature
from insights.metrics.actions import create_metric
from insights.metrics.models import Metric
from portal.audit.models import AuditEntry
from portal.messages.models import Notice
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, Conflict, NotFound
from roadmaps.outcomes import actions
from roadmaps.outcomes.access import get_bet
from roadmaps.outcomes.calibration import read_calibrations
from roadmaps.outcomes.measuring import list_due, measure_due
from roadmaps.outcomes.models import Bet, Measurement, OutcomeReview
from roadmaps.outcomes.portfolio import SHOW
from roadmaps.outcomes.reading import read_units
from roadmaps.outcomes.tasks import measure_bet_again
from roadmaps.planning.initiatives.public import (
    change_initiative,
    create_initiative,
    delete_initiative,
)
from tests import factories
from tests.insights.metrics.conftest import define, event, refresh

FIRST = dt.date(2025, 6, 2)  # a Monday
WEEKS = 40
RELEASED = FIRST + dt.timedelta(weeks=26)  # the first of December
WRITTEN = dt.datetime(2025, 10, 6, 9, tzinfo=dt.UTC)
OPENED = {"kind": "trend", "series": [{"event": "report opened"}], "interval": "week"}


def at(day, hour=9):
    return dt.datetime.combine(day, dt.time(hour), dt.UTC)


def night(day):
    return SimpleNamespace(now=at(day, 3), progress=lambda *_: None, check_still_mine=lambda: None)


def run_night(day):
    with time_machine.travel(at(day, 3), tick=False):
        measure_due(night(day))


@pytest.fixture
def product_events(product):
    """Sixty people come each week; about 30 reports a week, 60 from the release on: 20 people adopt and open more."""
    source = factories.make_source(product, "Planner app")
    rows = []
    for week in range(WEEKS):
        day = FIRST + dt.timedelta(weeks=week)
        for number in range(60):
            name = f"p{number}"
            rows.append({**event("app opened", name, 1), "timestamp": f"{day}T08:00:00Z"})
            times = 1 if (number + week) % 2 else 0
            if (number * 7 + week * 5) % 11 == 0:
                times += 1
            if day >= RELEASED and number < 20:
                times += 2
                rows.append({**event("guide used", name, 1), "timestamp": f"{day}T09:00:00Z"})
            for hour in range(times):
                stamp = f"{day + dt.timedelta(days=number % 5)}T{10 + hour}:00:00Z"
                rows.append({**event("report opened", name, 1), "timestamp": stamp})
    factories.store_events(source, rows)
    return rows


@pytest.fixture
def reports(product, owner, product_events):
    with time_machine.travel(WRITTEN, tick=False):
        metric = create_metric(
            define(OPENED, product, owner, now=WRITTEN), product=product, name="Reports", actor=owner
        )
        refresh(now=WRITTEN)
    return Metric.objects.select_related("current__series", "product").get(pk=metric.pk)


@pytest.fixture
def initiative(product, owner):
    with time_machine.travel(WRITTEN, tick=False):
        return create_initiative(product, title="Guide invitations", actor=owner, owner=owner, effort_months=3.0)


@pytest.fixture
def bet(initiative, reports, owner):
    with time_machine.travel(WRITTEN, tick=False):
        return actions.write_bet(
            initiative, metric=reports, low=20.0, high=60.0, confidence=0.8, days=30, why="Tests.", actor=owner
        )


def move(initiative, stage, day, actor):
    with time_machine.travel(at(day), tick=False):
        return change_initiative(initiative, actor=actor, changes={"stage": stage})


@pytest.fixture
def released(bet, initiative, owner):
    move(initiative, "building", RELEASED - dt.timedelta(weeks=6), owner)
    move(initiative, "launched", RELEASED, owner)
    return Bet.objects.of_rows().get(pk=bet.pk)


def test_a_bet_is_measured_judged_and_reviewed_once(released, initiative, owner, client):
    assert released.released_on == RELEASED
    run_night(RELEASED + dt.timedelta(days=20))
    assert not Measurement.objects.exists()
    for day in (36, 37):
        run_night(RELEASED + dt.timedelta(days=day))
    bet = Bet.objects.of_rows().get()
    kept = Measurement.objects.get()
    assert (kept.days, kept.method, kept.facts["n_before"], kept.facts["n_after"]) == (30, "before_after", 26, 4)
    assert kept.low < 40 < kept.high and kept.low > 20 and kept.reaches > 0.9
    assert bet.verdict == "paid_off" and bet.measured == kept.value
    review = OutcomeReview.objects.get()
    assert Notice.objects.filter(user=owner, key=f"outcome-review:{review.pk}").count() == 1
    client.force_login(owner)
    assert (
        review.get_absolute_url()
        in client.get("/outcomes/reviews/mine/", headers={"HX-Request": "true"}).content.decode()
    )
    page = client.get(bet.get_absolute_url()).content.decode()
    assert "above what its own past leads one to expect" in page and "Paid off" in page and "cannot tell" in page
    said = {"decision": "keep", "learned": "The **second** person.", "version": 1}
    assert client.post(review.get_absolute_url(), said).status_code == 302
    assert "<strong>second</strong>" in client.get(review.get_absolute_url()).content.decode()
    assert b"Guide invitations" not in client.get("/outcomes/reviews/mine/").content
    assert "The second person." in client.get("/outcomes/reviews/?q=second").content.decode()
    assert review.get_absolute_url().encode() in client.get("/search/?q=second").content
    again = client.post(review.get_absolute_url(), {**said, "learned": "Mine."})
    assert again.status_code == 409 and OutcomeReview.objects.get().decision == "keep"
    run_night(RELEASED + dt.timedelta(days=95))
    assert Measurement.objects.filter(days=90).count() == 1 and OutcomeReview.objects.count() == 1
    assert Bet.objects.get().verdict == "paid_off" and list_due(RELEASED + dt.timedelta(days=400)) == []
    portfolio = client.get("/outcomes/").content.decode()
    assert "1 of 1" in portfolio and "Keep it" in portfolio and "+20 to +60" in portfolio


def test_a_locked_bet_stays_in_the_database(bet, initiative, owner):
    actions.update_bet(bet, actor=owner, version=1, low=10.0)
    with pytest.raises(Conflict):
        actions.update_bet(bet, actor=owner, version=1, low=5.0)
    move(initiative, "building", RELEASED - dt.timedelta(weeks=6), owner)
    bet.refresh_from_db()
    assert bet.is_locked and not bet.is_late
    with pytest.raises(Conflict):
        actions.update_bet(bet, actor=owner, version=2, low=5.0)
    with pytest.raises(Conflict):
        actions.delete_bet(bet, actor=owner)
    for change in ({"low": 1.0}, {"confidence": 0.5}, {"locked_at": None}, {"metric": None}):
        with pytest.raises(InternalError), transaction.atomic():
            Bet.objects.filter(pk=bet.pk).update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        Bet.objects.filter(pk=bet.pk).delete()
    move(initiative, "discovery", RELEASED - dt.timedelta(weeks=5), owner)
    assert Bet.objects.get().is_locked
    with pytest.raises(Conflict):
        delete_initiative(initiative, actor=owner)


def test_a_bet_after_the_work_began_is_late_and_after_the_release_none(initiative, reports, owner):
    values = {"metric": reports, "low": 1.0, "high": 2.0, "confidence": 0.5, "actor": owner}
    move(initiative, "building", RELEASED, owner)
    late = actions.write_bet(initiative, **values)
    assert late.is_late and late.is_locked
    with pytest.raises(BadInput):
        actions.write_bet(initiative, **values)
    move(initiative, "launched", RELEASED, owner)
    with pytest.raises(Conflict):
        actions.write_bet(initiative, **values)
    Bet.objects.update(verdict="paid_off", measured=1.5, judged_at=at(RELEASED))
    assert read_calibrations(owner)[0] == []


@pytest.mark.parametrize(
    "given",
    [
        {"low": 9.0, "high": 3.0},
        {"low": -1.0},
        {"high": float("inf")},
        {"confidence": 1.0},
        {"days": 31},
        {"aim": "sideways"},
    ],
    ids=lambda given: "-".join(given),
)
def test_what_is_no_bet_is_refused(initiative, reports, owner, given):
    values = {"metric": reports, "low": 1.0, "high": 2.0, "confidence": 0.5, "actor": owner}
    with pytest.raises(BadInput):
        actions.write_bet(initiative, **{**values, **given})


def test_adopters_are_compared_with_those_who_did_as_much(initiative, reports, product, owner):
    feature = Feature.objects.create(
        product=product, team=product.team, name="Guide", events=[{"event": "guide used", "filters": []}]
    )
    with time_machine.travel(WRITTEN, tick=False):
        values = {"metric": reports, "low": 20.0, "high": 60.0, "confidence": 0.8, "days": 30, "actor": owner}
        actions.write_bet(initiative, feature=feature, **values)
    move(initiative, "launched", RELEASED, owner)
    now = at(RELEASED + dt.timedelta(days=36))
    units = read_units(reports.current, feature, released_on=RELEASED, days=30, now=now)
    assert len(units) == 60 and sum(unit.is_adopter for unit in units) == 20
    assert all(unit.busy >= 1 for unit in units)
    run_night(RELEASED + dt.timedelta(days=36))
    kept = Measurement.objects.get(method="adopters")
    assert kept.value == pytest.approx(2, abs=0.7) and kept.low > 0.5
    assert kept.facts["n_adopters"] == 20 and kept.facts["n_others"] == 40


def test_a_metric_that_is_not_shared_hides_its_numbers_everywhere(released, reports, outsider, client):
    run_night(RELEASED + dt.timedelta(days=36))
    Metric.objects.filter(pk=reports.pk).update(visibility="team")
    client.force_login(outsider)
    seen = client.get("/outcomes/").content.decode() + client.get(released.get_absolute_url()).content.decode()
    seen += client.get(OutcomeReview.objects.get().get_absolute_url()).content.decode()
    seen += b"".join(client.get("/outcomes/?format=csv").streaming_content).decode()
    assert "not shared with you" in seen and "Reports" not in seen and "+20 to +60" not in seen
    listed = client.get("/api/v1/bets/").json()["results"][0]
    assert listed["is_hidden"] and not any(listed[name] for name in ("metric", "low", "high", "measured", "why"))
    assert client.get(f"/api/v1/bets/{released.pk}/measurements/").status_code == 403


def test_bets_of_a_team_are_not_there_for_others(initiative, bet, owner, outsider, client):
    change_initiative(initiative, actor=owner, changes={"visibility": "team", "stage": "building"})
    with pytest.raises(NotFound):
        get_bet(outsider, bet.pk)
    client.force_login(outsider)
    assert b"Guide invitations" not in client.get("/outcomes/").content
    assert client.get("/api/v1/bets/").json()["results"] == []


def test_measuring_again_replaces_and_the_trail_keeps_both(released, product):
    run_night(RELEASED + dt.timedelta(days=36))
    before = Measurement.objects.get().value
    rows = [
        {**event("report opened", f"p{number}", 1), "timestamp": f"{RELEASED + dt.timedelta(days=8)}T20:00:00Z"}
        for number in range(40)
    ]
    factories.store_events(factories.make_source(product, "Late file"), rows)
    with time_machine.travel(at(RELEASED + dt.timedelta(days=40)), tick=False):
        measure_bet_again(released.pk)
    after = Measurement.objects.get()
    assert after.value == pytest.approx(before + 10, abs=0.5)
    assert Bet.objects.get().measured == after.value
    assert AuditEntry.objects.filter(verb="bet.measured").count() == 2


def test_the_form_speaks_percent_and_points_and_shows_both_versions(initiative, reports, owner, editor, client):
    client.force_login(owner)
    sent = {"metric": reports.pk, "aim": "up", "low": "5", "high": "9", "days": "90", "confidence": "70", "why": "W"}
    assert client.post(reverse("outcomes:bet-new", args=[initiative.pk]), sent).status_code == 302
    bet = Bet.objects.get()
    assert (bet.low, bet.high, bet.confidence, bet.days) == (5.0, 9.0, 0.7, 90)
    actions.update_bet(bet, actor=editor, version=1, high=12.0)
    answer = client.post(reverse("outcomes:bet-edit", args=[bet.pk]), {**sent, "high": "20", "version": 1})
    page = answer.content.decode()
    assert answer.status_code == 409 and "12" in page and "20" in page
    bad = client.post(reverse("outcomes:bet-new", args=[initiative.pk]), {**sent, "low": "50"})
    assert bad.status_code == 422


def test_the_api_bets_answers_and_prices(initiative, reports, owner, ops, client):
    client.force_login(owner)

    def send(method, path, value):
        return getattr(client, method)(path, json.dumps(value), content_type="application/json")

    sent = {"initiative": initiative.pk, "metric": reports.pk, "low": 5, "high": 9, "confidence": 0.7}
    made = send("post", "/api/v1/bets/", sent).json()
    assert (made["aim"], made["days"], made["locked_at"]) == ("up", 90, None)
    path = f"/api/v1/bets/{made['id']}/"
    assert send("patch", path, {"high": 12}).status_code == 400
    assert send("patch", path, {"high": 12, "version": 1}).json()["high"] == 12
    assert send("patch", path, {"high": 13, "version": 1}).status_code == 409
    assert client.get(f"{path}measurements/").json() == []
    review = OutcomeReview.objects.create(initiative=initiative, asked_at=WRITTEN)
    answer = f"/api/v1/outcome-reviews/{review.pk}/answer/"
    assert send("post", answer, {"decision": "keep", "learned": "", "version": 1}).status_code == 400
    done = send("post", answer, {"decision": "change", "learned": "Later.", "version": 1}).json()
    assert done["decision"] == "change" and done["reviewed_by"] == owner.pk
    assert send("post", "/api/v1/month-costs/", {"amount": 9000, "currency": "€", "version": 0}).status_code == 403
    assert client.delete(path).status_code == 204
    client.force_login(ops)
    assert send("post", "/api/v1/month-costs/", {"amount": 9000, "currency": "€", "version": 0}).json()["version"] == 1
    assert send("post", "/api/v1/month-costs/", {"amount": 9500, "currency": "€", "version": 0}).status_code == 409
    change_initiative(initiative, actor=SYSTEM, changes={"stage": "building"})
    assert "27,000 €" in client.get("/outcomes/").content.decode()
    assert client.get("/api/v1/calibrations/").json() == []


def test_the_portfolio_keeps_within_its_queries_with_many_rows_and_every_filter(product, reports, owner, client):
    client.force_login(owner)
    addresses = ["/outcomes/", "/outcomes/?q=invite&product=planner&team=planner-team"]
    addresses += [f"/outcomes/?show={show}" for show in SHOW]

    def count():
        found = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    def fill(n):
        for number in range(n):
            made = create_initiative(product, title=f"Invite {number}", actor=owner, effort_months=1.0)
            values = {"metric": reports, "low": 1.0, "high": 2.0, "confidence": 0.5, "actor": owner}
            actions.write_bet(made, **values)
            change_initiative(made, actor=owner, changes={"stage": "launched"})
            if number % 2:
                OutcomeReview.objects.create(initiative=made, asked_at=WRITTEN)
                Bet.objects.filter(initiative=made).update(verdict="paid_off", measured=1.5, judged_at=WRITTEN)

    fill(2)
    few = count()
    fill(8)
    many = count()
    assert many == few and max(many) <= 12, list(zip(addresses, few, many, strict=True))
    judged = read_calibrations(owner)[0]
    assert [(row.team and row.team.name, row.found.n) for row in judged] == [(None, 5), (product.team.name, 5)]
    page = client.get("/outcomes/calibration/").content.decode()
    assert "5 of 5 bets paid off" in page and "50" in page
