"""Goals: from a vision to key results on metrics, check-ins, closing; who may, what is hidden, two people at once."""

import datetime as dt
import json
from types import SimpleNamespace

import pytest
import time_machine
from django.urls import reverse

from insights.metrics.actions import create_metric
from insights.metrics.models import Metric
from portal.people.models import Membership
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, Conflict, NotAllowed, NotFound
from roadmaps.goals import actions
from roadmaps.goals.access import get_key_result, get_objective
from roadmaps.goals.cycle_views import next_quarter
from roadmaps.goals.models import CheckIn, Cycle, KeyResult, Objective
from roadmaps.goals.reading import standings
from roadmaps.goals.renewing import renew_at_night
from tests import factories
from tests.insights.metrics.conftest import NOW, PEOPLE, define, event, refresh


@pytest.fixture
def cycle(db):
    days = {"starts_on": dt.date(2026, 1, 1), "ends_on": dt.date(2026, 6, 30)}
    return actions.create_cycle(name="First half", actor=SYSTEM, **days)


@pytest.fixture
def objective(cycle, product, owner):
    return actions.create_objective(title="Reports are read", cycle=cycle, product=product, actor=owner)


@pytest.fixture
def readers(product, owner):
    """A metric of people a week: 1 in the first of twelve whole weeks to 15 March 2026, one more in each after it."""
    source, first = factories.make_source(product, "Planner app"), dt.date(2025, 12, 22)
    rows = []
    for week in range(12):
        for number in range(week + 1):
            day = first + dt.timedelta(weeks=week, days=number % 7)
            stamp = f"{day}T12:00:00Z"
            rows.append({**event("report opened", f"p{number}", 1), "timestamp": stamp})
    factories.store_events(source, rows)
    with time_machine.travel(NOW, tick=False):
        metric = create_metric(define(PEOPLE, product, owner), product=product, name="Readers", actor=owner)
    refresh()
    return Metric.objects.select_related("current__series", "product").get(pk=metric.pk)


def stand(key_result):
    ((_, standing),) = standings([KeyResult.objects.of_rows().get(pk=key_result.pk)])
    return standing


@time_machine.travel(NOW, tick=False)
def test_a_key_result_takes_its_value_and_its_forecast_from_its_metric(objective, readers, owner, client):
    added = actions.add_key_result(objective, title="Twenty people", metric=readers, baseline=4, target=20, actor=owner)
    standing = stand(added)
    assert (standing.value, standing.on, standing.progress) == (12.0, dt.date(2026, 3, 15), 0.5)
    outlook = KeyResult.objects.get(pk=added.pk).forecast
    assert outlook.n_points == 12 and outlook.n_ahead == 15
    assert outlook.low <= outlook.value <= outlook.high and outlook.value > 12
    client.force_login(owner)
    page = client.get(added.get_absolute_url()).content.decode()
    assert "50 %" in page and "Theta method" in page and "Readers" in page
    assert "Dotted: the straight way from the baseline to the target. At the right: the forecast" in page
    listed = client.get("/goals/").content.decode()
    assert "Twenty people" in listed and "check-in due" in listed
    assert added.get_absolute_url() in client.get("/goals/mine/", headers={"HX-Request": "true"}).content.decode()
    assert added.get_absolute_url() in client.get(readers.get_absolute_url()).content.decode()


@time_machine.travel(NOW, tick=False)
def test_it_starts_where_the_metric_stands_and_says_how_usual_the_move_is(objective, readers, owner, client):
    client.force_login(owner)
    form = {"title": "More people", "metric": readers.pk, "target": "18", "baseline": "", "aim": ""}
    answer = client.post(reverse("goals:key-result-new", args=[objective.pk]), form)
    assert answer.status_code == 302
    added = KeyResult.objects.get()
    assert (added.baseline, added.aim, added.target) == (12.0, "up", 18.0)
    said = client.get(reverse("goals:usual", args=[objective.pk]), {"metric": readers.pk, "target": "18"}).content
    assert b"That needs 50 past weeks; it has 12." in said


@time_machine.travel(NOW, tick=False)
def test_the_night_forecasts_anew_and_a_second_run_changes_nothing(objective, readers, owner):
    added = actions.add_key_result(objective, title="Twenty", metric=readers, baseline=4, target=20, actor=owner)
    before = KeyResult.objects.get(pk=added.pk).outlook
    KeyResult.objects.update(outlook={}, outlook_at=None)
    night = SimpleNamespace(now=NOW, progress=lambda *_: None)
    renew_at_night(night)
    renew_at_night(night)
    assert KeyResult.objects.get(pk=added.pk).outlook == before


@time_machine.travel(NOW, tick=False)
def test_a_typed_value_says_where_it_comes_from_and_the_newest_day_counts(objective, owner):
    added = actions.add_key_result(objective, title="Calls", baseline=40, target=20, unit="calls", actor=owner)
    assert added.aim == "down"
    today = dt.date(2026, 3, 20)
    actions.type_value(added, value=30, reason="Counted", on=today, actor=owner)
    actions.type_value(added, value=35, reason="Counted late", on=dt.date(2026, 3, 1), actor=owner)
    assert (stand(added).value, stand(added).progress) == (30, 0.5)
    for fault in (
        {"value": 1, "reason": " ", "on": today},
        {"value": float("nan"), "reason": "x", "on": today},
        {"value": 1, "reason": "x", "on": dt.date(2026, 3, 21)},
    ):
        with pytest.raises(BadInput):
            actions.type_value(added, actor=owner, **fault)
    assert "Typed numbers" in KeyResult.objects.get(pk=added.pk).forecast.why_none


@time_machine.travel(NOW, tick=False)
def test_a_check_in_keeps_where_it_stood_and_closing_freezes_it(objective, readers, owner):
    added = actions.add_key_result(objective, title="Twenty", metric=readers, baseline=4, target=20, actor=owner)
    said = actions.check_in(added, why="Slow.", confidence=2, actor=owner)
    assert (said.value, said.value_on) == (12.0, dt.date(2026, 3, 15)) and said.chance is not None
    with pytest.raises(Conflict):
        actions.delete_key_result(added, actor=owner)
    closed = actions.close_objective(objective, actor=owner, note="We learned.")
    assert KeyResult.objects.get().final_value == 12.0
    with pytest.raises(Conflict):
        actions.check_in(added, why="Late.", confidence=2, actor=owner)
    actions.reopen_objective(closed, actor=owner)
    assert KeyResult.objects.get().final_value is None
    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize(
    "given",
    [
        {"target": float("inf")},
        {"target": None},
        {"target": 3, "aim": "up"},
        {"target": 9, "title": " "},
    ],
)
def test_what_cannot_be_a_key_result_is_refused(objective, owner, given):
    with pytest.raises(BadInput):
        actions.add_key_result(objective, **{"title": "Calls", "baseline": 5, "actor": owner, **given})


def test_the_tree_takes_no_circle_and_no_parent_of_another_time(objective, cycle, product, owner):
    child = actions.create_objective(title="Below", cycle=cycle, product=product, parent=objective, actor=owner)
    with pytest.raises(BadInput):
        actions.update_objective(objective, actor=owner, version=1, parent=child)
    days = {"starts_on": dt.date(2025, 1, 1), "ends_on": dt.date(2025, 12, 31)}
    past = actions.create_cycle(name="2025", actor=SYSTEM, **days)
    with pytest.raises(BadInput):
        actions.update_objective(child, actor=owner, version=1, cycle=past)
    with pytest.raises(Conflict):
        actions.delete_objective(objective, actor=owner)
    with pytest.raises(Conflict):
        actions.delete_cycle(cycle, actor=SYSTEM)


def test_a_change_from_an_old_state_is_refused_and_shows_both(objective, owner, editor, client):
    actions.update_objective(objective, actor=owner, version=1, title="Reports are used")
    with pytest.raises(Conflict):
        actions.update_objective(objective, actor=editor, version=1, title="Mine")
    assert Objective.objects.get().title == "Reports are used"
    client.force_login(editor)
    sent = {"title": "Mine", "cycle": objective.cycle_id, "visibility": "company", "version": 1}
    answer = client.post(reverse("goals:objective-edit", args=[objective.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Mine" in page and "Reports are used" in page


@time_machine.travel(NOW, tick=False)
def test_a_metric_that_is_not_shared_hides_its_numbers_everywhere(objective, readers, owner, outsider, client):
    Metric.objects.filter(pk=readers.pk).update(visibility="team")
    added = actions.add_key_result(objective, title="Twenty", metric=readers, baseline=4, target=20, actor=owner)
    actions.check_in(added, why="Because.", confidence=4, actor=owner)
    client.force_login(outsider)
    seen = client.get("/goals/").content.decode() + client.get(added.get_absolute_url()).content.decode()
    seen += client.get(objective.get_absolute_url()).content.decode()
    seen += b"".join(client.get("/goals/?format=csv").streaming_content).decode()
    assert "not shared with you" in seen
    assert "Readers" not in seen and "at least 20" not in seen and "12 people" not in seen
    listed = client.get("/api/v1/key-results/").json()["results"][0]
    hidden = ("metric", "value", "target", "baseline", "outlook")
    assert listed["is_hidden"] and not any(listed[name] for name in hidden)
    said = client.get(f"/api/v1/key-results/{added.pk}/check-ins/").json()[0]
    assert said["value"] is None and said["chance"] is None
    with pytest.raises(NotAllowed):
        get_key_result(outsider, added.pk, write=True)


def test_goals_of_a_team_are_not_there_for_others(cycle, product, owner, outsider, client):
    hidden = actions.create_objective(title="Quiet", cycle=cycle, product=product, actor=owner, visibility="team")
    with pytest.raises(NotFound):
        get_objective(outsider, hidden.pk)
    client.force_login(outsider)
    assert b"Quiet" not in client.get("/goals/").content
    assert hidden.get_absolute_url().encode() not in client.get("/search/?q=Quiet").content
    assert client.get("/api/v1/objectives/").json()["results"] == []


def test_a_vision_is_written_in_versions_and_read_by_name(product, owner, editor, client):
    first = actions.write_statement(product, "vision", text="# One", actor=owner)
    with pytest.raises(Conflict):
        actions.write_statement(product, "vision", text="# Mine", actor=editor, seen=0)
    actions.mark_read(first, number=1, actor=editor)
    text = "# Two <script>alert(1)</script>"
    actions.write_statement(product, "vision", text=text, note="More", actor=editor, seen=1)
    with pytest.raises(Conflict):
        actions.mark_read(first, number=1, actor=owner)
    client.force_login(owner)
    page = client.get(first.get_absolute_url()).content.decode()
    assert "version 2" in page and "<script>alert" not in page and "I have read this" in page
    assert Membership.objects.filter(team=product.team).count() == 2
    client.post(f"{first.get_absolute_url()}read/", {"version": "2"})
    assert "2 of 2" in client.get("/goals/direction/").content.decode()
    assert "# One" not in client.get(f"{first.get_absolute_url()}?version=1").content.decode()
    assert client.get(f"{first.get_absolute_url()}?version=9").status_code == 404


def test_the_next_quarter_is_proposed(db):
    assert next_quarter(dt.date(2026, 11, 22))["name"] == "Q4 2026"
    actions.create_cycle(actor=SYSTEM, **next_quarter(dt.date(2026, 11, 22)))
    assert next_quarter(dt.date(2026, 11, 22)) == {
        "name": "Q1 2027",
        "starts_on": dt.date(2027, 1, 1),
        "ends_on": dt.date(2027, 3, 31),
    }
    with pytest.raises(BadInput):
        actions.create_cycle(name="q4 2026", starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 2, 1), actor=SYSTEM)
    assert Cycle.objects.count() == 1


def test_the_api_sets_checks_in_and_closes(cycle, product, owner, client):
    client.force_login(owner)

    def send(method, path, value):
        return getattr(client, method)(path, json.dumps(value), content_type="application/json")

    made = send("post", "/api/v1/objectives/", {"title": "Faster", "cycle": cycle.pk, "product": product.slug}).json()
    sent = {"objective": made["id"], "title": "Seconds", "baseline": 9, "target": 3, "unit": "s"}
    added = send("post", "/api/v1/key-results/", sent).json()
    assert (added["aim"], added["value"], added["outlook"]["value"]) == ("down", None, None)
    path = f"/api/v1/key-results/{added['id']}/"
    assert send("post", f"{path}values/", {"value": 6, "reason": "Timed", "on": "2026-01-05"}).status_code == 201
    assert send("post", f"{path}check-in/", {"why": "Half way.", "confidence": 4}).status_code == 201
    assert client.get(path).json()["progress"] == 0.5
    assert send("patch", path, {"target": 2}).status_code == 400
    assert send("patch", path, {"target": 2, "version": 1}).json()["target"] == 2
    assert send("patch", path, {"target": 1, "version": 1}).status_code == 409
    done = send("post", f"/api/v1/objectives/{made['id']}/close/", {"note": "Done."}).json()
    assert done["state"] == "done" and client.get(path).json()["final_value"] == 6
